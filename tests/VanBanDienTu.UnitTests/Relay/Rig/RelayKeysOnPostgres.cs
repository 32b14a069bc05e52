using VanBanDienTu.Relay.Storage;
using VanBanDienTu.TestKit;
using VanBanDienTu.UnitTests.Relay.Rig;

[assembly: AssemblyFixture(typeof(SharedPostgres))]

namespace VanBanDienTu.UnitTests.Relay.Rig;

/// <summary>The same keys for nodes that keep their state in PostgreSQL, a database for each.</summary>
public sealed class RelayKeysOnPostgres(SharedPostgres postgres) : RelayKeys
{
    public override PostgresStorage NewStorage() => new(postgres.NewNode()) { OwnClocks = true };
}

/// <summary>
/// One PostgreSQL for all tests of this program, started by the first that needs it. It outlives every node of theirs, so nothing is synced;
/// tests that kill a server start one of their own.
/// </summary>
public sealed class SharedPostgres : IDisposable
{
    private readonly Lazy<PostgresServer> _server = new(() => PostgresServer.Start("max_connections=300", "fsync=off"));
    private readonly Lazy<string> _migrated;

    public SharedPostgres() => _migrated = new(() =>
    {
        var database = Server.NewDatabase();
        MigrateAsync(database).GetAwaiter().GetResult();
        return database;
    });

    public PostgresServer Server => _server.Value;

    /// <summary>A database with all tables and nothing in them, copied in a sixth of the time that making them takes; the answer is its connection string.</summary>
    public string NewNode() => Server.NewDatabase(_migrated.Value);

    public void Dispose()
    {
        if (_server.IsValueCreated)
            _server.Value.Dispose();
    }

    private static async Task MigrateAsync(string database)
    {
        await using var storage = new PostgresStorage(database); // closes its connections: nobody may be at what is copied
        await using var connection = await storage.Source.OpenConnectionAsync();
        await Migrations.ApplyAsync(connection, storage.Dialect("", TimeProvider.System), TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(), CancellationToken.None);
    }
}
