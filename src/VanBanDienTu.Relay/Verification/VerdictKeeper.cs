using VanBanDienTu.Relay.Payloads;
using VanBanDienTu.Relay.Storage;
using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Reports;

namespace VanBanDienTu.Relay.Verification;

/// <summary>Stores a verdict together with all that it rests on.</summary>
internal sealed class VerdictKeeper(Ground ground)
{
    private readonly KeptBytes bytes = new(ground);

    /// <param name="verifier">Who judged, by which anchors and policy.</param>
    /// <param name="organ">Whose question it was: that organ may ask for the report again.</param>
    public async Task KeepAsync(PdfVerifier verifier, Examination examined, VerificationReport report, string organ, CancellationToken ct)
    {
        if (examined.Verdict.Sha256 is null)
            return; // the file could not even be read to its end: there is nothing to name
        var kept = new List<PayloadRef>();
        async Task<PayloadRef> Save(ReadOnlyMemory<byte> data)
        {
            kept.Add(await bytes.SaveAsync(data, ct));
            return kept[^1];
        }

        var json = await Save(ReportJson.Utf8(report));
        var record = await RecordAsync(verifier, examined, report, json, Save);
        var stored = new StoredVerdict(record.ReportId, organ, json, record.ToJson(), 0);
        await ground.Database.WriteAsync(async tx =>
        {
            foreach (var payload in kept)
                await PayloadStore.KeepAsync(tx, payload, default);
            await VerdictTable.InsertAsync(tx, stored, record, ground.Now, default);
            return true;
        }, ct);
    }

    private static async Task<VerdictRecord> RecordAsync(
        PdfVerifier verifier, Examination examined, VerificationReport report, PayloadRef json, Func<ReadOnlyMemory<byte>, Task<PayloadRef>> save)
    {
        var (verdict, evidence) = (examined.Verdict, examined.Evidence);
        var items = new List<RecordedItem>();
        foreach (var item in evidence.Items)
            items.Add(new RecordedItem(item.Kind.ToString(), await save(item.Data)));
        var exchanges = new List<RecordedExchange>();
        foreach (var e in evidence.Exchanges.All)
        {
            exchanges.Add(new RecordedExchange(
                e.Key, e.Url, e.Nonce is { } nonce ? Convert.ToHexStringLower(nonce.Span) : null, e.Body is { } body ? await save(body) : null, e.Why?.Vi, e.Why?.En));
        }

        return new VerdictRecord(
            verdict.ReportId, json.Sha256, FileOutcomes.Word(verdict.Verdict), report.Program, new RecordedFile(verdict.File, verdict.Sha256!, verdict.Size),
            new RecordedPolicy(report.Policy.Id, report.Policy.Version, await save(verifier.Options.Algorithms.Utf8())),
            new RecordedTrust(verifier.Trust.Id, await save(verifier.Trust.Utf8())),
            evidence.At.ToUnixTimeMilliseconds(), evidence.Exchanges.Now.ToUnixTimeMilliseconds(), evidence.Id, items, exchanges, await PastAsync(evidence.Earlier, save));
    }

    private static async Task<RecordedPast?> PastAsync(EarlierEvidence? earlier, Func<ReadOnlyMemory<byte>, Task<PayloadRef>> save)
    {
        if (earlier is null)
            return null;
        var certificates = new List<PayloadRef>();
        foreach (var certificate in earlier.Certificates)
            certificates.Add(await save(certificate.Der));
        var revocation = new List<RecordedRevocation>();
        foreach (var answer in earlier.Revocation)
            revocation.Add(new RecordedRevocation(answer.Source.ToString(), await save(answer.Data), answer.ProvenAt.ToUnixTimeMilliseconds()));
        return new RecordedPast(earlier.Time.ToUnixTimeMilliseconds(), certificates, revocation);
    }
}
