using System.Runtime.InteropServices;

namespace Grpc.Core;

/// <summary>The end of a call: a code and a sentence for the developer on the other side.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly struct Status : IEquatable<Status>
{
    /// <summary>OK, without a detail.</summary>
    public static readonly Status DefaultSuccess = new(StatusCode.OK, string.Empty);

    /// <summary>Cancelled, without a detail.</summary>
    public static readonly Status DefaultCancelled = new(StatusCode.Cancelled, string.Empty);

    private readonly string? detail;

    /// <summary>A status without a local cause.</summary>
    public Status(StatusCode statusCode, string detail) : this(statusCode, detail, null) { }

    /// <summary>A status with the local exception that led to it; the exception never crosses the wire.</summary>
    public Status(StatusCode statusCode, string detail, Exception? debugException)
    {
        StatusCode = statusCode;
        this.detail = detail;
        DebugException = debugException;
    }

    public StatusCode StatusCode { get; }

    public string Detail => detail ?? string.Empty;

    /// <summary>What went wrong on this side; for logs only.</summary>
    public Exception? DebugException { get; }

    public bool Equals(Status other) => StatusCode == other.StatusCode && string.Equals(Detail, other.Detail, StringComparison.Ordinal);

    public override bool Equals(object? obj) => obj is Status other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(StatusCode, Detail);

    public static bool operator ==(Status left, Status right) => left.Equals(right);

    public static bool operator !=(Status left, Status right) => !left.Equals(right);

    public override string ToString() => DebugException is null
        ? $"Status(StatusCode=\"{StatusCode}\", Detail=\"{Detail}\")"
        : $"Status(StatusCode=\"{StatusCode}\", Detail=\"{Detail}\", DebugException=\"{DebugException.GetType()}: {DebugException.Message}\")";
}
