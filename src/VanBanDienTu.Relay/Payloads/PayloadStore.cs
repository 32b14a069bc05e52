using VanBanDienTu.Relay.Storage;

namespace VanBanDienTu.Relay.Payloads;

/// <summary>Keeps the bytes of documents by their digest: small ones in the database row, others as files <c>payloads/ab/cd/&lt;sha256&gt;</c>.</summary>
public sealed class PayloadStore
{
    /// <summary>Payloads up to this size live in the database: one sync serves them together with their row.</summary>
    public const int InlineBytes = 64 * 1024;

    private readonly string folder;
    private readonly string incomplete;
    private readonly Database database;
    private readonly DiskReserve reserve;

    internal PayloadStore(string dataFolder, Database database, DiskReserve reserve)
    {
        (folder, incomplete) = (Path.Combine(dataFolder, "payloads"), Path.Combine(dataFolder, "incomplete"));
        (this.database, this.reserve) = (database, reserve);
        DurableFolder.Create(folder);
        if (Directory.Exists(incomplete))
            Directory.Delete(incomplete, recursive: true); // half-written by a process that is gone
        DurableFolder.Create(incomplete);
    }

    /// <summary>Begins one payload. Disposing it before <see cref="PayloadWriter.CompleteAsync"/> leaves nothing.</summary>
    public PayloadWriter Begin() => new(this, Path.Combine(incomplete, Guid.NewGuid().ToString("N")));

    /// <summary>The bytes, from their beginning, seekable.</summary>
    /// <exception cref="FileNotFoundException">No such payload is kept here.</exception>
    public Stream Open(PayloadRef payload)
    {
        if (payload.Inline is { } inline)
            return new MemoryStream(inline.ToArray(), writable: false);
        if (payload.Size > InlineBytes)
            return OpenFile(payload);
        var bytes = database.ReadAsync(tx => tx.QueryAsync(
            "SELECT bytes FROM payload WHERE sha256 = @sha256 AND bytes IS NOT NULL", row => row.Bytes(0), default, ("sha256", payload.Sha256)));
        return bytes.GetAwaiter().GetResult() is [var found]
            ? new MemoryStream(found, writable: false)
            : throw new FileNotFoundException($"The payload {payload.Sha256} is not kept here.");
    }

    /// <summary>Keeps the whole of a stream.</summary>
    public async Task<PayloadRef> SaveAsync(Stream source, CancellationToken ct)
    {
        await using var writer = Begin();
        var buffer = new byte[256 * 1024];
        int read;
        while ((read = await source.ReadAsync(buffer, ct)) > 0)
            await writer.WriteAsync(buffer.AsMemory(0, read), ct);
        return await writer.CompleteAsync(null, ct);
    }

    /// <summary>Whether a row names this payload already.</summary>
    internal async Task<bool> HasAsync(string sha256, CancellationToken ct) =>
        await database.ReadAsync(tx => tx.NumberAsync("SELECT COUNT(*) FROM payload WHERE sha256 = @sha256", ct, ("sha256", sha256)), ct) > 0;

    /// <summary>A file with the payload's bytes for programs that read by path; a small payload is written to <paramref name="scratch"/> first.</summary>
    internal async Task<string> PathAsync(PayloadRef payload, string scratch, CancellationToken ct)
    {
        if (payload.Size > InlineBytes)
            return FileOf(payload.Sha256);
        await using var from = Open(payload);
        await using var to = new FileStream(scratch, FileMode.Create, FileAccess.Write);
        await from.CopyToAsync(to, ct);
        return scratch;
    }

    /// <summary>Records in the caller's transaction that a row names this payload; small bytes go into the database here.</summary>
    internal static Task KeepAsync(DatabaseTransaction tx, PayloadRef payload, CancellationToken ct) => tx.ExecuteAsync(
        "INSERT INTO payload (sha256, size, bytes) VALUES (@sha256, @size, @bytes) ON CONFLICT (sha256) DO NOTHING", ct,
        ("sha256", payload.Sha256), ("size", payload.Size), ("bytes", payload.Inline is { } inline ? inline.ToArray() : null));

    /// <summary>Deletes files that no row names and that are older than <paramref name="age"/>: what a crash left between file and commit.</summary>
    /// <returns>The number of files deleted.</returns>
    internal async Task<int> CollectAsync(TimeSpan age, TimeProvider time, CancellationToken ct)
    {
        var before = time.GetUtcNow() - age;
        var deleted = 0;
        foreach (var file in new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories))
        {
            ct.ThrowIfCancellationRequested();
            if (file.LastWriteTimeUtc > before.UtcDateTime)
                continue;
            var named = await database.ReadAsync(
                tx => tx.NumberAsync("SELECT COUNT(*) FROM payload WHERE sha256 = @sha256", ct, ("sha256", file.Name)), ct);
            if (named == 0)
            {
                file.Delete();
                deleted++;
            }
        }

        return deleted;
    }

    internal void DemandRoom() => reserve.DemandRoom();

    /// <summary>Names a finished, synced file by its digest. The same payload again replaces the file by an equal, younger one.</summary>
    internal void Adopt(string temporary, string sha256)
    {
        var target = FileOf(sha256);
        var home = Path.GetDirectoryName(target)!;
        DurableFolder.Create(home);
        File.Move(temporary, target, overwrite: true);
        DurableFolder.Sync(home);
    }

    private string FileOf(string sha256) => Path.Combine(folder, sha256[..2], sha256[2..4], sha256);

    private FileStream OpenFile(PayloadRef payload) => new(FileOf(payload.Sha256), new FileStreamOptions
    {
        Access = FileAccess.Read, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0, Options = FileOptions.Asynchronous,
    });
}
