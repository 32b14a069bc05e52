using System.Text.Json;
using Microsoft.Extensions.Logging;
using VanBanDienTu.Relay.Storage;

namespace VanBanDienTu.Relay.Evidence;

/// <summary>
/// Remembers, in a file beside the database, the last row of evidence that this node gave out: a database that was put back to an older state
/// without a word (a dump, a copied file, a standby that was behind) is noticed by itself, and no number comes to mean two things.
/// </summary>
/// <remarks>
/// Written after each commit and before anybody hears of it, so it is never ahead of the database that it belongs to, and a killed process
/// loses nothing of it. It is synced by the clock, not by the document: after a power cut it may be <see cref="SyncEvery"/> behind, and a state
/// that is no older than that passes. Nothing is noticed where the file went back together with the database, as in a snapshot of a whole disk.
/// </remarks>
internal sealed class IssuedMark : IDisposable
{
    private const string FileName = "issued.json";

    /// <summary>One sector: a disk writes it whole or not at all.</summary>
    private const int Length = 512;

    private static readonly TimeSpan SyncEvery = TimeSpan.FromSeconds(10);

    private readonly FileStream file;
    private readonly string node;
    private readonly TimeProvider time;
    private readonly ILogger log;
    private (long Sequence, string Hash) last;
    private long synced;

    private IssuedMark(FileStream file, string node, TimeProvider time, ILogger log) =>
        (this.file, this.node, this.time, this.log, synced) = (file, node, time, log, time.GetTimestamp());

    /// <summary>The number of the last row that was given out; 0 = none that is known.</summary>
    public long Sequence => last.Sequence;

    /// <param name="folder">The node's data folder, which this process has locked.</param>
    /// <exception cref="IOException">The file cannot be made or read.</exception>
    public static IssuedMark Open(string folder, string node, TimeProvider time, ILogger log)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            var unfinished = path + ".part";
            using (var made = new FileStream(unfinished, FileMode.Create, FileAccess.Write))
            {
                made.Write(Line(node, (0, EvidenceChain.Genesis)));
                made.Flush();
                DurableFolder.SyncOrEnd(made.SafeFileHandle, unfinished);
            }

            File.Move(unfinished, path);
            DurableFolder.Sync(folder);
        }

        var mark = new IssuedMark(new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read), node, time, log);
        mark.last = mark.Read();
        return mark;
    }

    /// <summary>What a folder's file says, for who only looks; null when there is none, or it cannot be read.</summary>
    public static IssuedRow? Look(string folder)
    {
        try
        {
            using var kept = new FileStream(Path.Combine(folder, FileName), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            return JsonSerializer.Deserialize<Content>(kept) is { } said ? new IssuedRow(said.Node, said.Sequence, said.Hash, FileName) : null;
        }
        catch (Exception unreadable) when (unreadable is IOException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Of a log's end that the database shows: it must not lie before what was given out.</summary>
    /// <exception cref="RelayException"><see cref="RelayFault.DatabaseOlder"/>.</exception>
    public void Demand((long Sequence, string Hash) end)
    {
        if (end.Sequence < last.Sequence || (end.Sequence == last.Sequence && end.Hash != last.Hash))
            throw Older(end.Sequence);
    }

    /// <summary>The database must hold the very row that was given out last: one that went on by itself after it was put back does not.</summary>
    /// <exception cref="RelayException"><see cref="RelayFault.DatabaseOlder"/>.</exception>
    public async Task<bool> DemandAsync(DatabaseTransaction tx, CancellationToken ct)
    {
        var held = await tx.QueryAsync(
            "SELECT hash FROM evidence WHERE node = @node AND sequence = @sequence", row => row.Text(0), ct, ("node", node), ("sequence", last.Sequence));
        return last.Sequence == 0 || held is [var hash] && hash == last.Hash ? true : throw Older((await EvidenceChain.LastAsync(tx, node, ct)).Sequence);
    }

    /// <summary>The log is durable up to this row. Never called at the same time twice.</summary>
    public void Reached((long Sequence, string Hash) end)
    {
        if (end == last)
            return;
        last = end;
        try
        {
            RandomAccess.Write(file.SafeFileHandle, Line(node, end), 0);
        }
        catch (IOException failure)
        {
            log.LogError("How far the log of evidence came could not be written ({Why}); the next commit tries again. Check the disk.", failure.Message);
            return;
        }

        if (time.GetElapsedTime(synced) >= SyncEvery)
            Sync();
    }

    /// <summary>Closes the file; what it says is durable.</summary>
    public void Dispose()
    {
        if (file.SafeFileHandle.IsClosed)
            return;
        Sync();
        Abandon();
    }

    /// <summary>Closes the file as a killed process does.</summary>
    public void Abandon() => file.Dispose();

    private void Sync()
    {
        DurableFolder.SyncOrEnd(file.SafeFileHandle, file.Name);
        synced = time.GetTimestamp();
    }

    private (long Sequence, string Hash) Read()
    {
        var bytes = new byte[Length];
        var read = RandomAccess.Read(file.SafeFileHandle, bytes, 0);
        try
        {
            // Of a node of another name, which had this folder before: its log is none of ours.
            return JsonSerializer.Deserialize<Content>(bytes.AsSpan(0, read)) is { } said && said.Node == node ? (said.Sequence, said.Hash) : (0, EvidenceChain.Genesis);
        }
        catch (JsonException unreadable)
        {
            log.LogWarning("{File} cannot be read ({Why}): whether the database is older than this node is not known now.", file.Name, unreadable.Message);
            return (0, EvidenceChain.Genesis);
        }
    }

    private static byte[] Line(string node, (long Sequence, string Hash) end)
    {
        var line = new byte[Length];
        line.AsSpan().Fill((byte)' ');
        JsonSerializer.SerializeToUtf8Bytes(new Content(node, end.Sequence, end.Hash)).CopyTo(line, 0);
        line[^1] = (byte)'\n';
        return line;
    }

    private RelayException Older(long end) => new(
        RelayFault.DatabaseOlder,
        $"Cơ sở dữ liệu cũ hơn những gì nút «{node}» đã cấp: chứng cứ đã cấp đến số {last.Sequence}, cơ sở dữ liệu này dừng ở số {end} hoặc ghi khác. Với từng nút của cơ sở dữ liệu, hãy chạy «vbdt restore --mark THỜI-ĐIỂM-CỦA-BẢN-SAO --config TỆP» rồi khởi động lại.",
        $"The database is older than what node «{node}» has issued: evidence went up to number {last.Sequence}, this database ends at {end} or says otherwise. Run «vbdt restore --mark TIME-OF-ITS-STATE --config FILE» for every node of the database, then start again.");

    private sealed record Content(string Node, long Sequence, string Hash);
}
