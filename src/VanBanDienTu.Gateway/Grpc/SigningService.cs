using Google.Protobuf;
using Grpc.Core;
using VanBanDienTu.Contracts.V1;
using VanBanDienTu.Gateway.Access;
using VanBanDienTu.Gateway.Config;
using VanBanDienTu.Gateway.Desk;
using VanBanDienTu.Signing.Remote;

namespace VanBanDienTu.Gateway.Grpc;

/// <summary>The organisation's signature while the caller waits, and signatures in two steps with keys of others.</summary>
internal sealed class SigningService(SigningDesk desk, RemoteDesk remote, NodeConfig config) : Contracts.V1.SigningService.SigningServiceBase
{
    public override async Task Sign(IAsyncStreamReader<SignRequest> requestStream, IServerStreamWriter<SignResponse> responseStream, ServerCallContext context)
    {
        var ct = context.CancellationToken;
        var header = await requestStream.HeaderAsync(part => part.Header, ct);
        using var input = Spool();
        using var output = Spool();
        await input.TakeAsync(null, requestStream, part => part.PartCase == SignRequest.PartOneofCase.Data ? part.Data : null, ct);
        var verdict = await desk.SignAsync(context.CallerOrgan(), header.Name.OrUnnamed(), input.Path, output.Path, header.ToRequest(), ct);
        await SendAsync(responseStream, verdict, output, ct);
    }

    public override Task SignBatch(
        IAsyncStreamReader<SignBatchRequest> requestStream, IServerStreamWriter<SignBatchResponse> responseStream, ServerCallContext context) =>
        new BatchSigning(desk, config, context.CallerOrgan(), requestStream, responseStream).RunAsync(context.CancellationToken);

    public override async Task<PrepareSignatureResponse> PrepareSignature(IAsyncStreamReader<PrepareSignatureRequest> requestStream, ServerCallContext context)
    {
        var ct = context.CancellationToken;
        var header = await requestStream.HeaderAsync(part => part.Header, ct);
        using var input = Spool();
        await input.TakeAsync(null, requestStream, part => part.PartCase == PrepareSignatureRequest.PartOneofCase.Data ? part.Data : null, ct);
        var state = await remote.PrepareAsync(header.Name.OrUnnamed(), input.Path, [.. header.Certificates.Select(c => c.Memory)], header.ToRequest(), ct);
        return new PrepareSignatureResponse
        {
            SignedAttributesHash = UnsafeByteOperations.UnsafeWrap(Convert.FromHexString(state.SignedAttributesHash)),
            Digest = state.Digest,
            State = UnsafeByteOperations.UnsafeWrap(state.ToBytes()),
        };
    }

    public override async Task CompleteSignature(
        IAsyncStreamReader<CompleteSignatureRequest> requestStream, IServerStreamWriter<SignResponse> responseStream, ServerCallContext context)
    {
        var ct = context.CancellationToken;
        var header = await requestStream.HeaderAsync(part => part.Header, ct);
        var state = PendingSignature.Parse(header.State.Span, header.Name.OrUnnamed());
        using var input = Spool();
        using var output = Spool();
        await input.TakeAsync(null, requestStream, part => part.PartCase == CompleteSignatureRequest.PartOneofCase.Data ? part.Data : null, ct);
        var verdict = await remote.CompleteAsync(header.Name.OrUnnamed(), input.Path, output.Path, state, header.SignatureValue.Memory, ct);
        await SendAsync(responseStream, verdict, output, ct);
    }

    private Spool Spool() => new(config.ScratchFolder, config.Limits.MaxPdfBytes);

    private static async Task SendAsync(IServerStreamWriter<SignResponse> stream, Signing.FileVerdict verdict, Spool output, CancellationToken ct)
    {
        await stream.WriteAsync(new SignResponse { Result = verdict.ToResult() }, ct);
        await output.SendAsync(bytes => stream.WriteAsync(new SignResponse { Data = UnsafeByteOperations.UnsafeWrap(bytes) }, ct), ct);
    }
}
