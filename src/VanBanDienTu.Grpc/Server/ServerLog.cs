using Microsoft.Extensions.Logging;

namespace Grpc.AspNetCore.Server;

/// <summary>What the server writes to its log.</summary>
internal static partial class ServerLog
{
    [LoggerMessage(1, LogLevel.Error, "The handler of {Method} failed.")]
    public static partial void HandlerFailed(ILogger logger, string method, Exception failure);

    [LoggerMessage(2, LogLevel.Information, "The call of {Method} ended with {Code}: {Detail}")]
    public static partial void RefusedByService(ILogger logger, string method, StatusCode code, string detail);
}
