using Grpc.Core;
using VanBanDienTu.Relay;

namespace VanBanDienTu.Gateway;

/// <summary>Ends one call with a reason that the caller can branch on and a sentence for people.</summary>
/// <param name="code">The gRPC code.</param>
/// <param name="reason">ErrorInfo.reason, upper case with underscores; listed in protos/README.md.</param>
public sealed class RequestException(StatusCode code, string reason, string vi, string en) : Exception(en)
{
    public StatusCode Code { get; } = code;

    public string Reason { get; } = reason;

    public string Vi { get; } = vi;

    public string En { get; } = en;

    /// <summary>Every bad field at once, named as in the proto.</summary>
    public IReadOnlyList<FieldProblem> Fields { get; init; } = [];

    /// <summary>When a repetition may succeed.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
