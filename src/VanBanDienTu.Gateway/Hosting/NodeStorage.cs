using VanBanDienTu.Gateway.Config;
using VanBanDienTu.Relay;
using VanBanDienTu.Relay.AtRest;
using VanBanDienTu.Relay.Storage;

namespace VanBanDienTu.Gateway.Hosting;

/// <summary>A node's storage, looked at from outside: for tools that must work when the node does not.</summary>
public static class NodeStorage
{
    /// <summary>The keys that what is kept needs, with how much each still holds; null when the node has stored nothing yet.</summary>
    /// <exception cref="RelayException">The storage cannot be read.</exception>
    public static async Task<IReadOnlyList<KeyInUse>?> KeysAsync(NodeConfig config, CancellationToken ct)
    {
        await using var postgres = Postgres(config);
        return await KeysInUse.ReadAsync(config.PathOf(config.Data), postgres, ct);
    }

    /// <summary>The keys of a configuration.</summary>
    /// <exception cref="RelayException"><see cref="RelayFault.StorageKeyUnusable"/>.</exception>
    public static KeyRing Keys(NodeConfig config) =>
        config.Encryption is { } encryption ? KeyRing.Read([.. encryption.KeyFiles.Select(config.PathOf)]) : KeyRing.Empty;

    internal static PostgresStorage? Postgres(NodeConfig config) =>
        config.Storage is { } storage ? new PostgresStorage(File.ReadAllText(config.PathOf(storage.Postgres.ConnectionFile)).Trim()) : null;
}
