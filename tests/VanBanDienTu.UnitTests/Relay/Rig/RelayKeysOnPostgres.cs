using VanBanDienTu.Relay.Storage;
using VanBanDienTu.TestKit;
using VanBanDienTu.UnitTests.Relay.Rig;

[assembly: AssemblyFixture(typeof(SharedPostgres))]

namespace VanBanDienTu.UnitTests.Relay.Rig;

/// <summary>The same keys for nodes that keep their state in PostgreSQL, a schema for each.</summary>
public sealed class RelayKeysOnPostgres(SharedPostgres postgres) : RelayKeys
{
    public override PostgresStorage NewStorage() => new(postgres.Server.NewSchema()) { OwnClocks = true };
}

/// <summary>One PostgreSQL for all tests of this program, started by the first that needs it.</summary>
public sealed class SharedPostgres : IDisposable
{
    private readonly Lazy<PostgresServer> _server = new(() => PostgresServer.Start("max_connections=300"));

    public PostgresServer Server => _server.Value;

    public void Dispose()
    {
        if (_server.IsValueCreated)
            _server.Value.Dispose();
    }
}

[CollectionDefinition("relay on PostgreSQL")]
public sealed class RelayOnPostgresCollection : ICollectionFixture<RelayKeysOnPostgres>;
