using Grpc.Core;
using VanBanDienTu.Contracts.V1;
using VanBanDienTu.Gateway.Access;
using VanBanDienTu.Gateway.Config;
using VanBanDienTu.Gateway.Hosting;
using VanBanDienTu.Relay;
using VanBanDienTu.Relay.Evidence;
using VanBanDienTu.Signing.Evidence;
using VanBanDienTu.Signing.Evidence.Bundles;
using Google.Protobuf;

namespace VanBanDienTu.Gateway.Grpc;

/// <summary>Signed evidence, for the parties of a document and for auditors.</summary>
internal sealed class AuditService(RelayNode relay, NodeConfig config, NodeKeys keys, OwnCertificates own) : Contracts.V1.AuditService.AuditServiceBase
{
    private const int PageOfLog = 200;

    public override async Task GetEvidence(GetEvidenceRequest request, IServerStreamWriter<Contracts.V1.Evidence> responseStream, ServerCallContext context)
    {
        var ct = context.CancellationToken;
        var organ = context.Caller().Is(MemberRole.Auditor) ? null : context.CallerOrgan(); // null sees all
        if (request.AboutCase == GetEvidenceRequest.AboutOneofCase.AfterSequence)
        {
            await SendLogAsync(request.AfterSequence, organ, responseStream, ct);
            return;
        }

        foreach (var evidence in await FindAsync(request, organ, ct))
            await responseStream.WriteAsync(evidence.ToProto(), ct);
    }

    public override async Task GetBundle(GetBundleRequest request, IServerStreamWriter<BundlePart> responseStream, ServerCallContext context)
    {
        var ct = context.CancellationToken;
        var organ = context.Caller().Is(MemberRole.Auditor) ? null : context.CallerOrgan();
        var story = request.AboutCase switch
        {
            GetBundleRequest.AboutOneofCase.DocumentId => await relay.Stories.OfDocumentAsync(organ, request.DocumentId.ToId(), ct),
            GetBundleRequest.AboutOneofCase.MessageId => await relay.Stories.OfMessageAsync(organ, request.MessageId.ToId(), ct),
            _ => throw RelayException.For([new("about", "phải nêu document_id hoặc message_id", "name document_id or message_id")]),
        };
        using var scratch = new Spool(config.ScratchFolder, long.MaxValue);
        await using (var file = new FileStream(scratch.Path, FileMode.CreateNew, FileAccess.ReadWrite))
        {
            using var container = new AsicWriter(file);
            foreach (var part in story)
            {
                await using var content = part.Open();
                await container.AddAsync(part.Name, part.ContentType, content, ct);
            }

            container.Complete(new EvidenceSigner(keys.Evidence));
        }

        await scratch.SendAsync(bytes => responseStream.WriteAsync(new BundlePart { Data = UnsafeByteOperations.UnsafeWrap(bytes) }, ct), ct);
    }

    public override async Task<PeriodFigures> GetFigures(GetFiguresRequest request, ServerCallContext context)
    {
        var (from, to) = request.Days();
        var whose = request.OrganId.NullWhenEmpty();
        if (!context.Caller().Is(MemberRole.Auditor) && (whose ??= context.CallerOrgan()) != context.CallerOrgan())
        {
            throw new RelayException(
                RelayFault.NotYourOrgan, "Đơn vị chỉ xem được số liệu của chính mình.", "An organ sees its own figures only.");
        }

        var figures = await relay.Figures.ReadAsync(whose, from, to, context.CancellationToken);
        return figures.ToProto(config.Node, whose, own.All);
    }

    private async Task<IReadOnlyList<SignedEvidence>> FindAsync(GetEvidenceRequest request, string? organ, CancellationToken ct)
    {
        var found = request.AboutCase switch
        {
            GetEvidenceRequest.AboutOneofCase.DocumentId => await relay.Evidence.OfDocumentAsync(organ, request.DocumentId.ToId(), ct),
            GetEvidenceRequest.AboutOneofCase.MessageId => await relay.Evidence.OfMessageAsync(organ, request.MessageId.ToId(), ct),
            _ => throw RelayException.For([new("about", "phải nêu document_id, message_id hoặc after_sequence", "name document_id, message_id or after_sequence")]),
        };
        return found.Count > 0 ? found : throw RelayException.Unknown(request.DocumentId + request.MessageId);
    }

    private async Task SendLogAsync(long after, string? organ, IServerStreamWriter<Contracts.V1.Evidence> responseStream, CancellationToken ct)
    {
        if (organ is not null)
            throw new RequestException(StatusCode.PermissionDenied, "ROLE_MISSING",
                "Chỉ kiểm tra viên (auditor) được đọc toàn bộ sổ chứng cứ.", "Only a member with the role auditor reads the whole log of evidence.");
        while (true)
        {
            var page = await relay.Evidence.AfterAsync(after, PageOfLog, ct);
            foreach (var (sequence, evidence) in page)
            {
                await responseStream.WriteAsync(evidence.ToProto(), ct);
                after = sequence;
            }

            if (page.Count < PageOfLog)
                return;
        }
    }
}
