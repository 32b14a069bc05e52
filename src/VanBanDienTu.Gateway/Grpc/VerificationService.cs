using Grpc.Core;
using VanBanDienTu.Contracts.V1;
using VanBanDienTu.Gateway.Config;
using VanBanDienTu.Gateway.Desk;

namespace VanBanDienTu.Gateway.Grpc;

/// <summary>A verdict on one PDF.</summary>
internal sealed class VerificationService(NodeSigning signing, NodeConfig config) : Contracts.V1.VerificationService.VerificationServiceBase
{
    public override async Task<VerifyResponse> Verify(IAsyncStreamReader<VerifyRequest> requestStream, ServerCallContext context)
    {
        var ct = context.CancellationToken;
        var first = await requestStream.HeaderAsync(part => part, ct);
        using var spool = new Spool(config.ScratchFolder, config.Limits.MaxPdfBytes);
        await spool.TakeAsync(first.Data, requestStream, part => part.Data, ct);
        var verifier = signing.Verifier;
        var verdict = await verifier.VerifyAsync(spool.Path, first.Name.Length > 0 ? first.Name : "document.pdf", cancellation: ct);
        return new VerifyResponse { Report = verifier.Report([verdict]).ToProto() };
    }
}
