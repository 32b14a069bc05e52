using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using VanBanDienTu.Relay;
using Status = Google.Rpc.Status;

namespace VanBanDienTu.Gateway.Errors;

/// <summary>One error as callers get it: a code, a reason to branch on, sentences in two languages, and what belongs to them.</summary>
/// <remarks>Source: google.rpc.Status in the trailer grpc-status-details-bin (the richer error model of gRPC).</remarks>
internal sealed record RichError(StatusCode Code, string Reason, string Vi, string En)
{
    public const string Domain = "vanbandientu";
    private const int LongestSentence = 2_000; // trailers have to fit into a peer's header limit

    public IReadOnlyList<FieldProblem> Fields { get; init; } = [];

    /// <summary>Quotas that are used up; the field is «ORGAN/KIND».</summary>
    public IReadOnlyList<FieldProblem> Quotas { get; init; } = [];

    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Signed evidence of a conflict.</summary>
    public IMessage? Proof { get; init; }

    public RpcException ToException()
    {
        var status = new Status { Code = (int)Code, Message = Cut(En) };
        // CommonProtos 2.0.0 still calls field 1 "type"; on the wire it is ErrorInfo.reason.
        status.Details.Add(Any.Pack(new ErrorInfo { Type = Reason, Domain = Domain }));
        if (Fields.Count > 0)
            status.Details.Add(Any.Pack(Violations()));
        if (Quotas.Count > 0)
            status.Details.Add(Any.Pack(new QuotaFailure { Violations = { Quotas.Select(q => new QuotaFailure.Types.Violation { Subject = q.Field, Description = $"{q.En} / {q.Vi}" }) } }));
        if (RetryAfter is { } wait)
            status.Details.Add(Any.Pack(new RetryInfo { RetryDelay = Duration.FromTimeSpan(wait) }));
        status.Details.Add(Any.Pack(new LocalizedMessage { Locale = "vi-VN", Message = Cut(Vi) }));
        if (Proof is not null)
            status.Details.Add(Any.Pack(Proof));
        return status.ToRpcException();
    }

    private BadRequest Violations()
    {
        var bad = new BadRequest();
        foreach (var field in Fields.Take(20))
            bad.FieldViolations.Add(new BadRequest.Types.FieldViolation { Field = field.Field, Description = $"{field.En} / {field.Vi}" });
        return bad;
    }

    private static string Cut(string sentence) => sentence.Length <= LongestSentence ? sentence : sentence[..LongestSentence] + "…";
}
