using Grpc.Core;
using VanBanDienTu.Contracts.V1;
using VanBanDienTu.Gateway.Access;
using VanBanDienTu.Relay;
using VanBanDienTu.Relay.Incoming;

namespace VanBanDienTu.Gateway.Grpc;

/// <summary>Documents that arrived for the caller's organ.</summary>
internal sealed class IncomingService(RelayNode relay) : Contracts.V1.IncomingService.IncomingServiceBase
{
    public override async Task<ListIncomingResponse> List(ListIncomingRequest request, ServerCallContext context)
    {
        var page = await relay.Incoming.ListAsync(context.CallerOrgan(), Streams.PageSize(request.PageSize), request.PageToken.NullWhenEmpty(),
            request.UnconfirmedOnly, request.Code.NullWhenEmpty(), context.CancellationToken, request.OverdueOnly);
        var response = new ListIncomingResponse { NextPageToken = page.Next };
        response.Documents.Add(page.Items.Select(document => document.ToProto()));
        return response;
    }

    public override async Task<Contracts.V1.IncomingDocument> Get(GetIncomingRequest request, ServerCallContext context)
    {
        var document = await relay.Incoming.GetAsync(context.CallerOrgan(), request.IncomingId.ToId(), context.CancellationToken);
        return document.ToProto();
    }

    public override async Task Watch(
        WatchIncomingRequest request, IServerStreamWriter<Contracts.V1.IncomingDocument> responseStream, ServerCallContext context)
    {
        await foreach (var document in relay.Incoming.WatchAsync(context.CallerOrgan(), context.CancellationToken))
            await responseStream.WriteAsync(document.ToProto());
    }

    public override async Task Fetch(FetchRequest request, IServerStreamWriter<FetchResponse> responseStream, ServerCallContext context)
    {
        var document = await relay.Incoming.GetAsync(context.CallerOrgan(), request.IncomingId.ToId(), context.CancellationToken);
        Streams.DemandOffsets(document.Attachments, request.Offsets);
        await responseStream.WriteAsync(new FetchResponse { Header = document.ToFetchHeader() });
        await relay.Payloads.SendAllAsync(document.Attachments, request.Offsets, chunk => responseStream.WriteAsync(new FetchResponse { Chunk = chunk }),
            context.CancellationToken);
    }

    public override async Task<ConfirmFetchResponse> ConfirmFetch(ConfirmFetchRequest request, ServerCallContext context)
    {
        var handover = await relay.Handover.RunAsync(context.CallerOrgan(), request.IncomingId.ToId(), request.Sha256, context.CancellationToken);
        return new ConfirmFetchResponse { ConfirmedUnixMs = handover.Confirmed.ToUnixTimeMilliseconds(), Handover = handover.Evidence.ToProto() };
    }

    public override async Task<AnswerResponse> Answer(AnswerRequest request, ServerCallContext context)
    {
        var answer = new UnitAnswer(request.RequestId, request.Code, request.Description.NullWhenEmpty(), request.Staff.NullWhenEmpty(),
            request.Department.NullWhenEmpty());
        var message = await relay.Answer.RunAsync(context.CallerOrgan(), request.IncomingId.ToId(), answer, context.CancellationToken);
        return new AnswerResponse { MessageId = message.ToString() };
    }
}
