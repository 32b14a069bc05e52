using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using VanBanDienTu.Relay.Payloads;
using VanBanDienTu.Relay.Storage;
using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Reports;

namespace VanBanDienTu.Relay.Verification;

/// <summary>A verdict that is not in the database yet.</summary>
/// <param name="StoreAsync">Stores it with all that it rests on.</param>
/// <param name="Stored">To be called once that is durable.</param>
internal sealed record UnstoredVerdict(Func<DatabaseTransaction, Task> StoreAsync, Action Stored);

/// <summary>Stores a verdict together with all that it rests on.</summary>
internal sealed class VerdictKeeper(Ground ground)
{
    /// <summary>Certificates, lists and tables that come with every verdict; more are forgotten together.</summary>
    private const int MostKnown = 4096;

    private readonly KeptBytes bytes = new(ground);
    private readonly ConcurrentDictionary<string, bool> known = new(StringComparer.Ordinal);
    private readonly ConditionalWeakTable<object, PayloadRef> common = [];

    /// <param name="verifier">Who judged, by which anchors and policy.</param>
    /// <param name="organ">Whose question it was: that organ may ask for the report again.</param>
    /// <returns>What is still to be stored, in a transaction of the caller's.</returns>
    public async Task<UnstoredVerdict> PrepareAsync(PdfVerifier verifier, Examination examined, VerificationReport report, string organ, CancellationToken ct)
    {
        if (examined.Verdict.Sha256 is null)
            return new UnstoredVerdict(_ => Task.CompletedTask, () => { }); // the file could not even be read to its end: there is nothing to name
        var kept = new List<PayloadRef>();
        async Task<PayloadRef> Save(ReadOnlyMemory<byte> data)
        {
            var payload = await bytes.SaveAsync(data, ct);
            if (!known.ContainsKey(payload.Sha256))
                kept.Add(payload);
            return payload;
        }

        var json = await bytes.SaveAsync(ReportJson.Utf8(report), ct);
        var record = await RecordAsync(verifier, examined, report, json, Save);
        var stored = new StoredVerdict(record.ReportId, organ, json, record.ToJson(), 0);
        return new UnstoredVerdict(
            async tx =>
            {
                foreach (var payload in kept.Prepend(json))
                    await PayloadStore.KeepAsync(tx, payload, default);
                await VerdictTable.InsertAsync(tx, stored, record, ground.Now, default);
            },
            () => Remember(kept));
    }

    /// <summary>Their rows are durable, and rows of payloads are never deleted: nobody has to write them again.</summary>
    private void Remember(List<PayloadRef> kept)
    {
        if (known.Count > MostKnown)
            known.Clear();
        foreach (var payload in kept)
            known[payload.Sha256] = true;
    }

    private async Task<VerdictRecord> RecordAsync(
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
            new RecordedPolicy(report.Policy.Id, report.Policy.Version, await CommonAsync(verifier.Options.Algorithms, a => a.Utf8(), save)),
            new RecordedTrust(verifier.Trust.Id, await CommonAsync(verifier.Trust, t => t.Utf8(), save)),
            evidence.At.ToUnixTimeMilliseconds(), evidence.Exchanges.Now.ToUnixTimeMilliseconds(), evidence.Id, items, exchanges, await PastAsync(evidence.Earlier, save));
    }

    /// <summary>What never changes while it is used is written out and hashed once.</summary>
    private async Task<PayloadRef> CommonAsync<T>(T what, Func<T, byte[]> write, Func<ReadOnlyMemory<byte>, Task<PayloadRef>> save)
        where T : class
    {
        if (common.TryGetValue(what, out var before) && known.ContainsKey(before.Sha256))
            return before;
        var saved = await save(write(what));
        common.AddOrUpdate(what, saved);
        return saved;
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
