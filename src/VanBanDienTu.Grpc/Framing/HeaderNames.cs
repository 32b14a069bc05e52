namespace Grpc.Framing;

/// <summary>The header names that belong to the protocol.</summary>
internal static class HeaderNames
{
    public const string Status = "grpc-status";
    public const string Message = "grpc-message";
    public const string StatusDetails = "grpc-status-details-bin";
    public const string Timeout = "grpc-timeout";
    public const string Encoding = "grpc-encoding";
    public const string AcceptEncoding = "grpc-accept-encoding";
    public const string ContentType = "application/grpc";

    /// <summary>A header that never leaves: its presence in a call's metadata chooses the encoding of what this side sends.</summary>
    public const string InternalRequestEncoding = "grpc-internal-encoding-request";

    /// <summary>Whether a received header belongs to HTTP or to the protocol, so that it is no metadata of the application.</summary>
    public static bool IsHidden(string name) => name.Length == 0 || name[0] == ':' || name.Length switch
    {
        2 => Is(name, "te"),
        4 => Is(name, "date") || Is(name, "host"),
        6 => Is(name, "server"),
        7 => Is(name, "trailer"),
        10 => Is(name, "connection"),
        11 => Is(name, Status),
        12 => Is(name, "content-type") || Is(name, Message) || Is(name, Timeout),
        13 => Is(name, Encoding),
        14 => Is(name, "content-length"),
        17 => Is(name, "transfer-encoding"),
        20 => Is(name, AcceptEncoding),
        30 => Is(name, InternalRequestEncoding),
        _ => false,
    };

    /// <summary>Whether an application may not send this as metadata.</summary>
    public static bool IsReserved(string name) => IsHidden(name) || Is(name, "user-agent");

    public static bool IsGrpc(string? contentType) =>
        contentType is not null
        && contentType.StartsWith(ContentType, StringComparison.OrdinalIgnoreCase)
        && (contentType.Length == ContentType.Length || contentType[ContentType.Length] is '+' or ';');

    private static bool Is(string name, string other) => string.Equals(name, other, StringComparison.OrdinalIgnoreCase);
}
