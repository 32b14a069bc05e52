using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Grpc.Framing;
using Grpc.Net.Compression;

namespace Grpc.Net.Client;

/// <summary>Reads a call's status and metadata out of an HTTP answer.</summary>
internal static class ResponseStatus
{
    /// <summary>The status, when the headers already end the call: trailers-only, an HTTP error, or no gRPC at all; else null.</summary>
    public static Status? FromHeaders(HttpResponseMessage response, Encodings encodings, out ICompressionProvider? encoding)
    {
        encoding = null;
        if (Read(response.Headers.NonValidated) is { } trailersOnly)
            return trailersOnly;
        if (response.StatusCode != HttpStatusCode.OK)
            return new Status(FromHttp(response.StatusCode), $"The server answered with HTTP status {(int)response.StatusCode} and no grpc-status.");
        var type = response.Content.Headers.NonValidated.TryGetValues("Content-Type", out var types) ? types.ToString() : null;
        if (!HeaderNames.IsGrpc(type))
            return new Status(StatusCode.Unknown, $"The server answered with the content type '{type}', which is no gRPC.");
        if (response.Headers.NonValidated.TryGetValues(HeaderNames.Encoding, out var names) && !encodings.TryFind(names.ToString(), out encoding))
            return new Status(StatusCode.Internal, $"The server chose the message encoding '{names}', which this side does not have.");
        return null;
    }

    public static Status FromTrailers(HttpResponseMessage response) =>
        Read(response.TrailingHeaders.NonValidated) ?? new Status(StatusCode.Unknown, "The answer ended without a grpc-status.");

    public static Metadata Trailers(HttpResponseMessage response)
    {
        var metadata = new Metadata();
        Add(metadata, response.TrailingHeaders.NonValidated);
        return metadata;
    }

    public static Metadata AllHeaders(HttpResponseMessage response)
    {
        var metadata = new Metadata();
        Add(metadata, response.Headers.NonValidated);
        Add(metadata, response.Content.Headers.NonValidated);
        return metadata;
    }

    private static Status? Read(HttpHeadersNonValidated headers)
    {
        if (!headers.TryGetValues(HeaderNames.Status, out var values))
            return null;
        var text = values.ToString();
        var known = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var code);
        var detail = headers.TryGetValues(HeaderNames.Message, out var messages) ? PercentEncoding.Decode(messages.ToString()) : "";
        if (!known)
            return new Status(StatusCode.Unknown, $"The server sent the grpc-status '{text}', which is no number. {detail}".TrimEnd());
        return code == 0 && detail.Length == 0 ? Status.DefaultSuccess : new Status(code <= 16 ? (StatusCode)code : StatusCode.Unknown, detail);
    }

    private static void Add(Metadata metadata, HttpHeadersNonValidated headers)
    {
        foreach (var (name, values) in headers)
        {
            if (HeaderNames.IsHidden(name))
                continue;
            foreach (var value in values)
                BinaryHeader.AddReceived(metadata, name, value);
        }
    }

    /// <summary>Source: grpc, http-grpc-status-mapping.</summary>
    private static StatusCode FromHttp(HttpStatusCode code) => (int)code switch
    {
        400 => StatusCode.Internal,
        401 => StatusCode.Unauthenticated,
        403 => StatusCode.PermissionDenied,
        404 => StatusCode.Unimplemented,
        429 or 502 or 503 or 504 => StatusCode.Unavailable,
        _ => StatusCode.Unknown,
    };
}
