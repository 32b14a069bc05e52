using System.Data.Common;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using VanBanDienTu.Relay.Telemetry;

namespace VanBanDienTu.Relay.Storage;

/// <summary>
/// What a node remembers, in SQLite or PostgreSQL: one writer that commits what waits together (one sync for many units of work), many
/// readers.
/// </summary>
public sealed class Database : IAsyncDisposable
{
    /// <summary>Units of work that share one commit, at most.</summary>
    private const int GroupSize = 128;

    /// <summary>How long work that nobody waits for is kept back when there is no other; all else goes at once, with what queued meanwhile.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(5);

    private readonly Channel<Unit> queue = Channel.CreateBounded<Unit>(new BoundedChannelOptions(4096) { SingleReader = true });
    private readonly CancellationTokenSource closing = new();
    private readonly GroupWriter writer;
    private readonly ReaderPool readers;
    private readonly Task writing;
    private long commits;
    private volatile bool closed;

    private Database(Dialect dialect, GroupWriter writer, ILogger log)
    {
        (Dialect, this.writer, readers) = (dialect, writer, new ReaderPool(dialect, log));
        writing = Task.Run(WriteLoopAsync);
    }

    /// <summary>Raised after every commit that has an event in it, and after commits of other nodes.</summary>
    internal Signal Told { get; } = new();

    /// <summary>Raised after this node's commits.</summary>
    internal Signal Written { get; } = new();

    internal Dialect Dialect { get; }

    /// <summary>Commits so far, each one sync of the log.</summary>
    public long Commits => Interlocked.Read(ref commits);

    /// <summary>Opens or creates the database and brings it up to date.</summary>
    /// <exception cref="RelayException"><see cref="RelayFault.StorageUnavailable"/>: no answer, or written by a newer program.</exception>
    internal static async Task<Database> OpenAsync(Dialect dialect, DiskReserve reserve, ILogger log, CancellationToken ct)
    {
        try
        {
            // Open until the writer is: with its last connection SQLite removes its log, and a new one would need a durable name again.
            await using var connection = await Patience.OpenAsync(dialect, readOnly: false, log, ct);
            dialect.Settle?.Invoke(connection);
            await Migrations.ApplyAsync(connection, dialect, dialect.Time.GetUtcNow().ToUnixTimeMilliseconds(), ct);
            var opened = new GroupWriter(dialect, reserve, log);
            await opened.ConnectAsync(ct);
            return new Database(dialect, opened, log);
        }
        catch (Exception e) when (e is DbException || dialect.Judge(e) is StorageFailure.SyncFailed or StorageFailure.Broken)
        {
            var why = e.Message.Split('\n')[0].TrimEnd(); // further lines say where in our statement
            var (vi, en) = dialect.Shared ? ("tệp chuỗi kết nối, quyền của tài khoản và ổ đĩa của máy chủ", "the connection string's file, the account's rights and the server's disk")
                : ("ổ đĩa", "the disk");
            throw new RelayException(
                RelayFault.StorageUnavailable, $"Không mở được cơ sở dữ liệu của nút ({why}): hãy kiểm tra {vi} rồi khởi động lại.",
                $"The node's database cannot be opened ({why}). Check {en}, then start again.", e);
        }
    }

    /// <summary>What the disk below the database answered when it failed last; null = it never did since the start.</summary>
    internal string? Trouble => writer.Trouble;

    /// <summary>Runs the work in a transaction; the answer comes when it is durable. Work that throws leaves no trace.</summary>
    /// <param name="patient">Nobody waits for the answer: it may share the commit of what comes within some milliseconds.</param>
    /// <exception cref="RelayException"><see cref="RelayFault.DiskFull"/>, <see cref="RelayFault.StorageUnavailable"/>.</exception>
    public async Task<T> WriteAsync<T>(Func<DatabaseTransaction, Task<T>> work, CancellationToken ct = default, bool patient = false)
    {
        var unit = new Unit<T>(work, ct) { Patient = patient };
        try
        {
            await queue.Writer.WriteAsync(unit, ct);
        }
        catch (ChannelClosedException stopping)
        {
            throw Stopped(stopping);
        }

        return await unit.Answer;
    }

    /// <summary>Reads one consistent state of the database.</summary>
    /// <exception cref="RelayException"><see cref="RelayFault.StorageUnavailable"/>.</exception>
    public Task<T> ReadAsync<T>(Func<DatabaseTransaction, Task<T>> work, CancellationToken ct = default)
    {
        ObjectDisposedException.ThrowIf(closed, this);
        ct.ThrowIfCancellationRequested();
        return readers.ReadAsync(work, single: false, ct);
    }

    /// <summary>The answer to one statement, which sees one state by itself: no transaction is needed around it.</summary>
    /// <param name="ask">Runs exactly one statement; a second one throws.</param>
    /// <exception cref="RelayException"><see cref="RelayFault.StorageUnavailable"/>.</exception>
    internal Task<T> AskAsync<T>(Func<DatabaseTransaction, Task<T>> ask, CancellationToken ct = default)
    {
        ObjectDisposedException.ThrowIf(closed, this);
        ct.ThrowIfCancellationRequested();
        return readers.ReadAsync(ask, single: true, ct);
    }

    public async ValueTask DisposeAsync()
    {
        if (closed)
            return;
        closed = true;
        queue.Writer.TryComplete();
        await closing.CancelAsync();
        await EndAsync();
    }

    /// <summary>What a killed process does: waiting work is dropped, nothing is tidied.</summary>
    internal async Task AbandonAsync()
    {
        closed = true;
        queue.Writer.TryComplete();
        await closing.CancelAsync();
        while (queue.Reader.TryRead(out var unit))
            unit.Fail(Stopped(null));
        await EndAsync();
    }

    private static ObjectDisposedException Stopped(Exception? cause) => new("The node is stopping; nothing of this request was kept.", cause);

    private async Task EndAsync()
    {
        await writing;
        await readers.CloseAsync();
        await writer.DisposeAsync();
        Dialect.Close?.Invoke();
        closing.Dispose();
    }

    private async Task WriteLoopAsync()
    {
        var group = new List<Unit>(GroupSize);
        while (await queue.Reader.WaitToReadAsync())
        {
            group.Clear();
            Take(group);
            if (group.Count > 0 && group.TrueForAll(unit => unit.Patient))
                await GatherAsync(group);
            if (group.Count > 0)
                await CommitAsync(group);
        }
    }

    private void Take(List<Unit> group)
    {
        while (group.Count < GroupSize && queue.Reader.TryRead(out var unit))
        {
            if (!unit.Cancelled())
                group.Add(unit);
        }
    }

    /// <summary>Waits for company until somebody comes who waits for an answer, or the time is over.</summary>
    private async Task GatherAsync(List<Unit> group)
    {
        var over = Task.Delay(LongestWait);
        while (!over.IsCompleted && group.Count < GroupSize && group[^1].Patient)
        {
            var more = queue.Reader.WaitToReadAsync().AsTask();
            if (await Task.WhenAny(more, over) == over || !await more)
                return;
            Take(group);
        }
    }

    private async Task CommitAsync(List<Unit> group)
    {
        try
        {
            var numbered = await writer.CommitAsync(group, closing.Token);
            Interlocked.Increment(ref commits);
            RelayMeter.Synced();
            foreach (var unit in group)
                unit.Complete();
            Written.Raise();
            if (numbered)
                Told.Raise();
            writer.KeepUp();
        }
        catch (Exception failure)
        {
            foreach (var unit in group)
                unit.Fail(failure);
        }
    }
}
