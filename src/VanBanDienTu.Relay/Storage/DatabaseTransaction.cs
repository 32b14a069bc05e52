using System.Data;
using System.Data.Common;
using System.Runtime.InteropServices;

namespace VanBanDienTu.Relay.Storage;

/// <summary>One transaction, or one consistent read. Statements are prepared once per connection.</summary>
/// <remarks>
/// Work in it touches nothing but the database: when the disk fills up, the connection breaks or another node was in the way, the same
/// work is run a second time. Units of work of one node follow one another; against other nodes on the same database, what a decision
/// rests on is read with <see cref="Locked"/>, or the move is a compare-and-swap.
/// </remarks>
public sealed class DatabaseTransaction : IAsyncDisposable
{
    private readonly DbConnection connection;
    private readonly Dialect dialect;
    private readonly Dictionary<string, DbCommand> prepared = new(StringComparer.Ordinal);
    private readonly List<Func<Task>> atEnd = [];
    private readonly bool writing;
    private int? allowed;

    internal DatabaseTransaction(DbConnection connection, Dialect dialect, bool writing) =>
        (this.connection, this.dialect, this.writing) = (connection, dialect, writing);

    /// <summary>The instant that rows are stamped with.</summary>
    internal DateTimeOffset Now => dialect.Time.GetUtcNow();

    /// <summary>The node that writes here.</summary>
    internal string Node => dialect.Node;

    internal AtRest.KeyRing Keys => dialect.Keys;

    /// <summary>How far the node's evidence was given out; null where none is.</summary>
    internal Evidence.IssuedMark? Issued => dialect.Issued;

    /// <summary>Appended to a SELECT whose rows the work decides on: nobody else moves them before this transaction ends.</summary>
    /// <param name="table">The table or alias whose rows are locked.</param>
    internal string Locked(string table) => dialect.Shared && writing ? $" FOR UPDATE OF {table}" : "";

    /// <summary>Appended to a SELECT that claims: rows that another node is claiming right now are passed over.</summary>
    internal string Claimed(string table) => dialect.Shared && writing ? $" FOR UPDATE OF {table} SKIP LOCKED" : "";

    /// <summary>
    /// Number and hash of this node's last row of evidence, as far as this transaction has seen it: nobody else writes to the node's log.
    /// Forgotten when the next transaction begins; as it was before, when a unit of work is rolled back.
    /// </summary>
    internal (long Sequence, string Hash)? EvidenceEnd { get; set; }

    /// <summary>The instant on the clock that leases run on: the database's where several nodes share it.</summary>
    internal async Task<DateTimeOffset> ClockAsync() =>
        dialect.Clock is { } clock ? DateTimeOffset.FromUnixTimeMilliseconds(await NumberAsync(clock, default)) : Now;

    /// <summary>Since when the database's server is there.</summary>
    internal async Task<DateTimeOffset> ServerStartedAsync() =>
        dialect.ServerStarted is { } started ? DateTimeOffset.FromUnixTimeMilliseconds(await NumberAsync(started, default)) : DateTimeOffset.UnixEpoch;

    /// <summary>Until <see cref="AllowAll"/>, a second statement would see another state than the first, and throws.</summary>
    internal void AllowOne() => allowed = 1;

    internal void AllowAll() => allowed = null;

    internal DbConnection Connection => connection;

    internal bool IsOpen => connection.State == ConnectionState.Open;

    /// <summary>What a failure in it means. Once the server has closed the connection every statement fails with words of its own: it is lost, whatever they are.</summary>
    internal StorageFailure Judge(Exception failure) => dialect.Judge(failure) switch
    {
        StorageFailure.DiskFull => StorageFailure.DiskFull,
        StorageFailure.SyncFailed => StorageFailure.SyncFailed,
        _ when !IsOpen => StorageFailure.Lost,
        var judged => judged,
    };

    /// <summary>Runs one statement; the answer is the number of rows that it changed.</summary>
    internal Task<int> ExecuteAsync(string sql, CancellationToken ct, params ReadOnlySpan<(string Name, object? Value)> values) =>
        Prepare(sql, values).ExecuteNonQueryAsync(ct);

    /// <summary>All rows of a query.</summary>
    internal Task<List<T>> QueryAsync<T>(
        string sql, Func<Row, T> read, CancellationToken ct, params ReadOnlySpan<(string Name, object? Value)> values) =>
        ReadAsync(Prepare(sql, values), read, ct);

    /// <summary>The first row, or null.</summary>
    internal async Task<T?> FirstAsync<T>(string sql, Func<Row, T> read, CancellationToken ct, params (string Name, object? Value)[] values)
        where T : class => (await QueryAsync(sql, read, ct, values)).FirstOrDefault();

    /// <summary>The first column of the first row as a number; 0 without rows.</summary>
    internal async Task<long> NumberAsync(string sql, CancellationToken ct, params (string Name, object? Value)[] values) =>
        (await QueryAsync(sql, row => row.IsNull(0) ? 0 : row.Number(0), ct, values)).FirstOrDefault();

    /// <summary>
    /// Leaves a statement for the end of the transaction, after the work of the whole group. What all nodes number in one order is
    /// written there: the lock that makes the numbers follow the commits is then held for a moment only.
    /// </summary>
    internal void AtEnd(Func<Task> write) => atEnd.Add(write);

    /// <summary>How much is left for the end so far, and where the log of evidence ends; <see cref="Forget"/> takes back what came later.</summary>
    internal (int Left, (long Sequence, string Hash)? EvidenceEnd) Point => (atEnd.Count, EvidenceEnd);

    internal void Forget((int Left, (long Sequence, string Hash)? EvidenceEnd) after)
    {
        atEnd.RemoveRange(after.Left, atEnd.Count - after.Left);
        EvidenceEnd = after.EvidenceEnd;
    }

    /// <summary>Runs what was left for the end.</summary>
    /// <returns>Whether there was anything.</returns>
    internal async Task<bool> EndAsync()
    {
        if (atEnd.Count == 0)
            return false;
        if (dialect.OrderLock is { } order)
            await ExecuteAsync(order, default);
        foreach (var write in atEnd)
            await write();
        atEnd.Clear();
        return true;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var command in prepared.Values)
            await command.DisposeAsync();
        await connection.DisposeAsync();
    }

    private static async Task<List<T>> ReadAsync<T>(DbCommand command, Func<Row, T> read, CancellationToken ct)
    {
        await using var reader = await command.ExecuteReaderAsync(ct);
        var rows = new List<T>();
        while (await reader.ReadAsync(ct))
            rows.Add(read(new Row(reader)));
        return rows;
    }

    private DbCommand Prepare(string sql, ReadOnlySpan<(string Name, object? Value)> values)
    {
        if (allowed is { } left)
            allowed = left > 0 ? left - 1 : throw new InvalidOperationException("More than one statement needs a transaction around it.");
        if (!prepared.TryGetValue(sql, out var command))
        {
            command = connection.CreateCommand();
            command.CommandText = sql;
            foreach (var (name, _) in values)
            {
                var parameter = command.CreateParameter();
                parameter.ParameterName = "@" + name;
                command.Parameters.Add(parameter);
            }

            prepared.Add(sql, command);
        }

        for (var i = 0; i < values.Length; i++)
            command.Parameters[i].Value = Stored(values[i].Value);
        return command;
    }

    private static object Stored(object? value) => value switch
    {
        null => DBNull.Value,
        bool b => b ? 1L : 0L,
        int i => (long)i,
        Guid g => g.ToString("D"),
        Enum e => e.ToString(),
        DateTimeOffset t => t.ToUnixTimeMilliseconds(),
        ReadOnlyMemory<byte> m => Whole(m),
        _ => value,
    };

    /// <summary>The array itself where the memory is all of it: the engine copies it before the statement is over.</summary>
    private static byte[] Whole(ReadOnlyMemory<byte> memory) =>
        MemoryMarshal.TryGetArray(memory, out var part) && part.Array is { } array && part.Count == array.Length ? array : memory.ToArray();
}

/// <summary>One row of an answer, columns by their place.</summary>
internal readonly struct Row(DbDataReader reader)
{
    public bool IsNull(int column) => reader.IsDBNull(column);

    public string Text(int column) => reader.GetString(column);

    public string? TextOrNull(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    public long Number(int column) => reader.GetInt64(column);

    public int Int(int column) => checked((int)reader.GetInt64(column));

    public bool Truth(int column) => reader.GetInt64(column) != 0;

    public Guid Id(int column) => Guid.ParseExact(reader.GetString(column), "D");

    public Guid? IdOrNull(int column) => reader.IsDBNull(column) ? null : Id(column);

    public DateTimeOffset Time(int column) => DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(column));

    public byte[] Bytes(int column) => (byte[])reader.GetValue(column);

    public T Word<T>(int column) where T : struct, Enum => Enum.Parse<T>(reader.GetString(column));
}
