using VanBanDienTu.Pdf;
using VanBanDienTu.Relay.Nodes;
using VanBanDienTu.Relay.Payloads;
using VanBanDienTu.Signing;

namespace VanBanDienTu.Relay.Verification;

/// <summary>A stored verdict as it is shown.</summary>
/// <param name="Report">The report's JSON, as it was given out.</param>
/// <param name="Record">Canonical JSON naming all that the verdict rests on, by SHA-256.</param>
/// <param name="Stamp">The timestamp over a list that names the record; null while it waits for one.</param>
public sealed record KeptVerdict(string ReportId, string Organ, byte[] Report, byte[] Record, KeptStamp? Stamp);

/// <summary>A timestamp token and the list that it is over.</summary>
public sealed record KeptStamp(long Number, byte[] List, byte[] Token, DateTimeOffset Time);

/// <summary>
/// Every verdict of this node, and what each rests on: certificates, CRLs, OCSP answers, timestamps, anchors and policy, by hash. An
/// audit asks again years later and gets the same answer.
/// </summary>
public sealed class VerdictArchive
{
    /// <summary>Of the work on a day's CRLs, which wait for authorities.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(5);

    private readonly Ground ground;
    private readonly VerdictKeeper keeper;
    private readonly KeptProofs proofs;
    private readonly VerdictReplay replay;
    private readonly StampWork stamps;
    private readonly KeptBytes bytes;

    internal VerdictArchive(Ground ground)
    {
        this.ground = ground;
        keeper = new VerdictKeeper(ground);
        proofs = new KeptProofs(ground, new StampChain(ground));
        replay = new VerdictReplay(ground);
        stamps = new StampWork(ground);
        bytes = new KeptBytes(ground);
    }

    /// <summary>Verifies a file under the newest anchors, knowing what was kept about it, and keeps the verdict.</summary>
    /// <param name="name">The file's name in the report.</param>
    /// <param name="organ">Who may ask for the report again.</param>
    public async Task<VerificationReport> VerifyAsync(string path, string name, string organ, CancellationToken ct)
    {
        var verifier = ground.Verifier;
        var (report, verdict) = await ReportAsync(verifier, await verifier.ExamineAsync(path, Order(name), ct), organ, ct);
        await ground.Database.WriteAsync(async tx =>
        {
            await verdict.StoreAsync(tx);
            return true;
        }, ct);
        verdict.Stored();
        return report;
    }

    /// <summary>The same for bytes that the caller disposes of; the caller stores the verdict too, together with what it decides by it.</summary>
    internal async Task<(VerificationReport Report, UnstoredVerdict Verdict)> JudgeAsync(PdfBytes file, string name, string organ, CancellationToken ct)
    {
        var verifier = ground.Verifier;
        return await ReportAsync(verifier, await verifier.ExamineAsync(file, Order(name), ct), organ, ct);
    }

    /// <summary>Judges a file as the report of that id did. The answer is that report again, unless the program judges differently by now.</summary>
    /// <exception cref="RelayException"><see cref="RelayFault.DocumentUnknown"/>, <see cref="RelayFault.DigestMismatch"/>.</exception>
    public async Task<VerificationReport> VerifyAgainAsync(string path, string reportId, string? organ, CancellationToken ct) =>
        await replay.RunAsync(VerdictRecord.Read((await StoredAsync(reportId, organ, ct)).Record), path, ct);

    /// <param name="organ">An organ sees its own; null sees all (auditors).</param>
    /// <exception cref="RelayException"><see cref="RelayFault.DocumentUnknown"/>.</exception>
    public async Task<KeptVerdict> GetAsync(string reportId, string? organ, CancellationToken ct)
    {
        var found = await StoredAsync(reportId, organ, ct);
        var stamp = found.Stamp == 0 ? null : await ground.Database.ReadAsync(tx => StampTable.FindAsync(tx, found.Stamp, ct), ct);
        return new KeptVerdict(
            found.ReportId, found.Organ, await bytes.ReadAsync(found.Report, ct), found.Record,
            stamp is null ? null : new KeptStamp(stamp.Number, stamp.List, stamp.Token, stamp.Time));
    }

    /// <summary>One piece of what a verdict rests on, by its SHA-256.</summary>
    /// <exception cref="RelayException"><see cref="RelayFault.DocumentUnknown"/>: no such verdict, or it does not rest on that.</exception>
    public async Task<Stream> OpenEvidenceAsync(string reportId, string sha256, string? organ, CancellationToken ct)
    {
        var record = VerdictRecord.Read((await StoredAsync(reportId, organ, ct)).Record);
        var all = record.Evidence.Select(e => e.Data).Concat(record.Exchanges.Select(e => e.Body).OfType<PayloadRef>())
            .Concat(record.Earlier is { } past ? [.. past.Certificates, .. past.Revocation.Select(r => r.Data)] : [])
            .Append(record.Policy.Table).Append(record.Trust.Snapshot);
        return ground.Payloads.Open(all.FirstOrDefault(p => string.Equals(p.Sha256, sha256, StringComparison.Ordinal)) ?? throw RelayException.Unknown(sha256));
    }

    /// <summary>
    /// Keeps the CRLs that are due under a timestamp, with every verdict that waits for one. Where nodes share a database one of them does it.
    /// </summary>
    /// <param name="urls">The lists; one that was kept less than <paramref name="every"/> ago is not due.</param>
    /// <param name="download">Null when it cannot be had now: another time.</param>
    /// <returns>How many this node kept; 0 also while another node does it.</returns>
    /// <exception cref="SigningException"><see cref="SigningFault.TimestampUnavailable"/>.</exception>
    public async Task<int> KeepDueCrlsAsync(
        IReadOnlyList<string> urls, TimeSpan every, Func<string, CancellationToken, Task<ReadOnlyMemory<byte>?>> download, CancellationToken ct)
    {
        if ((await DueAsync()).Count == 0 || await JobLease.TakeAsync(ground.Database, "crls", Lease) is not { } lease)
            return 0;
        try
        {
            var lists = new List<(string Url, ReadOnlyMemory<byte> Crl)>();
            foreach (var url in await DueAsync()) // another node may have kept them in the meantime
            {
                if (await download(url, ct) is { } crl)
                    lists.Add((url, crl));
            }

            return lists.Count > 0 && await stamps.StampAsync(lists, ct, lease) ? lists.Count : 0;
        }
        finally
        {
            await lease.EndAsync(ground.Database);
        }

        async Task<List<string>> DueAsync()
        {
            var due = new List<string>();
            foreach (var url in urls)
            {
                if (await ground.Database.ReadAsync(tx => StampTable.CrlKeptAtAsync(tx, url, ct), ct) is not { } kept || ground.Now - kept >= every)
                    due.Add(url);
            }

            return due;
        }
    }

    /// <summary>Keeps CRLs under a timestamp, with every verdict that waits for one.</summary>
    /// <exception cref="SigningException"><see cref="SigningFault.TimestampUnavailable"/>.</exception>
    internal Task KeepCrlsAsync(IReadOnlyList<(string Url, ReadOnlyMemory<byte> Crl)> crls, CancellationToken ct) => stamps.StampAsync(crls, ct);

    internal Task<bool> StampOnceAsync(CancellationToken ct) => stamps.RunOnceAsync(ct);

    private VerificationOrder Order(string name) => new() { Name = name, Earlier = proofs.FindAsync };

    private async Task<(VerificationReport Report, UnstoredVerdict Verdict)> ReportAsync(PdfVerifier verifier, Examination examined, string organ, CancellationToken ct)
    {
        var report = verifier.Report([examined.Verdict], examined.Evidence.At);
        return (report, await keeper.PrepareAsync(verifier, examined, report, organ, ct));
    }

    private async Task<StoredVerdict> StoredAsync(string reportId, string? organ, CancellationToken ct) =>
        await ground.Database.ReadAsync(tx => VerdictTable.FindAsync(tx, reportId, organ, ct), ct) ?? throw RelayException.Unknown(reportId);
}
