using Grpc.Core;
using VanBanDienTu.Contracts.V1;
using VanBanDienTu.Gateway.Access;
using VanBanDienTu.Gateway.Config;
using VanBanDienTu.Relay;
using VanBanDienTu.Relay.Payloads;
using RelayOutgoing = VanBanDienTu.Relay.Outgoing;

namespace VanBanDienTu.Gateway.Grpc;

/// <summary>Stop 1 of an outgoing document, and what its unit may ask of it later.</summary>
internal sealed class OutgoingService(RelayNode relay, NodeConfig config) : Contracts.V1.OutgoingService.OutgoingServiceBase
{
    public override async Task<SubmitResponse> Submit(IAsyncStreamReader<SubmitRequest> requestStream, ServerCallContext context)
    {
        var ct = context.CancellationToken;
        var header = await requestStream.HeaderAsync(part => part.Header, ct);
        var submission = SubmissionCheck.Read(header, context.Caller(), config.Limits, relay.Submit);
        if (submission.WithAnnounced(header) is { } announced && await relay.Submit.FindAsync(announced, ct) is { } known)
            return known.ToProto(); // from the header alone, before any bytes
        await relay.Submit.DemandQuotaAsync(submission, header.Attachments.Sum(a => a.Size), ct);
        await using var intake = new AttachmentIntake(relay.Payloads, Owner(context, header.RequestId), header.Attachments, config.Limits.MaxAttachmentBytes);
        var payloads = await intake.TakeAllAsync(requestStream, part => part.Chunk, ct);
        return (await relay.Submit.RunAsync(submission.With(payloads), ct)).ToProto();
    }

    public override Task<GetUploadResponse> GetUpload(GetUploadRequest request, ServerCallContext context) =>
        Owner(context, request.Id).HeldAsync(relay.Payloads, request.Attachments, config.Limits.MaxAttachments, context.CancellationToken);

    public override async Task<OutgoingDocument> Get(GetOutgoingRequest request, ServerCallContext context)
    {
        var document = await relay.Outgoing.GetAsync(context.CallerOrgan(), request.DocumentId.ToId(), context.CancellationToken);
        return document.ToProto();
    }

    public override async Task<ListOutgoingResponse> List(ListOutgoingRequest request, ServerCallContext context)
    {
        var page = await relay.Outgoing.ListAsync(context.CallerOrgan(), Streams.PageSize(request.PageSize), request.PageToken.NullWhenEmpty(),
            request.Code.NullWhenEmpty(), StateOf(request.State), context.CancellationToken);
        var response = new ListOutgoingResponse { NextPageToken = page.Next };
        response.Documents.Add(page.Items.Select(document => document.ToProto()));
        return response;
    }

    public override async Task Watch(WatchOutgoingRequest request, IServerStreamWriter<OutgoingEvent> responseStream, ServerCallContext context)
    {
        Guid? document = request.DocumentId.Length == 0 ? null : request.DocumentId.ToId();
        await foreach (var change in relay.Outgoing.WatchAsync(context.CallerOrgan(), request.AfterSequence, document, context.CancellationToken))
            await responseStream.WriteAsync(change.ToProto());
    }

    public override async Task<RecallResponse> Recall(RecallRequest request, ServerCallContext context)
    {
        var deliveries = await relay.Recall.RunAsync(context.CallerOrgan(), request.DocumentId.ToId(), request.Recipients, request.Reason,
            context.CancellationToken);
        var response = new RecallResponse();
        response.Deliveries.Add(deliveries.Select(delivery => delivery.ToProto()));
        return response;
    }

    public override async Task<RequeueResponse> Requeue(RequeueRequest request, ServerCallContext context)
    {
        var deliveries = await relay.Outgoing.RequeueAsync(context.CallerOrgan(), request.DocumentId.ToId(),
            [.. request.MessageIds.Select(id => id.ToId())], context.CancellationToken);
        var response = new RequeueResponse();
        response.Deliveries.Add(deliveries.Select(delivery => delivery.ToProto()));
        return response;
    }

    private static UploadOwner Owner(ServerCallContext context, string request) => new(UploadKey.OfUnit(context.CallerOrgan()), request);

    private static RelayOutgoing.DocumentState? StateOf(string word)
    {
        if (word.Length == 0)
            return null;
        if (Enum.TryParse<RelayOutgoing.DocumentState>(word, ignoreCase: true, out var state) && Enum.IsDefined(state))
            return state;
        var words = string.Join(", ", Enum.GetNames<RelayOutgoing.DocumentState>());
        throw RelayException.For([new("state", $"phải là một trong: {words}", $"must be one of {words}")]);
    }
}
