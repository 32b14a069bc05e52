using System.Buffers.Binary;
using System.Collections.Concurrent;
using VanBanDienTu.Relay.Storage;

namespace VanBanDienTu.Relay.Payloads;

/// <summary>
/// Uploads that outlive their connection and their process: <c>uploads/&lt;key&gt;</c> holds what came, <c>&lt;key&gt;.sums</c> the CRC-32C of
/// each whole block. Whatever a crash left, going on begins behind the last block that is as it was; the whole is checked by its digest.
/// </summary>
internal sealed class UploadFiles
{
    private const int Block = UploadKey.BlockBytes;

    /// <summary>Synced this often: the last sync stays short, and a power cut costs no more than this.</summary>
    private const long SyncEvery = 64L << 20;

    private readonly ConcurrentDictionary<string, Sink> open = new(StringComparer.Ordinal);
    private readonly string folder;
    private readonly Action<string, PayloadRef> adopt;

    /// <param name="adopt">Names a finished, synced file by its digest.</param>
    public UploadFiles(string folder, Action<string, PayloadRef> adopt)
    {
        (this.folder, this.adopt) = (folder, adopt);
        DurableFolder.Create(folder);
    }

    /// <inheritdoc cref="IPayloadStore.HeldAsync"/>
    public long Held(UploadKey upload)
    {
        var (data, sums) = (new FileInfo(PathOf(upload.Name)), new FileInfo(PathOf(upload.Name) + ".sums"));
        return data.Exists && sums.Exists ? upload.Resumable(Math.Min(data.Length, sums.Length / sizeof(uint) * Block)) : 0;
    }

    /// <inheritdoc cref="IPayloadStore.ResumeAsync"/>
    public async Task<IPayloadSink> ResumeAsync(UploadKey upload, long from, Action<ReadOnlySpan<byte>> kept, CancellationToken ct)
    {
        if (open.TryGetValue(upload.Name, out var before))
            await before.LoseAsync();
        if (from == 0)
            MakeRoom(upload);
        else if (from > Held(upload))
            throw upload.OffsetUnknown(from);
        var sink = new Sink(this, upload.Name);
        try
        {
            if (!open.TryAdd(upload.Name, sink))
                throw UploadKey.Lost(); // a third one was quicker
            if (await sink.ReadKeptAsync(from, kept, ct) < from)
                throw upload.OffsetUnknown(from);
            return sink;
        }
        catch
        {
            await sink.DisposeAsync();
            throw;
        }
    }

    /// <summary>Deletes what nobody went on with since an instant.</summary>
    /// <returns>The number of uploads deleted.</returns>
    public int Collect(DateTimeOffset before)
    {
        var old = Idle("*").Where(f => f.LastWriteTimeUtc < before.UtcDateTime).ToList();
        old.ForEach(Delete);
        foreach (var sums in new DirectoryInfo(folder).EnumerateFiles("*.sums").Where(f => f.LastWriteTimeUtc < before.UtcDateTime && !File.Exists(f.FullName[..^".sums".Length])))
            sums.Delete(); // a kill came between the end of an upload and this
        return old.Count;
    }

    private void MakeRoom(UploadKey upload)
    {
        foreach (var old in Idle(upload.OwnerName + "-*").OrderByDescending(f => f.LastWriteTimeUtc).Skip(UploadKey.MostOfOwner - 1))
            Delete(old);
    }

    private IEnumerable<FileInfo> Idle(string pattern) =>
        new DirectoryInfo(folder).EnumerateFiles(pattern).Where(f => f.Extension.Length == 0 && !open.ContainsKey(f.Name));

    private static void Delete(FileInfo data)
    {
        data.Delete();
        File.Delete(data.FullName + ".sums");
    }

    private string PathOf(string name) => Path.Combine(folder, name);

    private sealed class Sink : IPayloadSink
    {
        private readonly UploadFiles store;
        private readonly string name;
        private readonly SemaphoreSlim gate = new(1);
        private readonly FileStream data;
        private readonly FileStream sums;
        private readonly byte[] sum = new byte[sizeof(uint)];
        private uint crc;
        private long unsynced;
        private bool closed;

        public Sink(UploadFiles store, string name)
        {
            (this.store, this.name) = (store, name);
            data = Open(store.PathOf(name));
            sums = Open(store.PathOf(name) + ".sums");
        }

        /// <summary>Hands out what is as it was, block by block, and cuts off the rest.</summary>
        /// <returns>How much was handed out, at most <paramref name="upTo"/>.</returns>
        public async Task<long> ReadKeptAsync(long upTo, Action<ReadOnlySpan<byte>> kept, CancellationToken ct)
        {
            var buffer = new byte[Block];
            var good = 0L;
            while (good < upTo && await data.ReadAtLeastAsync(buffer, Block, throwOnEndOfStream: false, ct) == Block
                && await sums.ReadAtLeastAsync(sum, sum.Length, throwOnEndOfStream: false, ct) == sum.Length
                && Crc32C.Of(buffer) == BinaryPrimitives.ReadUInt32LittleEndian(sum))
            {
                var count = (int)Math.Min(Block, upTo - good);
                kept(buffer.AsSpan(0, count));
                crc = count < Block ? Crc32C.Of(buffer.AsSpan(0, count)) : 0;
                good += count;
            }

            data.SetLength(good);
            sums.SetLength(good / Block * sizeof(uint));
            (data.Position, sums.Position) = (data.Length, sums.Length);
            return good;
        }

        public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken ct)
        {
            await gate.WaitAsync(ct);
            try
            {
                if (closed)
                    throw UploadKey.Lost();
                while (bytes.Length > 0)
                {
                    var part = bytes[..(int)Math.Min(bytes.Length, Block - (data.Position % Block))];
                    await data.WriteAsync(part, CancellationToken.None); // never half a part: what is counted is there
                    crc = Crc32C.Of(part.Span, crc);
                    if (data.Position % Block == 0)
                        await EndBlockAsync();
                    bytes = bytes[part.Length..];
                }
            }
            catch (IOException refused) when (DiskReserve.Refusal(refused) is not null)
            {
                throw DiskReserve.Refusal(refused)!;
            }
            finally
            {
                gate.Release();
            }
        }

        public async Task<PayloadRef> CompleteAsync(PayloadRef payload, CancellationToken ct)
        {
            await gate.WaitAsync(ct);
            try
            {
                if (closed)
                    throw UploadKey.Lost();
                var path = store.PathOf(name);
                await Task.Run(() => DurableFolder.SyncOrEnd(data.SafeFileHandle, path, Distrust), ct);
                store.adopt(path, payload);
                await CloseAsync();
                File.Delete(path + ".sums");
                return payload;
            }
            catch (IOException refused) when (DiskReserve.Refusal(refused) is not null)
            {
                throw DiskReserve.Refusal(refused)!;
            }
            finally
            {
                gate.Release();
            }
        }

        public async Task ForgetAsync()
        {
            await LoseAsync();
            Delete(new FileInfo(store.PathOf(name)));
        }

        /// <summary>Another connection goes on with it, or nobody does for now.</summary>
        public async Task LoseAsync()
        {
            await gate.WaitAsync();
            try
            {
                await CloseAsync();
            }
            finally
            {
                gate.Release();
            }
        }

        public async ValueTask DisposeAsync() => await LoseAsync();

        private static FileStream Open(string path) => new(path, new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0, Options = FileOptions.Asynchronous,
        });

        private async Task EndBlockAsync()
        {
            BinaryPrimitives.WriteUInt32LittleEndian(sum, crc);
            await sums.WriteAsync(sum);
            (crc, unsynced) = (0, unsynced + Block);
            if (unsynced < SyncEvery)
                return;
            unsynced = 0;
            await Task.Run(() =>
            {
                DurableFolder.SyncOrEnd(data.SafeFileHandle, name, Distrust);
                DurableFolder.SyncOrEnd(sums.SafeFileHandle, name, Distrust);
                DurableFolder.Sync(store.folder);
            });
        }

        /// <summary>Nobody goes on with bytes that a sync failed for.</summary>
        private void Distrust() => Delete(new FileInfo(store.PathOf(name)));

        private async Task CloseAsync()
        {
            if (closed)
                return;
            closed = true;
            await data.DisposeAsync();
            await sums.DisposeAsync();
            store.open.TryRemove(new(name, this));
        }
    }
}
