using Google.Rpc;
using Grpc.Core;
using VanBanDienTu.Gateway.Grpc;
using VanBanDienTu.Relay.Evidence;
using Proto = VanBanDienTu.Contracts.V1;

namespace VanBanDienTu.Gateway.Errors;

/// <summary>What a neighbour's error says: the other side of <see cref="RichError"/>. Foreign peers may say less.</summary>
internal sealed record PeerError(StatusCode Code, string Reason, string Vi, string En, TimeSpan? RetryAfter, SignedEvidence? Proof)
{
    public static PeerError From(RpcException e)
    {
        var plain = new PeerError(e.StatusCode, "", e.Status.Detail, e.Status.Detail, null, null);
        return e.GetRpcStatus(ignoreParseError: true)?.Details.Aggregate(plain, With) ?? plain;
    }

    private static PeerError With(PeerError so, Google.Protobuf.WellKnownTypes.Any detail)
    {
        if (detail.TryUnpack<ErrorInfo>(out var info) && info.Domain == RichError.Domain)
            return so with { Reason = info.Type };
        if (detail.TryUnpack<RetryInfo>(out var retry) && retry.RetryDelay is { } delay)
            return so with { RetryAfter = delay.ToTimeSpan() };
        if (detail.TryUnpack<LocalizedMessage>(out var message) && message.Locale == "vi-VN")
            return so with { Vi = message.Message };
        if (detail.TryUnpack<Proto.Evidence>(out var proof))
            return so with { Proof = proof.ToRelay() };
        return so;
    }
}
