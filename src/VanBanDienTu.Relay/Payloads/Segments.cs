using System.Globalization;
using System.Threading.Channels;
using Microsoft.Win32.SafeHandles;
using VanBanDienTu.Relay.Storage;

namespace VanBanDienTu.Relay.Payloads;

/// <summary>Where a payload lies in a segment file; its size is that of the payload.</summary>
internal sealed record SegmentPlace(long Segment, long Offset);

/// <summary>
/// Payloads of middling size, one after the other in files <c>segments/&lt;number&gt;</c>: those that come together share one write and one
/// sync, and none needs a name of its own.
/// </summary>
/// <remarks>
/// A file's name is durable before its first payload is. A process never goes on in another one's file: a torn end, or a payload whose row
/// was never committed, is only room that nobody names. A file goes when no row names it any more.
/// </remarks>
internal sealed class Segments : IAsyncDisposable
{
    public const string Folder = "segments";

    /// <summary>Larger payloads get files of their own.</summary>
    public const int MostBytes = 1 << 20;

    private const long FileBytes = 256 << 20;
    private const int GroupBytes = 16 << 20;

    private readonly Channel<Append> queue = Channel.CreateBounded<Append>(new BoundedChannelOptions(1024) { SingleReader = true });
    private readonly string folder;
    private readonly Database database;
    private readonly TimeProvider time;
    private readonly Task writing;
    private SafeFileHandle? file;
    private long current;
    private long end;

    public Segments(string dataFolder, Database database, TimeProvider time)
    {
        (folder, this.database, this.time) = (Path.Combine(dataFolder, Folder), database, time);
        DurableFolder.Create(folder);
        current = Numbers().DefaultIfEmpty(0).Max();
        writing = Task.Run(WriteLoopAsync);
    }

    /// <summary>Keeps a payload; it is durable when this returns.</summary>
    /// <param name="parts">Its bytes; not to be touched before this returns.</param>
    /// <exception cref="RelayException"><see cref="RelayFault.DiskFull"/>.</exception>
    public async Task<SegmentPlace> AppendAsync(IReadOnlyList<ReadOnlyMemory<byte>> parts, long size)
    {
        var append = new Append(parts, size);
        await queue.Writer.WriteAsync(append);
        return await append.Place.Task;
    }

    /// <exception cref="FileNotFoundException">No such segment is kept here.</exception>
    public Stream Open(SegmentPlace place, long size) => OpenPart(PathOf(place.Segment), place.Offset, size);

    /// <summary>A part of any file; shorter where the file ends before it.</summary>
    public static Stream OpenPart(string path, long from, long size)
    {
        var opened = File.OpenHandle(path, options: FileOptions.Asynchronous);
        return new SegmentStream(opened, from, Math.Clamp(RandomAccess.GetLength(opened) - from, 0, size));
    }

    /// <summary>A segment's file below the folder of all of them.</summary>
    public static string PathIn(string folder, long number) => Path.Combine(folder, number.ToString("D8", CultureInfo.InvariantCulture));

    /// <summary>Deletes files that no row names and nobody writes to any more.</summary>
    /// <returns>The number of files deleted.</returns>
    public async Task<int> CollectAsync(TimeSpan age, CancellationToken ct)
    {
        var before = (time.GetUtcNow() - age).UtcDateTime;
        var deleted = 0;
        foreach (var number in Numbers().Where(n => n != Interlocked.Read(ref current) && File.GetLastWriteTimeUtc(PathOf(n)) < before))
        {
            if (await database.ReadAsync(tx => tx.NumberAsync("SELECT COUNT(*) FROM payload WHERE segment = @number", ct, ("number", number)), ct) > 0)
                continue;
            File.Delete(PathOf(number));
            deleted++;
        }

        return deleted;
    }

    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        await writing;
        file?.Dispose();
    }

    private IEnumerable<long> Numbers() => Directory.EnumerateFiles(folder)
        .Select(f => long.TryParse(Path.GetFileName(f), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0);

    private string PathOf(long number) => PathIn(folder, number);

    private async Task WriteLoopAsync()
    {
        var group = new List<Append>();
        while (await queue.Reader.WaitToReadAsync())
        {
            group.Clear();
            for (var bytes = 0L; bytes < GroupBytes && queue.Reader.TryRead(out var append); bytes += append.Size)
                group.Add(append);
            try
            {
                Write(group);
            }
            catch (Exception failure)
            {
                foreach (var append in group)
                    append.Place.TrySetException((failure as IOException is { } refused ? DiskReserve.Refusal(refused) : null) ?? failure);
            }
        }
    }

    private void Write(List<Append> group)
    {
        if (file is null || end >= FileBytes)
            Begin();
        var places = new List<SegmentPlace>(group.Count);
        var parts = new List<ReadOnlyMemory<byte>>();
        var offset = end;
        foreach (var append in group)
        {
            places.Add(new SegmentPlace(current, offset));
            parts.AddRange(append.Parts);
            offset += append.Size;
        }

        RandomAccess.Write(file!, parts, end); // what fails halfway is written over by the next group
        DurableFolder.SyncOrEnd(file!, PathOf(current));
        end = offset;
        for (var i = 0; i < group.Count; i++)
            group[i].Place.TrySetResult(places[i]);
    }

    private void Begin()
    {
        file?.Dispose();
        file = null; // until the next one's name is durable, whatever goes wrong
        Interlocked.Increment(ref current);
        var next = File.OpenHandle(PathOf(current), FileMode.CreateNew, FileAccess.Write, FileShare.Read);
        try
        {
            DurableFolder.Sync(folder);
        }
        catch
        {
            next.Dispose();
            throw;
        }

        (file, end) = (next, 0);
    }

    private sealed record Append(IReadOnlyList<ReadOnlyMemory<byte>> Parts, long Size)
    {
        public TaskCompletionSource<SegmentPlace> Place { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed class SegmentStream(SafeFileHandle file, long from, long size) : PayloadStream(size)
    {
        protected override int ReadAt(long place, Span<byte> buffer) => RandomAccess.Read(file, buffer, from + place);

        protected override ValueTask<int> ReadAtAsync(long place, Memory<byte> buffer, CancellationToken ct) =>
            RandomAccess.ReadAsync(file, buffer, from + place, ct);

        protected override void Dispose(bool disposing)
        {
            file.Dispose();
            base.Dispose(disposing);
        }
    }
}
