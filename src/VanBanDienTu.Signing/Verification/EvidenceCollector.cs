using VanBanDienTu.Signing.Certificates;
using VanBanDienTu.Signing.Revocation;

namespace VanBanDienTu.Signing.Verification;

/// <summary>Remembers what the verdict on one file comes to rest on.</summary>
internal sealed class EvidenceCollector(RevocationExchanges exchanges)
{
    private const int Usual = 7; // a path of three, its two answers and who gave them

    private readonly Dictionary<string, EvidenceItem> _items = new(Usual, StringComparer.Ordinal);

    public RevocationExchanges Exchanges => exchanges;

    public void Add(TrustOutcome outcome)
    {
        foreach (var certificate in outcome.Path.Chain)
            Add(EvidenceKind.Certificate, certificate.Sha256, certificate.Der);
        foreach (var answer in outcome.Revocation)
        {
            if (answer.ResponderCertificate is { } responder)
                Add(EvidenceKind.Certificate, responder.Sha256, responder.Der);
            if (answer.Sha256 is { } name)
                Add(answer.Source == RevocationSource.Ocsp ? EvidenceKind.Ocsp : EvidenceKind.Crl, name, answer.Raw);
            foreach (var list in answer.Further)
                Add(EvidenceKind.Crl, list);
        }
    }

    public void AddTimestamp(ReadOnlyMemory<byte> token) => Add(EvidenceKind.Timestamp, token);

    public VerdictEvidence Sealed(DateTimeOffset at, EarlierEvidence? earlier)
    {
        EvidenceItem[] items = [.. _items.Values];
        Array.Sort(items, static (a, b) => string.CompareOrdinal(a.Sha256, b.Sha256));
        return new(at, items, exchanges, earlier);
    }

    private void Add(EvidenceKind kind, ReadOnlyMemory<byte> data) => Add(kind, Fingerprint.Of(data.Span).ToString(), data);

    private void Add(EvidenceKind kind, string name, ReadOnlyMemory<byte> data)
    {
        if (!_items.ContainsKey(name))
            _items.Add(name, new EvidenceItem(kind, name, data));
    }
}
