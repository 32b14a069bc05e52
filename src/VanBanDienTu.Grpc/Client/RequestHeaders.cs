using Grpc.Framing;

namespace Grpc.Net.Client;

/// <summary>Puts the protocol's headers and the caller's metadata into a request.</summary>
internal static class RequestHeaders
{
    private const string UserAgent = "grpc-dotnet-vanbandientu/0.1";

    public static void AddProtocol(HttpRequestMessage request, string acceptEncoding, string? encoding, TimeSpan? timeout, string? host)
    {
        var headers = request.Headers;
        headers.TryAddWithoutValidation("TE", "trailers");
        headers.TryAddWithoutValidation("User-Agent", UserAgent);
        headers.TryAddWithoutValidation(HeaderNames.AcceptEncoding, acceptEncoding);
        if (encoding is not null)
            headers.TryAddWithoutValidation(HeaderNames.Encoding, encoding);
        if (timeout is { } left)
            headers.TryAddWithoutValidation(HeaderNames.Timeout, TimeoutHeader.Encode(left));
        if (host is not null)
            headers.Host = host;
    }

    public static void Add(HttpRequestMessage request, Metadata metadata)
    {
        foreach (var entry in metadata)
        {
            if (!HeaderNames.IsReserved(entry.Key))
                request.Headers.TryAddWithoutValidation(entry.Key, entry.IsBinary ? BinaryHeader.Encode(entry.ValueBytes) : entry.Value);
        }
    }
}
