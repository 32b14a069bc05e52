using System.Security.Cryptography;
using VanBanDienTu.Relay.AtRest;
using VanBanDienTu.Relay.Evidence;
using VanBanDienTu.Relay.Messages;
using VanBanDienTu.Relay.Storage;

namespace VanBanDienTu.Relay.Backup;

/// <summary>What a check of a backup found.</summary>
/// <param name="Problems">One sentence for each thing that is wrong; empty = it can be restored.</param>
/// <param name="Payloads">Payloads whose content has the digest that its row names.</param>
/// <param name="Unopened">Sealed payloads whose key was not given: only their bytes as they are kept were checked.</param>
/// <param name="Evidence">Rows of evidence, all chained.</param>
public sealed record BackupFindings(BackupManifest Manifest, long Payloads, long Unopened, long Evidence, IReadOnlyList<Reason> Problems)
{
    public bool Good => Problems.Count == 0;
}

/// <summary>Whether a backup is whole: every file's digest, the database's own check, the chain of evidence, every receipt and every payload.</summary>
public static class BackupCheck
{
    private const int MostProblems = 100;
    private const int Page = 200;

    /// <param name="keys">Opens sealed payloads; without their keys only the kept bytes are checked.</param>
    /// <exception cref="RelayException"><see cref="RelayFault.BackupUnusable"/>: there is no backup here at all.</exception>
    public static async Task<BackupFindings> RunAsync(string folder, KeyRing keys, IProgress<BackupProgress>? progress, CancellationToken ct)
    {
        var manifest = BackupManifest.Read(folder);
        var problems = new List<Reason>();
        await CheckFilesAsync(folder, manifest, problems, progress, ct);
        if (problems.Count > 0)
            return new BackupFindings(manifest, 0, 0, 0, problems);
        var counted = await StoredData.ReadAsync(folder, null, tx => CheckDatabaseAsync(tx, folder, manifest, keys, problems, progress, ct), ct);
        return new BackupFindings(manifest, counted![0], counted[1], counted[2], problems);
    }

    private static async Task CheckFilesAsync(
        string folder, BackupManifest manifest, List<Reason> problems, IProgress<BackupProgress>? progress, CancellationToken ct)
    {
        var (done, total) = (0L, manifest.Files.Sum(f => f.Size));
        foreach (var file in manifest.Files.TakeWhile(_ => problems.Count < MostProblems))
        {
            if (Path.IsPathRooted(file.Path) || file.Path.Split('/').Contains(".."))
                throw BackupFaults.Unusable(folder, $"có tên tệp không hợp lệ: {file.Path}", $"names a file outside of itself: {file.Path}");
            try
            {
                if (await NodeBackup.HashAsync(folder, file.Path, ct) != file)
                    Add(problems, "FILE_CHANGED", $"{file.Path}: khác với bản kê.", $"{file.Path}: not as the manifest says.");
            }
            catch (IOException e)
            {
                Add(problems, "FILE_MISSING", $"{file.Path}: không đọc được ({e.Message}).", $"{file.Path}: cannot be read ({e.Message}).");
            }

            done += file.Size;
            progress?.Report(new BackupProgress(file.Path, done, total));
        }
    }

    private static async Task<long[]> CheckDatabaseAsync(
        DatabaseTransaction tx, string folder, BackupManifest manifest, KeyRing keys, List<Reason> problems, IProgress<BackupProgress>? progress, CancellationToken ct)
    {
        foreach (var said in await tx.QueryAsync("PRAGMA integrity_check(10)", row => row.Text(0), ct))
        {
            if (said != "ok")
                Add(problems, "DATABASE_DAMAGED", $"Cơ sở dữ liệu hỏng: {said}", $"The database is damaged: {said}");
        }

        foreach (var chain in manifest.Evidence)
        {
            if (await EvidenceChain.FirstBrokenAsync(page => page(tx), chain.Node, ct) is { } broken)
                Add(problems, "EVIDENCE_BROKEN", $"Chuỗi chứng cứ của {chain.Node} đứt ở số {broken}.", $"The chain of evidence of {chain.Node} is broken at number {broken}.");
            else if (await EvidenceChain.LastAsync(tx, chain.Node, ct) != (chain.Sequence, chain.Hash))
                Add(problems, "EVIDENCE_CUT", $"Chuỗi chứng cứ của {chain.Node} không kết thúc như bản kê nêu.", $"The chain of evidence of {chain.Node} does not end as the manifest says.");
        }

        var unproven = await tx.NumberAsync("SELECT COUNT(*) FROM arrival a WHERE NOT EXISTS (SELECT 1 FROM evidence e WHERE e.id = a.receipt)", ct);
        if (unproven > 0)
            Add(problems, "RECEIPTS_MISSING", $"{unproven} văn bản đã nhận mà không có biên nhận.", $"{unproven} messages arrived without their receipts.");
        var (good, unopened) = await CheckPayloadsAsync(tx, folder, keys, problems, progress, ct);
        return [good, unopened, await tx.NumberAsync("SELECT COUNT(*) FROM evidence", ct)];
    }

    private static async Task<(long Good, long Unopened)> CheckPayloadsAsync(
        DatabaseTransaction tx, string folder, KeyRing keys, List<Reason> problems, IProgress<BackupProgress>? progress, CancellationToken ct)
    {
        var (good, unopened, after) = (0L, 0L, "");
        var total = await tx.NumberAsync("SELECT COUNT(*) FROM payload", ct);
        while (await KeptPayload.AfterAsync(tx, after, Page, ct) is { Count: > 0 } page && problems.Count < MostProblems)
        {
            foreach (var (kept, row) in page)
            {
                if (kept.Payload.KeyId is { } key && !keys.Ids.Contains(key, StringComparer.Ordinal))
                    unopened++;
                else if (await ProblemAsync(kept, row, folder, keys, ct) is { } problem)
                    problems.Add(problem);
                else
                    good++;
            }

            after = page[^1].Kept.Payload.Sha256;
            progress?.Report(new BackupProgress("payload", good + unopened, total));
        }

        return (good, unopened);
    }

    private static async Task<Reason?> ProblemAsync(KeptPayload kept, byte[]? row, string folder, KeyRing keys, CancellationToken ct)
    {
        try
        {
            await using var content = kept.Open(folder, row, keys);
            if (Convert.ToHexStringLower(await SHA256.HashDataAsync(content, ct)) == kept.Payload.Sha256)
                return null;
        }
        catch (Exception e) when (e is IOException or RelayException)
        {
            // Said below: it is missing, cut, or does not open.
        }

        return new Reason("PAYLOAD_DAMAGED", $"Nội dung {kept.Payload.Sha256} không còn nguyên vẹn.", $"The payload {kept.Payload.Sha256} is not intact.");
    }

    private static void Add(List<Reason> problems, string code, string vi, string en) => problems.Add(new Reason(code, vi, en));
}
