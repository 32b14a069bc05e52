using Grpc.Framing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Grpc.AspNetCore.Server;

/// <summary>Puts a status and metadata into headers or trailers.</summary>
internal static class ResponseHeaders
{
    private static readonly StringValues[] Codes = Enumerable.Range(0, 17).Select(code => new StringValues(code.ToString())).ToArray();

    public static void AppendStatus(IHeaderDictionary target, Status status)
    {
        var code = (int)status.StatusCode;
        target.GrpcStatus = code >= 0 && code < Codes.Length ? Codes[code] : code.ToString();
        if (status.Detail.Length > 0)
            target.GrpcMessage = PercentEncoding.Encode(status.Detail);
    }

    public static void Append(IHeaderDictionary target, Metadata metadata)
    {
        foreach (var entry in metadata)
        {
            if (!HeaderNames.IsReserved(entry.Key))
                target.Append(entry.Key, entry.IsBinary ? BinaryHeader.Encode(entry.ValueBytes) : entry.Value);
        }
    }
}
