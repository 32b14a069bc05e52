using Google.Protobuf;
using Grpc.Core;
using VanBanDienTu.Contracts.V1;
using VanBanDienTu.Gateway.Access;
using VanBanDienTu.Gateway.Config;
using VanBanDienTu.Relay;
using VanBanDienTu.Signing.Reports;

namespace VanBanDienTu.Gateway.Grpc;

/// <summary>Verdicts on PDFs; each is kept and can be asked for again.</summary>
internal sealed class VerificationService(RelayNode relay, NodeConfig config) : Contracts.V1.VerificationService.VerificationServiceBase
{
    private const string Unnamed = "document.pdf";

    public override async Task<VerifyResponse> Verify(IAsyncStreamReader<VerifyRequest> requestStream, ServerCallContext context)
    {
        var ct = context.CancellationToken;
        var first = await requestStream.HeaderAsync(part => part, ct);
        using var spool = new Spool(config.ScratchFolder, config.Limits.MaxPdfBytes);
        await spool.TakeAsync(first.Data, requestStream, part => part.Data, ct);
        var report = first.AsReport.Length > 0
            ? await relay.Verdicts.VerifyAgainAsync(spool.Path, first.AsReport, Whose(context), ct)
            : await relay.Verdicts.VerifyAsync(spool.Path, first.Name.NullWhenEmpty() ?? Unnamed, context.CallerOrgan(), ct);
        return new VerifyResponse { Report = report.ToProto() };
    }

    public override async Task VerifyBatch(
        IAsyncStreamReader<VerifyBatchRequest> requestStream, IServerStreamWriter<VerifyBatchResponse> responseStream, ServerCallContext context)
    {
        var ct = context.CancellationToken;
        var more = await requestStream.MoveNext(ct);
        for (var index = 0; more; index++)
        {
            var file = requestStream.Current.File ?? throw Streams.HeaderMissing();
            using var spool = new Spool(config.ScratchFolder, config.Limits.MaxPdfBytes);
            more = await spool.TakePartAsync(requestStream, part => part.PartCase == VerifyBatchRequest.PartOneofCase.Data ? part.Data : null, ct);
            var report = await relay.Verdicts.VerifyAsync(spool.Path, file.Name.NullWhenEmpty() ?? Unnamed, context.CallerOrgan(), ct);
            await responseStream.WriteAsync(new VerifyBatchResponse { Index = index, Report = report.ToProto() }, ct);
        }
    }

    public override async Task<KeptReport> GetReport(GetReportRequest request, ServerCallContext context)
    {
        var kept = await relay.Verdicts.GetAsync(request.ReportId, Whose(context), context.CancellationToken);
        return new KeptReport
        {
            Report = ReportJson.Read(kept.Report).ToProto(),
            ReportJson = UnsafeByteOperations.UnsafeWrap(kept.Report),
            RecordJson = UnsafeByteOperations.UnsafeWrap(kept.Record),
            Stamp = kept.Stamp is not { } stamp ? null : new KeptReport.Types.Stamp
            {
                Number = stamp.Number,
                ListJson = UnsafeByteOperations.UnsafeWrap(stamp.List),
                Token = UnsafeByteOperations.UnsafeWrap(stamp.Token),
                TimeUnixMs = stamp.Time.ToUnixTimeMilliseconds(),
            },
        };
    }

    public override async Task GetReportEvidence(
        GetReportEvidenceRequest request, IServerStreamWriter<ReportEvidence> responseStream, ServerCallContext context)
    {
        var ct = context.CancellationToken;
        await using var bytes = await relay.Verdicts.OpenEvidenceAsync(request.ReportId, request.Sha256, Whose(context), ct);
        var buffer = new byte[AttachmentIntake.MostChunkBytes];
        while (await bytes.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, ct) is > 0 and var count)
            await responseStream.WriteAsync(new ReportEvidence { Data = UnsafeByteOperations.UnsafeWrap(buffer.AsMemory(0, count)) }, ct);
    }

    // Null sees all.
    private static string? Whose(ServerCallContext context) => context.Caller().Is(MemberRole.Auditor) ? null : context.CallerOrgan();
}
