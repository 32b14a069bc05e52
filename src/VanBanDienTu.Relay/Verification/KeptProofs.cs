using VanBanDienTu.Relay.Payloads;
using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Certificates;
using VanBanDienTu.Signing.Revocation;

namespace VanBanDienTu.Relay.Verification;

/// <summary>
/// What this node can prove about a file that it has seen before: that it existed when a verdict on it was stamped, and what the
/// authorities said of its certificates then. So a document that came in time stays provable after its certificate has expired.
/// </summary>
internal sealed class KeptProofs(Ground ground, StampChain chain)
{
    private const int MostVerdicts = 4;
    private const int MostUrls = 12;

    private readonly KeptBytes bytes = new(ground);

    /// <summary>Null when no verdict on the file is under a timestamp that holds.</summary>
    public async Task<EarlierEvidence?> FindAsync(string sha256, CancellationToken ct)
    {
        var verdicts = await ground.Database.AskAsync(tx => VerdictTable.OfFileAsync(tx, sha256, MostVerdicts, ct), ct);
        var certificates = new List<Certificate>();
        var revocation = new List<KeptRevocation>();
        (DateTimeOffset Time, long Stamp)? first = null;
        foreach (var verdict in verdicts)
        {
            if (await chain.ProvenAsync(verdict.Stamp, list => list.Records.Contains(VerdictRecord.Sha256Of(verdict.Record), StringComparer.Ordinal), ct) is not { } time)
                continue;
            first ??= (time, verdict.Stamp);
            await TakeAsync(VerdictRecord.Read(verdict.Record), time, certificates, revocation, ct);
        }

        if (first is not { } proven)
            return null;
        await TakeListsAsync(certificates, proven.Stamp, revocation, ct);
        return new EarlierEvidence(proven.Time, certificates, revocation);
    }

    private async Task TakeAsync(VerdictRecord record, DateTimeOffset time, List<Certificate> certificates, List<KeptRevocation> revocation, CancellationToken ct)
    {
        foreach (var item in record.Evidence)
        {
            var data = item.Kind == nameof(EvidenceKind.Timestamp) ? [] : await bytes.ReadAsync(item.Data, ct);
            if (item.Kind == nameof(EvidenceKind.Certificate) && Certificate.TryParse(data) is { } certificate && !certificates.Contains(certificate))
                certificates.Add(certificate);
            else if (item.Kind is nameof(EvidenceKind.Ocsp) or nameof(EvidenceKind.Crl))
                revocation.Add(new KeptRevocation(Enum.Parse<RevocationSource>(item.Kind), data, time));
        }
    }

    // The day's lists of the configured authorities help where the verdict of that day had no answer.
    private async Task TakeListsAsync(List<Certificate> certificates, long stamp, List<KeptRevocation> revocation, CancellationToken ct)
    {
        foreach (var url in certificates.SelectMany(c => c.CrlUrls).Distinct(StringComparer.Ordinal).Take(MostUrls))
        {
            if (await ground.Database.ReadAsync(async tx => await StampTable.CrlAsync(tx, url, stamp, ct), ct) is not { } kept)
                continue;
            if (await chain.ProvenAsync(kept.Stamp, list => list.Crls.Any(c => string.Equals(c.Sha256, kept.Crl.Sha256, StringComparison.Ordinal)), ct) is { } time)
                revocation.Add(new KeptRevocation(RevocationSource.Crl, await bytes.ReadAsync(kept.Crl, ct), time));
        }
    }
}
