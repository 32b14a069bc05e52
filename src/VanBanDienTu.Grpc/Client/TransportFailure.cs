namespace Grpc.Net.Client;

/// <summary>What a failure of HTTP/2 means as a status.</summary>
internal static class TransportFailure
{
    public static Status ToStatus(Exception e)
    {
        for (var cause = e; cause is not null; cause = cause.InnerException)
        {
            if (cause is HttpProtocolException reset)
                return new Status(FromHttp2(reset.ErrorCode), "The server ended the call: " + reset.Message, e);
        }

        var unavailable = e is HttpRequestException or IOException or ObjectDisposedException or OperationCanceledException;
        return new Status(
            unavailable ? StatusCode.Unavailable : StatusCode.Internal,
            (unavailable ? "The server cannot be reached or the connection broke: " : "The call failed on this side: ") + Deepest(e).Message,
            e);
    }

    /// <summary>
    /// Source: gRPC over HTTP/2, Errors. NO_ERROR differs: the handler does not tell a closed connection from a reset stream, and a server
    /// that leaves without an answer says it in GOAWAY (RFC 9113 section 6.8), while a stream may be reset so only behind a whole answer (8.1).
    /// </summary>
    private static StatusCode FromHttp2(long code) => code switch
    {
        0 => StatusCode.Unavailable,        // NO_ERROR
        7 => StatusCode.Unavailable,        // REFUSED_STREAM: not processed
        8 => StatusCode.Cancelled,          // CANCEL
        11 => StatusCode.ResourceExhausted, // ENHANCE_YOUR_CALM
        12 => StatusCode.PermissionDenied,  // INADEQUATE_SECURITY
        _ => StatusCode.Internal,
    };

    private static Exception Deepest(Exception e) => e.InnerException is { } inner ? Deepest(inner) : e;
}
