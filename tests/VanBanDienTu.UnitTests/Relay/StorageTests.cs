using Microsoft.Extensions.Logging.Abstractions;
using VanBanDienTu.Relay;
using VanBanDienTu.Relay.Storage;
using VanBanDienTu.TestKit;

namespace VanBanDienTu.UnitTests.Relay;

public sealed class StorageTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public async Task Units_of_work_share_commits_and_each_is_all_or_nothing()
    {
        await using var database = Open();
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
        await using var database = Open();
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
        var database = Open();
        await database.WriteAsync(tx => InsertAsync(tx, "kept"));
        await database.AbandonAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => database.WriteAsync(tx => InsertAsync(tx, "late")));
        await using var again = Open();
        Assert.Equal(1, await CountAsync(again));
    }

    [Fact]
    public async Task A_full_database_gives_up_its_reserve_once_and_then_says_so()
    {
        var reserve = Reserve();
        await using var database = Open(reserve, maxPages: 90);
        Assert.False(reserve.IsFull());
        var written = 0;
        var full = await Assert.ThrowsAsync<RelayException>(async () =>
        {
            for (; written < 1000; written++)
                await database.WriteAsync(tx => InsertAsync(tx, $"{written}-{new string('x', 3000)}"));
        });
        Assert.Equal(RelayFault.DiskFull, full.Fault);
        Assert.False(File.Exists(folder["reserve"]));
        Assert.Equal(written, await CountAsync(database)); // nothing half done
    }

    [Fact]
    public void The_reserve_takes_its_room_back_when_there_is_some()
    {
        var reserve = Reserve();
        Assert.Equal(1 << 20, new FileInfo(folder["reserve"]).Length);
        Assert.True(reserve.Release());
        Assert.False(reserve.Release());
        Assert.False(reserve.IsFull());
        Assert.True(File.Exists(folder["reserve"]));
    }

    [Fact]
    public async Task Data_of_a_newer_program_is_refused_in_one_sentence()
    {
        await using (var database = Open())
            await database.WriteAsync(tx => tx.ExecuteAsync("INSERT INTO migration (number, name, applied_at) VALUES (9999, 'later', 0)", default));
        var refused = Assert.Throws<RelayException>(() => Open());
        Assert.Equal(RelayFault.StorageUnavailable, refused.Fault);
        Assert.Contains("9999", refused.Message, StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();

    private DiskReserve Reserve() => new(folder.Path, 1 << 20, 0);

    private Database Open(DiskReserve? reserve = null, long maxPages = 0) =>
        Database.Open(folder["relay.db"], reserve ?? Reserve(), TimeProvider.System, NullLogger.Instance, maxPages);

    private static Task<int> InsertAsync(DatabaseTransaction tx, string id) =>
        tx.ExecuteAsync("INSERT INTO payload (sha256, size, bytes) VALUES (@id, 1, NULL)", default, ("id", id));

    private static Task<long> CountAsync(Database database) =>
        database.ReadAsync(tx => tx.NumberAsync("SELECT COUNT(*) FROM payload", default));
}
