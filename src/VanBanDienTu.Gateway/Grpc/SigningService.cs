using Google.Protobuf;
using Grpc.Core;
using VanBanDienTu.Contracts.V1;
using VanBanDienTu.Gateway.Access;
using VanBanDienTu.Gateway.Config;
using VanBanDienTu.Gateway.Desk;
using VanBanDienTu.Pdf;
using VanBanDienTu.Signing;

namespace VanBanDienTu.Gateway.Grpc;

/// <summary>The organisation's signature, while the caller waits.</summary>
internal sealed class SigningService(SigningDesk desk, NodeConfig config) : Contracts.V1.SigningService.SigningServiceBase
{
    public override async Task Sign(IAsyncStreamReader<SignRequest> requestStream, IServerStreamWriter<SignResponse> responseStream, ServerCallContext context)
    {
        var ct = context.CancellationToken;
        var header = await requestStream.HeaderAsync(part => part.Header, ct);
        using var input = new Spool(config.ScratchFolder, config.Limits.MaxPdfBytes);
        using var output = new Spool(config.ScratchFolder, config.Limits.MaxPdfBytes);
        await input.TakeAsync(null, requestStream, part => part.PartCase == SignRequest.PartOneofCase.Data ? part.Data : null, ct);
        var name = header.Name.Length > 0 ? header.Name : "document.pdf";
        var verdict = await desk.SignAsync(context.CallerOrgan(), name, input.Path, output.Path, Request(header), ct);
        await responseStream.WriteAsync(new SignResponse
        {
            Result = new SignResult { Size = verdict.Size, Sha256 = verdict.Sha256 ?? "", Verdict = verdict.ToProto() },
        }, ct);
        await output.SendAsync(bytes => responseStream.WriteAsync(new SignResponse { Data = UnsafeByteOperations.UnsafeWrap(bytes) }, ct), ct);
    }

    private static SignatureRequest Request(SignHeader header) => new()
    {
        Role = header.Placement is null ? SignatureRole.Invisible : SignatureRole.Organization,
        Page = header.Placement?.Page ?? 1,
        Rect = header.Placement is { } p ? new PdfRectangle(p.X, p.Y, p.X + p.Width, p.Y + p.Height) : null,
        Reason = header.Reason.NullWhenEmpty(),
        Location = header.Location.NullWhenEmpty(),
    };
}
