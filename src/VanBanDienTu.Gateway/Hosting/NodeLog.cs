using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using VanBanDienTu.Gateway.Config;
using VanBanDienTu.Relay.Telemetry;

namespace VanBanDienTu.Gateway.Hosting;

/// <summary>One line per event on stderr; stdout belongs to programs that wait for "ready".</summary>
internal static class NodeLog
{
    private const string Timestamp = "yyyy-MM-ddTHH:mm:ss.fffZ";

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

        if (config.Format == LogFormat.Json)
            AddJson(logging);
        else
            AddText(logging);
        logging.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
    }

    private static void AddText(ILoggingBuilder logging) => logging.AddSimpleConsole(console =>
    {
        console.SingleLine = true;
        console.UseUtcTimestamp = true;
        console.TimestampFormat = Timestamp + " ";
        console.ColorBehavior = LoggerColorBehavior.Disabled;
    });

    /// <summary>Each line names the trace that it belongs to, also while no traces are sent anywhere.</summary>
    private static void AddJson(ILoggingBuilder logging)
    {
        logging.Configure(options => options.ActivityTrackingOptions = ActivityTrackingOptions.TraceId);
        logging.AddJsonConsole(console =>
        {
            console.IncludeScopes = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = Timestamp;
        });
        ActivitySource.AddActivityListener(new ActivityListener
        {
            ShouldListenTo = source => source.Name == RelayTrace.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.PropagationData,
        });
    }
}
