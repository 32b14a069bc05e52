using Grpc.Framing;
using Microsoft.AspNetCore.Http;

namespace Grpc.AspNetCore.Server;

/// <summary>Answers requests that are no gRPC with HTTP's own codes, as the protocol asks.</summary>
internal static class RequestCheck
{
    public static bool Refuses(HttpContext http)
    {
        if (!HeaderNames.IsGrpc(http.Request.ContentType))
        {
            http.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return true;
        }

        if (HttpProtocol.IsHttp11(http.Request.Protocol) || HttpProtocol.IsHttp10(http.Request.Protocol))
        {
            http.Response.StatusCode = StatusCodes.Status426UpgradeRequired;
            http.Response.Headers.Upgrade = HttpProtocol.Http2;
            return true;
        }

        return false;
    }
}
