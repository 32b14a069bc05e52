using Microsoft.Extensions.Logging.Abstractions;
using VanBanDienTu.Relay;
using VanBanDienTu.Relay.Storage;
using VanBanDienTu.TestKit;
using VanBanDienTu.UnitTests.Relay.Rig;

namespace VanBanDienTu.UnitTests.Relay;

/// <summary>What the relay relies on, whichever engine keeps its state.</summary>
public abstract class StorageContract : IDisposable
{
    protected TemporaryFolder Folder { get; } = new();

    [Fact]
    public async Task Units_of_work_share_commits_and_each_is_all_or_nothing()
    {
        await using var database = await OpenAsync();
        var works = Enumerable.Range(0, 400).Select(i => database.WriteAsync(async tx =>
        {
            await InsertAsync(tx, $"a{i}");
            if (i % 10 == 3)
                throw new InvalidOperationException($"no {i}");
            return i;
        })).ToList();
        await Task.WhenAll(works.Select(w => w.ContinueWith(_ => { }, TaskScheduler.Default)));
        Assert.Equal(40, works.Count(w => w.IsFaulted));
        Assert.Equal(360, await CountAsync(database));
        Assert.InRange(database.Commits, 1, 399);
    }

    [Fact]
    public async Task A_broken_constraint_fails_its_own_unit_only()
    {
        await using var database = await OpenAsync();
        var first = database.WriteAsync(tx => InsertAsync(tx, "same"));
        var second = database.WriteAsync(tx => InsertAsync(tx, "same"));
        var third = database.WriteAsync(tx => InsertAsync(tx, "other"));
        await Assert.ThrowsAnyAsync<Exception>(() => second);
        await Task.WhenAll(first, third);
        Assert.Equal(2, await CountAsync(database));
    }

    [Fact]
    public async Task What_was_answered_survives_a_kill()
    {
        var database = await OpenAsync();
        await database.WriteAsync(tx => InsertAsync(tx, "kept"));
        await database.AbandonAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => database.WriteAsync(tx => InsertAsync(tx, "late")));
        await using var again = await OpenAsync();
        Assert.Equal(1, await CountAsync(again));
    }

    [Fact]
    public async Task Statements_left_for_the_end_go_with_their_unit_only()
    {
        await using var database = await OpenAsync();
        var works = Enumerable.Range(0, 50).Select(i => database.WriteAsync(tx =>
        {
            tx.AtEnd(() => InsertAsync(tx, $"end{i}"));
            return i % 2 == 0 ? Task.FromResult(i) : throw new InvalidOperationException($"no {i}");
        })).ToList();
        await Task.WhenAll(works.Select(w => w.ContinueWith(_ => { }, TaskScheduler.Default)));
        Assert.Equal(25, await CountAsync(database));
    }

    [Fact]
    public async Task A_reader_sees_one_state_whatever_is_written_meanwhile()
    {
        await using var database = await OpenAsync();
        await database.WriteAsync(tx => InsertAsync(tx, "before"));
        var counts = await database.ReadAsync(async tx =>
        {
            var first = await tx.NumberAsync("SELECT COUNT(*) FROM payload", default);
            await database.WriteAsync(other => InsertAsync(other, "meanwhile"));
            return (first, await tx.NumberAsync("SELECT COUNT(*) FROM payload", default));
        });
        Assert.Equal((1L, 1L), counts);
        Assert.Equal(2, await CountAsync(database));
    }

    [Fact]
    public async Task A_reader_writes_nothing()
    {
        await using var database = await OpenAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => database.ReadAsync(tx => InsertAsync(tx, "no")));
        Assert.Equal(0, await CountAsync(database));
    }

    [Fact]
    public async Task Bytes_texts_numbers_and_nothing_come_back_as_they_went_in()
    {
        await using var database = await OpenAsync();
        byte[] bytes = [0, 1, 255, (byte)'\'', 0];
        await database.WriteAsync(tx => tx.ExecuteAsync(
            "INSERT INTO quarantine (id, received_at, peer, message_id, reason_vi, reason_en, bytes) VALUES (@id, @at, @peer, @message, @vi, @en, @bytes)",
            default, ("id", "một"), ("at", long.MaxValue), ("peer", "nút ' \" \\ ;--"), ("message", null), ("vi", "Tiếng Việt 𠄞"), ("en", ""), ("bytes", bytes)));
        var row = await database.ReadAsync(tx => tx.FirstAsync(
            "SELECT id, received_at, peer, message_id, reason_vi, reason_en, bytes FROM quarantine",
            r => Tuple.Create(r.Text(0), r.Number(1), r.Text(2), r.TextOrNull(3), r.Text(4), r.Text(5), r.Bytes(6)), default));
        Assert.Equal(("một", long.MaxValue, "nút ' \" \\ ;--", null, "Tiếng Việt 𠄞", ""), (row!.Item1, row.Item2, row.Item3, row.Item4, row.Item5, row.Item6));
        Assert.Equal(bytes, row.Item7);
    }

    [Fact]
    public async Task Data_of_a_newer_program_is_refused_in_one_sentence()
    {
        await using (var database = await OpenAsync())
            await database.WriteAsync(tx => tx.ExecuteAsync("INSERT INTO migration (number, name, applied_at) VALUES (9999, 'later', 0)", default));
        var refused = await Assert.ThrowsAsync<RelayException>(OpenAsync);
        Assert.Equal(RelayFault.StorageUnavailable, refused.Fault);
        Assert.Contains("9999", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_step_has_a_number_of_its_own_and_none_is_left_out()
    {
        await using var database = await OpenAsync();
        var steps = await database.ReadAsync(tx => tx.QueryAsync("SELECT number FROM migration ORDER BY number", r => r.Number(0), default));
        var files = typeof(Database).Assembly.GetManifestResourceNames().Where(n => n.EndsWith(".sql", StringComparison.Ordinal));
        Assert.Equal(Enumerable.Range(1, files.Count()).Select(i => (long)i), steps);
    }

    [Fact]
    public async Task A_newer_step_that_leaves_older_programs_at_work_is_let_be()
    {
        await using (var database = await OpenAsync())
            await database.WriteAsync(tx => tx.ExecuteAsync("INSERT INTO migration (number, name, applied_at, readers_from) VALUES (9999, 'later', 0, 4)", default));
        await using var again = await OpenAsync();
        Assert.Equal(0, await CountAsync(again));
    }

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        Close();
        Folder.Dispose();
    }

    private protected abstract Dialect Dialect { get; }

    private protected virtual void Close()
    {
    }

    private protected DiskReserve Reserve() => new(Folder.Path, 1 << 20, 0);

    private protected Task<Database> OpenAsync() => OpenAsync(Dialect, Reserve());

    private protected static Task<Database> OpenAsync(Dialect dialect, DiskReserve reserve) =>
        Database.OpenAsync(dialect, reserve, NullLogger.Instance, default);

    private protected static Task<int> InsertAsync(DatabaseTransaction tx, string id) =>
        tx.ExecuteAsync("INSERT INTO payload (sha256, size, bytes) VALUES (@id, 1, NULL)", default, ("id", id));

    private protected static Task<long> CountAsync(Database database) =>
        database.ReadAsync(tx => tx.NumberAsync("SELECT COUNT(*) FROM payload", default));
}

public sealed class StorageOnSqliteTests : StorageContract
{
    private protected override Dialect Dialect => SqliteFile.Dialect(Folder["relay.db"], "node", TimeProvider.System);

    [Fact]
    public async Task A_full_database_gives_up_its_reserve_once_and_then_says_so()
    {
        var reserve = Reserve();
        await using var database = await OpenAsync(SqliteFile.Dialect(Folder["relay.db"], "node", TimeProvider.System, maxPages: 150), reserve);
        Assert.False(reserve.IsFull());
        var written = 0;
        var full = await Assert.ThrowsAsync<RelayException>(async () =>
        {
            for (; written < 1000; written++)
                await database.WriteAsync(tx => InsertAsync(tx, $"{written}-{new string('x', 3000)}"));
        });
        Assert.Equal(RelayFault.DiskFull, full.Fault);
        Assert.False(File.Exists(Folder["reserve"]));
        Assert.Equal(written, await CountAsync(database)); // nothing half done
    }

    [Fact]
    public void The_reserve_takes_its_room_back_when_there_is_some()
    {
        var reserve = Reserve();
        Assert.Equal(1 << 20, new FileInfo(Folder["reserve"]).Length);
        Assert.True(reserve.Release());
        Assert.False(reserve.Release());
        Assert.False(reserve.IsFull());
        Assert.True(File.Exists(Folder["reserve"]));
    }
}

public sealed class StorageOnPostgresTests(SharedPostgres postgres) : StorageContract
{
    private readonly PostgresStorage storage = new(postgres.Server.NewSchema());

    private protected override Dialect Dialect => storage.Dialect("node", TimeProvider.System);

    [Fact]
    public async Task Nodes_that_start_together_migrate_once()
    {
        var opened = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => OpenAsync(storage.Dialect($"node{i}", TimeProvider.System), Reserve())));
        foreach (var database in opened)
            await database.DisposeAsync();
    }

    /// <summary>Seen when PostgreSQL's disk was full: the connection went with the error, and every later statement failed under another name, for ever.</summary>
    [Fact]
    public async Task A_connection_that_the_server_closed_is_replaced_whatever_the_failure_is_called()
    {
        await using var database = await OpenAsync();
        var first = true;
        await database.WriteAsync(async tx =>
        {
            if (first)
            {
                first = false;
                await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => tx.ExecuteAsync("SELECT pg_terminate_backend(pg_backend_pid())", default));
            }

            return await InsertAsync(tx, "kept"); // the first time: «Connection is not open»
        });
        Assert.Equal(1, await CountAsync(database));
    }

    [Fact]
    public async Task Two_nodes_that_insert_the_same_key_both_go_on_and_one_finds_the_others_row()
    {
        await using var one = await OpenAsync(storage.Dialect("one", TimeProvider.System), Reserve());
        await using var two = await OpenAsync(storage.Dialect("two", TimeProvider.System), Reserve());
        var winners = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => (i % 2 == 0 ? one : two).WriteAsync(async tx =>
        {
            if (await tx.NumberAsync("SELECT COUNT(*) FROM payload WHERE sha256 = @id", default, ("id", $"{i / 2}")) > 0)
                return 0;
            await InsertAsync(tx, $"{i / 2}");
            return 1;
        })));
        Assert.Equal(100, winners.Sum());
        Assert.Equal(100, await CountAsync(one));
    }

    [Fact]
    public async Task What_a_unit_locks_no_other_node_moves_before_it_is_done()
    {
        await using var one = await OpenAsync(storage.Dialect("one", TimeProvider.System), Reserve());
        await using var two = await OpenAsync(storage.Dialect("two", TimeProvider.System), Reserve());
        await one.WriteAsync(tx => InsertAsync(tx, "counted"));
        await Task.WhenAll(Enumerable.Range(0, 100).Select(i => (i % 2 == 0 ? one : two).WriteAsync(async tx =>
        {
            var size = await tx.NumberAsync($"SELECT size FROM payload WHERE sha256 = 'counted'{tx.Locked("payload")}", default);
            return await tx.ExecuteAsync("UPDATE payload SET size = @size", default, ("size", size + 1));
        })));
        Assert.Equal(101, await one.ReadAsync(tx => tx.NumberAsync("SELECT size FROM payload", default)));
    }

    private protected override void Close() => storage.DisposeAsync().AsTask().GetAwaiter().GetResult();
}
