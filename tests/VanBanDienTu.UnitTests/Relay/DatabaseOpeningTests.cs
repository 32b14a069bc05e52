using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using VanBanDienTu.Relay;
using VanBanDienTu.Relay.Storage;
using VanBanDienTu.TestKit;
using VanBanDienTu.TestKit.Faults;
using VanBanDienTu.UnitTests.Relay.Rig;

namespace VanBanDienTu.UnitTests.Relay;

/// <summary>A PostgreSQL that does not let the node in: the reason is told, and what passes is waited for.</summary>
public sealed class DatabaseOpeningTests(SharedPostgres postgres) : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public async Task A_database_that_is_not_there_is_named()
    {
        var refused = await RefusedAsync(new NpgsqlConnectionStringBuilder(postgres.Server.NewSchema()) { Database = "nowhere" }.ToString());
        Assert.Contains("3D000: database \"nowhere\" does not exist", refused.Message, StringComparison.Ordinal);
        Assert.Contains("tệp chuỗi kết nối", refused.Vi, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_account_that_may_make_no_tables_is_told_so()
    {
        var connection = postgres.Server.NewSchema();
        var schema = new NpgsqlConnectionStringBuilder(connection).SearchPath;
        postgres.Server.Query(connection, $"CREATE ROLE reader LOGIN; GRANT USAGE ON SCHEMA {schema} TO reader");
        var refused = await RefusedAsync(new NpgsqlConnectionStringBuilder(connection) { Username = "reader" }.ToString());
        Assert.Contains("permission denied", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_whose_full_disk_ends_new_connections_is_waited_for()
    {
        using var disk = SmallDisk.TryMount(folder["disk"], "256m", out var why);
        Assert.SkipWhen(disk is null, why);
        if (Environment.IsPrivilegedProcess) ExternalTool.Run("chmod", "755", folder.Path);
        using var server = PostgresServer.StartIn(Directory.CreateDirectory(Path.Combine(disk!.Path, "pg")).FullName, "max_wal_size=32MB", "min_wal_size=32MB");
        var connection = server.NewDatabase();
        // Without it the next connection has to write what is cached of the catalogue, and cannot: the server ends it with XX000.
        var number = server.Query(connection, "SELECT oid FROM pg_database WHERE datname = current_database()");
        var cached = Path.Combine(disk.Path, "pg", "data", "base", number, "pg_internal.init");
        Assert.True(File.Exists(cached));
        File.Delete(cached);
        disk.Fill();
        var opening = OpenAsync(connection);
        while (!(await File.ReadAllTextAsync(server.LogFile)).Contains("could not write init file", StringComparison.Ordinal) && !opening.IsCompleted)
            await Task.Delay(50);
        Assert.False(opening.IsCompleted);
        disk.Free();
        await opening;
    }

    public void Dispose() => folder.Dispose();

    private Task<RelayException> RefusedAsync(string connection) => Assert.ThrowsAsync<RelayException>(() => OpenAsync(connection));

    private async Task OpenAsync(string connection)
    {
        await using var storage = new PostgresStorage(connection);
        await using var database = await Database.OpenAsync(
            storage.Dialect("node", TimeProvider.System), new DiskReserve(folder.Path, 1 << 20, 0), NullLogger.Instance, default);
    }
}
