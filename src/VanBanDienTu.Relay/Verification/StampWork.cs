using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using VanBanDienTu.Relay.Evidence;
using VanBanDienTu.Relay.Nodes;
using VanBanDienTu.Relay.Payloads;
using VanBanDienTu.Signing;

namespace VanBanDienTu.Relay.Verification;

/// <summary>Puts new verdicts, and the CRLs of a day, under a timestamp of an authority; one timestamp for all that waits.</summary>
internal sealed class StampWork(Ground ground)
{
    private const int MostRecords = 2000;

    private readonly KeptBytes bytes = new(ground);
    private readonly SemaphoreSlim turn = new(1, 1); // one chain: its links are made one after another
    private readonly ILogger log = ground.Log<StampWork>();
    private DateTimeOffset tried = ground.Now;

    /// <summary>Stamps what waits, at most once in <see cref="RelayOptions.StampEvery"/>; false when there was nothing to do.</summary>
    public async Task<bool> RunOnceAsync(CancellationToken ct)
    {
        if (ground.Parts.Timestamps is null || (ground.Now - tried).Duration() < ground.Options.StampEvery)
            return false;
        var waiting = await ground.Database.ReadAsync(tx => VerdictTable.UnstampedAsync(tx, 1, ct), ct);
        if (waiting.Count == 0)
            return false;
        tried = ground.Now;
        try
        {
            return await StampAsync([], ct);
        }
        catch (SigningException e) when (e.Fault == SigningFault.TimestampUnavailable)
        {
            log.LogWarning("Stored verdicts wait for a timestamp: {Why}", e.Message);
            return false;
        }
    }

    /// <summary>One timestamp over these CRLs and every verdict that waits.</summary>
    /// <param name="lease">Under which the CRLs were fetched; null when nobody else does that.</param>
    /// <exception cref="SigningException"><see cref="SigningFault.TimestampUnavailable"/> (worth a retry); no authority is configured.</exception>
    public async Task<bool> StampAsync(IReadOnlyList<(string Url, ReadOnlyMemory<byte> Crl)> crls, CancellationToken ct, JobLease? lease = null)
    {
        await turn.WaitAsync(ct);
        try
        {
            var verdicts = await ground.Database.ReadAsync(tx => VerdictTable.UnstampedAsync(tx, MostRecords, ct), ct);
            var previous = await ground.Database.ReadAsync(tx => StampTable.NewestAsync(tx, ct), ct);
            var lists = new List<(string Url, PayloadRef Crl)>();
            foreach (var (url, crl) in crls)
                lists.Add((url, await bytes.SaveAsync(crl, ct)));
            var stamp = await ObtainAsync(previous, verdicts, lists, ct);
            return await ground.Database.WriteAsync(async tx =>
            {
                if (lease is not null)
                    await lease.DemandAsync(tx);
                if (!await StampTable.InsertAsync(tx, stamp, default))
                    return false;
                foreach (var payload in stamp.Evidence.Select(e => e.Data).Concat(lists.Select(l => l.Crl)))
                    await PayloadStore.KeepAsync(tx, payload, default);
                foreach (var (url, crl) in lists)
                    await StampTable.KeepCrlAsync(tx, url, stamp.Number, crl, default);
                foreach (var verdict in verdicts)
                    await VerdictTable.SetStampAsync(tx, verdict, stamp.Number, default);
                return true;
            }, ct);
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task<Stamp> ObtainAsync(Stamp? previous, List<StoredVerdict> verdicts, List<(string Url, PayloadRef Crl)> crls, CancellationToken ct)
    {
        var list = CanonicalJson.Write(new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["previous"] = previous?.Sha256,
            ["about"] = previous?.Evidence.Select(e => e.Data.Sha256).ToList() ?? [],
            ["records"] = verdicts.Select(v => VerdictRecord.Sha256Of(v.Record)).ToList(),
            ["crls"] = crls.Select(c => new Dictionary<string, object?>(StringComparer.Ordinal) { ["url"] = c.Url, ["sha256"] = c.Crl.Sha256 }).ToList(),
        });
        var client = ground.Parts.Timestamps ?? throw new SigningException(
            SigningFault.TimestampUnavailable, "No timestamp authority is configured (timestamps.authorities).", "Chưa cấu hình máy chủ cấp dấu thời gian (timestamps.authorities).");
        var token = (await client.StampAsync(HashAlgorithmName.SHA256, SHA256.HashData(list), ct)).Token.Der;
        // What is said of the authority today is what proves the token once the authority is gone.
        var judged = await ground.Verifier.JudgeTimestampAsync(token, list, ground.Now, null, null, ct);
        if (judged.Time is not { } time)
            throw new SigningException(
                SigningFault.TimestampUnavailable, $"The timestamp of {judged.Timestamp.Authority} is not trusted here: {judged.Timestamp.Indication}.",
                $"Dấu thời gian của {judged.Timestamp.Authority} chưa được tin cậy tại nút này.");
        var evidence = await bytes.SaveAsync(judged.Evidence.Items.Where(i => i.Kind != EvidenceKind.Timestamp), ct);
        return new Stamp((previous?.Number ?? 0) + 1, list, token.ToArray(), evidence, time);
    }
}
