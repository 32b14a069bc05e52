using VanBanDienTu.Pdf;
using VanBanDienTu.Signing.Certificates;

namespace VanBanDienTu.Signing.Verification;

/// <summary>A proof of existence: what kind it is, and the instant by which the thing existed.</summary>
internal sealed record Proof(string Kind, DateTimeOffset Time);

/// <summary>
/// What is proven to have existed, and since when: by document timestamps that were found good (each proves all that stood in
/// the file before it), and by evidence kept elsewhere about the whole file.
/// </summary>
/// <param name="file">The document.</param>
/// <param name="signatures">All of its signatures.</param>
/// <param name="at">Proofs of later than the instant of judgement do not count.</param>
/// <param name="earlier">From evidence kept elsewhere.</param>
/// <remarks>Source: ETSI EN 319 102-1, clause 5.6.2.3 (extraction of proofs of existence).</remarks>
internal sealed class ProofStore(PdfFile file, IReadOnlyList<CheckedSignature> signatures, DateTimeOffset at, EarlierEvidence? earlier)
{
    private readonly List<(int Revision, DateTimeOffset Time)> _stamps = [];
    private readonly Dictionary<int, HashSet<Fingerprint>> _dataIn = [];
    private readonly Dictionary<Fingerprint, DateTimeOffset> _kept = KeptData(earlier);

    /// <summary>What is kept elsewhere.</summary>
    public EarlierEvidence? Earlier => earlier;

    /// <summary>A good document timestamp that closes a revision.</summary>
    public void Add(int revision, DateTimeOffset time) => _stamps.Add((revision, time));

    /// <summary>Proofs for what a revision brought, earliest first.</summary>
    public IReadOnlyList<Proof> Of(int revision) => _stamps.Count == 0 && earlier is null ? [] :
    [
        .. _stamps.Where(s => s.Revision > revision).Select(s => new Proof("document-timestamp", s.Time))
            .Concat(earlier is not null ? [new Proof("earlier-verdict", earlier.Time)] : [])
            .Where(p => p.Time <= at).OrderBy(p => p.Time),
    ];

    /// <summary>The earliest proof that these very bytes (an OCSP response, a CRL) existed, in the document or kept elsewhere; null when nothing proves it.</summary>
    public DateTimeOffset? OfData(ReadOnlyMemory<byte> data)
    {
        if (_stamps.Count == 0 && earlier is null)
            return null;
        var name = Fingerprint.Of(data.Span);
        var times = _stamps.Where(s => s.Time <= at && DataIn(s.Revision).Contains(name)).Select(s => s.Time).ToList();
        if (earlier is not null && earlier.Time <= at && DataIn(file.Newest.Index).Contains(name))
            times.Add(earlier.Time);
        if (_kept.TryGetValue(name, out var kept) && kept <= at)
            times.Add(kept);
        return times.Count == 0 ? null : times.Min();
    }

    private static Dictionary<Fingerprint, DateTimeOffset> KeptData(EarlierEvidence? earlier) =>
        earlier is null ? [] : earlier.Revocation.GroupBy(r => Fingerprint.Of(r.Data.Span)).ToDictionary(g => g.Key, g => g.Min(r => r.ProvenAt));

    private HashSet<Fingerprint> DataIn(int revision)
    {
        if (_dataIn.TryGetValue(revision, out var known))
            return known;
        var store = DocumentSecurityStore.Read(file, revision).Revocation;
        var inSignatures = signatures.Where(s => s.Material.Gate.SignedRevision < revision).Select(s => JudgementContext.EmbeddedIn(s.Material));
        var data = inSignatures.Append(store).SelectMany(e => e.OcspResponses.Concat(e.Crls)).Select(d => Fingerprint.Of(d.Span)).ToHashSet();
        _dataIn.Add(revision, data);
        return data;
    }
}
