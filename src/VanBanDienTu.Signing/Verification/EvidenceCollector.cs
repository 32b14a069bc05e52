using VanBanDienTu.Signing.Certificates;
using VanBanDienTu.Signing.Revocation;

namespace VanBanDienTu.Signing.Verification;

/// <summary>Remembers what the verdict on one file comes to rest on.</summary>
internal sealed class EvidenceCollector(RevocationExchanges exchanges)
{
    private readonly Dictionary<string, EvidenceItem> _items = new(StringComparer.Ordinal);

    public RevocationExchanges Exchanges => exchanges;

    public void Add(TrustOutcome outcome)
    {
        foreach (var certificate in outcome.Path.Chain.Concat(outcome.Revocation.Select(a => a.ResponderCertificate).OfType<Certificate>()))
            _items.TryAdd(certificate.Sha256, new EvidenceItem(EvidenceKind.Certificate, certificate.Sha256, certificate.Der));
        foreach (var answer in outcome.Revocation)
        {
            if (answer.Sha256 is { } name)
                _items.TryAdd(name, new EvidenceItem(answer.Source == RevocationSource.Ocsp ? EvidenceKind.Ocsp : EvidenceKind.Crl, name, answer.Raw));
            foreach (var list in answer.Further)
                Add(EvidenceKind.Crl, list);
        }
    }

    public void AddTimestamp(ReadOnlyMemory<byte> token) => Add(EvidenceKind.Timestamp, token);

    public VerdictEvidence Sealed(DateTimeOffset at, EarlierEvidence? earlier) =>
        new(at, [.. _items.Values.OrderBy(i => i.Sha256, StringComparer.Ordinal)], exchanges, earlier);

    private void Add(EvidenceKind kind, ReadOnlyMemory<byte> data)
    {
        var name = Fingerprint.Of(data.Span).ToString();
        _items.TryAdd(name, new EvidenceItem(kind, name, data));
    }
}
