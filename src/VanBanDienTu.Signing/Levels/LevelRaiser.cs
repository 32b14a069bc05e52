using VanBanDienTu.Pdf;
using VanBanDienTu.Signing.Certificates;
using VanBanDienTu.Signing.Cms;
using VanBanDienTu.Signing.Paths;
using VanBanDienTu.Signing.Revocation;
using VanBanDienTu.Signing.Timestamps;
using VanBanDienTu.Signing.Trust;
using VanBanDienTu.Signing.Verification;

namespace VanBanDienTu.Signing.Levels;

/// <summary>Appends what raises a file's signatures: validation data, document timestamps, each as one incremental update.</summary>
internal sealed class LevelRaiser(TimeProvider time, TrustSnapshot trust, RevocationChecker revocation, TimestampClient? timestamps, TokenRoom room, PdfPassword? password)
{
    /// <summary>Adds to the security store what every signature (or only those of <paramref name="fields"/>) and every timestamp needs.</summary>
    public async Task AppendStoreAsync(SignedDraft draft, IReadOnlySet<string>? fields, CancellationToken cancellation)
    {
        ReadOnlyMemory<byte> update;
        using (var file = draft.Open(password))
            update = (await CollectAsync(file, fields, cancellation)).Build(file);
        draft.Append(update.Span);
    }

    /// <summary>Puts a document timestamp over everything.</summary>
    public async Task AppendTimestampAsync(SignedDraft draft, BaselineLevel level, CancellationToken cancellation)
    {
        ReadOnlyMemory<byte> update;
        using (var file = draft.Open(password))
            update = await DocumentTimestamp.BuildAsync(file, timestamps ?? throw LevelFaults.NoAuthority(level), room, cancellation);
        draft.Append(update.Span);
    }

    private async Task<SecurityStoreUpdate> CollectAsync(PdfFile file, IReadOnlySet<string>? fields, CancellationToken cancellation)
    {
        var store = DocumentSecurityStore.Read(file);
        var data = new ValidationData(trust, revocation, store.Revocation);
        var all = file.SignatureFields.Where(f => f.Signature is not null).Select(f => SignatureMaterial.Read(file, f)).ToList();
        var stamps = all.Where(m => m is { IsTimestamp: true, Timestamp: not null, Gate: { Ok: true, SignedRevision: not null } }).ToList();
        var raised = all.Where(m => !m.IsTimestamp && (fields is null || fields.Contains(m.Field.Name))).ToList();
        foreach (var material in raised)
            await AddSignatureAsync(data, material, store, ProvenAt(stamps, material), cancellation);
        // A timestamp of somebody else under all of these signatures proves nothing for them: it need not be provable here.
        foreach (var stamp in stamps.Where(s => raised.Exists(m => s.Gate.SignedRevision > m.Gate.SignedRevision)))
            await AddTokenAsync(data, stamp.Timestamp!, store.Certificates, ProvenAt(stamps, stamp), cancellation);
        return data.Store;
    }

    private async Task AddSignatureAsync(ValidationData data, SignatureMaterial material, DocumentSecurityStore store, DateTimeOffset? later, CancellationToken cancellation)
    {
        if (material.Signer is not { } signer || SignerCertificate.Find(signer, material.Certificates) is not { } certificate)
            throw LevelFaults.NotReached(BaselineLevel.LongTerm, material.Field.Name, "không kèm chứng thư của người ký", "does not bring its signer's certificate");
        var pool = material.Certificates.Concat(store.Certificates).ToList();
        var tokens = signer.Unsigned(Oids.SignatureTimestamp).Select(v => TimestampToken.Parse(v.Raw)).ToList();
        var proofs = tokens.Select(t => t.Time).Concat(later is { } proof ? [proof] : []).ToList();
        var best = proofs.Count > 0 ? proofs.Min() : time.GetUtcNow();
        await data.AddAsync(certificate, pool, best, proofs.Count > 0, PathPurpose.Signing, cancellation);
        foreach (var token in tokens)
            await AddTokenAsync(data, token, pool, later, cancellation);
    }

    private async Task AddTokenAsync(ValidationData data, TimestampToken token, IEnumerable<Certificate> known, DateTimeOffset? later, CancellationToken cancellation)
    {
        var pool = token.Certificates.Concat(known).ToList();
        if (token.FindAuthority(pool) is not { } authority)
            throw LevelFaults.NotReached(BaselineLevel.LongTerm, "timestamp", "có dấu thời gian không kèm chứng thư", "has a timestamp without its authority's certificate");
        await data.AddAsync(authority, pool, later ?? time.GetUtcNow(), later is not null, PathPurpose.Timestamping, cancellation);
    }

    // The earliest document timestamp over a revision proves that it existed then.
    private static DateTimeOffset? ProvenAt(List<SignatureMaterial> stamps, SignatureMaterial material)
    {
        var later = stamps.Where(s => s.Gate.SignedRevision > material.Gate.SignedRevision).Select(s => s.Timestamp!.Time).ToList();
        return later.Count > 0 ? later.Min() : null;
    }
}
