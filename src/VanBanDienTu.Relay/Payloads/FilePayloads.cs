using VanBanDienTu.Relay.Storage;

namespace VanBanDienTu.Relay.Payloads;

/// <summary>Payloads as files <c>payloads/ab/cd/&lt;sha256&gt;</c> in the folder of one node; sealed ones have their key's id behind the digest.</summary>
internal sealed class FilePayloads : IPayloadStore
{
    public const string Folder = "payloads";

    private readonly string folder;
    private readonly string incomplete;
    private readonly Database database;
    private readonly TimeProvider time;
    private readonly UploadFiles uploads;

    public FilePayloads(string dataFolder, Database database, TimeProvider time)
    {
        (folder, incomplete) = (Path.Combine(dataFolder, Folder), Path.Combine(dataFolder, "incomplete"));
        (this.database, this.time) = (database, time);
        DurableFolder.Create(folder);
        if (Directory.Exists(incomplete))
            Directory.Delete(incomplete, recursive: true); // half-written by a process that is gone
        Directory.CreateDirectory(incomplete); // scratch: needs no durable name
        uploads = new UploadFiles(Path.Combine(dataFolder, "uploads"), Adopt);
    }

    public IPayloadSink Begin() => new Sink(this, Path.Combine(incomplete, Guid.NewGuid().ToString("N")));

    public Task<long> HeldAsync(UploadKey upload, CancellationToken ct) => Task.FromResult(uploads.Held(upload));

    public Task<IPayloadSink> ResumeAsync(UploadKey upload, long from, Action<ReadOnlySpan<byte>> kept, CancellationToken ct) =>
        uploads.ResumeAsync(upload, from, kept, ct);

    public Stream Open(PayloadRef payload) => new FileStream(FileOf(payload), new FileStreamOptions
    {
        Access = FileAccess.Read, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0, Options = FileOptions.Asynchronous,
    });

    public string FileOf(PayloadRef payload) => PathIn(folder, payload);

    /// <summary>A payload's file below the folder of all of them.</summary>
    public static string PathIn(string folder, PayloadRef payload) => Path.Combine(folder, payload.Sha256[..2], payload.Sha256[2..4], payload.StoredName);

    public async Task<int> CollectAsync(TimeSpan age, CancellationToken ct)
    {
        var before = time.GetUtcNow() - age;
        var deleted = uploads.Collect(before);
        foreach (var file in new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories))
        {
            ct.ThrowIfCancellationRequested();
            if (file.LastWriteTimeUtc > before.UtcDateTime)
                continue;
            var named = await database.ReadAsync(
                tx => tx.NumberAsync(
                    "SELECT COUNT(*) FROM payload WHERE sha256 = @sha256 AND COALESCE(key_id, '') = @key", ct,
                    ("sha256", Path.GetFileNameWithoutExtension(file.Name)), ("key", file.Extension.TrimStart('.'))), ct);
            if (named == 0)
            {
                file.Delete();
                deleted++;
            }
        }

        return deleted;
    }

    /// <summary>Names a finished, synced file by its digest. The same payload again replaces the file by an equal, younger one.</summary>
    private void Adopt(string temporary, PayloadRef payload)
    {
        var target = FileOf(payload);
        var home = Path.GetDirectoryName(target)!;
        DurableFolder.Create(home);
        File.Move(temporary, target, overwrite: true);
        DurableFolder.Sync(home);
    }

    private sealed class Sink(FilePayloads store, string temporary) : IPayloadSink
    {
        private FileStream? file;
        private bool adopted;

        public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken ct)
        {
            try
            {
                file ??= new FileStream(temporary, new FileStreamOptions
                {
                    Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0, Options = FileOptions.Asynchronous,
                });
                await file.WriteAsync(bytes, ct);
            }
            catch (IOException refused) when (DiskReserve.Refusal(refused) is not null)
            {
                throw DiskReserve.Refusal(refused)!;
            }
        }

        public async Task<PayloadRef> CompleteAsync(PayloadRef payload, CancellationToken ct)
        {
            try
            {
                await Task.Run(() => DurableFolder.SyncOrEnd(file!.SafeFileHandle, temporary), ct);
                await file!.DisposeAsync();
                store.Adopt(temporary, payload);
            }
            catch (IOException refused) when (DiskReserve.Refusal(refused) is not null)
            {
                throw DiskReserve.Refusal(refused)!;
            }

            adopted = true;
            return payload;
        }

        public Task ForgetAsync() => Task.CompletedTask;

        public async ValueTask DisposeAsync()
        {
            if (file is null)
                return;
            await file.DisposeAsync();
            if (!adopted)
                File.Delete(temporary);
        }
    }
}
