using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Grpc.AspNetCore.Server;

/// <summary>Kestrel's limits on request bodies that a stream of messages may not meet.</summary>
internal static class RequestLimits
{
    /// <summary>For this call only. An idle stream is no attack: Kestrel would reset its whole connection; and a long one has no size.</summary>
    public static void LiftFor(HttpContext http)
    {
        if (http.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
            rate.MinDataRate = null;
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = null;
    }
}
