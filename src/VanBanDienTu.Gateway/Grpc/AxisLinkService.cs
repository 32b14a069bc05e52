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

    public override async Task<ListExchangedResponse> ListExchanged(ListExchangedRequest request, ServerCallContext context)
    {
        var page = await relay.Exchanged.ListAsync(context.Caller().ToPeer(), request.SinceUnixMs.ToInstant(), request.Page, context.CancellationToken);
        var response = new ListExchangedResponse { NextPage = page.Next ?? "" };
        response.Messages.Add(page.Messages.Select(message => message.ToProto()));
        return response;
    }

    public override async Task FetchExchanged(FetchExchangedRequest request, IServerStreamWriter<FetchExchangedPart> responseStream, ServerCallContext context)
    {
        var ct = context.CancellationToken;
        var header = await relay.Exchanged.FindAsync(context.Caller().ToPeer(), request.MessageId.ToId(), ct) ?? throw RelayException.Unknown(request.MessageId);
        await responseStream.WriteAsync(new FetchExchangedPart { Header = header.ToProto(Relay.Messages.MessageDigest.Of(header)) }, ct);
        var buffer = new byte[AttachmentIntake.MostChunkBytes];
        for (var i = 0; i < header.Attachments.Count; i++)
        {
            await using var bytes = relay.Payloads.Open(header.Attachments[i].Payload);
            while (await bytes.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, ct) is > 0 and var count)
                await responseStream.WriteAsync(new FetchExchangedPart { Chunk = Streams.ChunkOf(i, bytes.Position - count, buffer.AsMemory(0, count), false) }, ct);
        }
    }

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
