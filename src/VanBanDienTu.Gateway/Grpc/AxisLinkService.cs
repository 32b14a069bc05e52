using System.Diagnostics;
using Grpc.Core;
using VanBanDienTu.Contracts.V1;
using VanBanDienTu.Gateway.Access;
using VanBanDienTu.Gateway.Config;
using VanBanDienTu.Relay.Telemetry;
using VanBanDienTu.Relay;
using VanBanDienTu.Relay.Incoming;
using VanBanDienTu.Relay.Payloads;

namespace VanBanDienTu.Gateway.Grpc;

/// <summary>What a neighbouring node hands over.</summary>
internal sealed class AxisLinkService(RelayNode relay, PeerAuthority authority, NodeConfig config, TimeProvider time)
    : Contracts.V1.AxisLinkService.AxisLinkServiceBase
{
    public override async Task<DeliverResponse> Deliver(IAsyncStreamReader<DeliverRequest> requestStream, ServerCallContext context)
    {
        var ct = context.CancellationToken;
        var header = await requestStream.HeaderAsync(part => part.Header, ct);
        var message = header.ToRelay();
        authority.Demand(context.Caller(), message);
        using var step = RelayTrace.Start("accept", message, ActivityKind.Server);
        var start = await relay.Accept.BeginAsync(message, header.ImmutableDigest, context.Caller().ToPeer(), ct);
        if (start.Answer is { } known)
            return Answer(known); // from the header alone, before any bytes
        await using var intake = new AttachmentIntake(relay.Payloads, Owner(context, header.MessageId), header.Attachments, config.Limits.MaxAttachmentBytes);
        var payloads = await intake.TakeAllAsync(requestStream, part => part.Chunk, ct);
        return Answer(await start.Intake!.CompleteAsync(payloads, ct));
    }

    public override Task<GetUploadResponse> GetUpload(GetUploadRequest request, ServerCallContext context) =>
        Owner(context, request.Id).HeldAsync(relay.Payloads, request.Attachments, config.Limits.MaxAttachments, context.CancellationToken);

    public override Task<HelloResponse> Hello(HelloRequest request, ServerCallContext context) => Task.FromResult(new HelloResponse
    {
        Node = config.Node,
        OrganId = config.Organ,
        Version = NodeVersion.Text,
        TimeUnixMs = time.GetUtcNow().ToUnixTimeMilliseconds(),
    });

    private static UploadOwner Owner(ServerCallContext context, string message) => new(UploadKey.OfNode(context.CallerOrgan()), message);

    private static DeliverResponse Answer(AcceptAnswer answer) => answer switch
    {
        AcceptAnswer.Accepted accepted => new DeliverResponse { Accepted = true, Receipt = accepted.Receipt.ToProto() },
        AcceptAnswer.Refused refused => new DeliverResponse
        {
            Receipt = refused.Receipt.ToProto(), ReasonCode = refused.Reason.Code, Reason = refused.Reason.ToText(),
        },
        AcceptAnswer.Conflict conflict => throw new RelayException(RelayFault.MessageIdReused,
            "Mã thông điệp này đã dùng cho một thông điệp khác; bằng chứng xung đột đã ký được gửi kèm.",
            "This message id was used before for another message; signed evidence of the conflict is attached.") { Proof = conflict.Evidence },
        _ => throw new InvalidOperationException("An answer is accepted, refused or a conflict."),
    };
}
