using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.Http;

namespace Grpc.Core;

/// <summary>The way from a call to its HTTP request.</summary>
public static class ServerCallContextExtensions
{
    /// <exception cref="InvalidOperationException">The call does not come from this server.</exception>
    public static HttpContext GetHttpContext(this ServerCallContext serverCallContext)
    {
        ArgumentNullException.ThrowIfNull(serverCallContext);
        if (serverCallContext is ServerCall call)
            return call.Http;
        return serverCallContext.UserState.TryGetValue("__HttpContext", out var http)
            ? (HttpContext)http
            : throw new InvalidOperationException("This call does not come from an HTTP request.");
    }
}
