using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using VanBanDienTu.Gateway.Config;

namespace VanBanDienTu.Gateway.Hosting;

/// <summary>One line per event on stderr; stdout belongs to programs that wait for "ready".</summary>
internal static class NodeLog
{
    public static void Configure(ILoggingBuilder logging, LogConfig config)
    {
        var level = Enum.Parse<LogLevel>(config.Level, ignoreCase: true);
        logging.ClearProviders();
        logging.SetMinimumLevel(level);
        // The frameworks' own chatter is for those who ask for Debug.
        if (level >= LogLevel.Information)
        {
            logging.AddFilter("Microsoft", LogLevel.Warning);
            logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical); // a failed start is said in one sentence
            logging.AddFilter("Quartz", LogLevel.Warning);
            logging.AddFilter("Grpc", LogLevel.Warning);
        }

        logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
            console.ColorBehavior = LoggerColorBehavior.Disabled;
        });
        logging.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
    }
}
