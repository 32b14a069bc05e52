using VanBanDienTu.Gateway.Config;
using VanBanDienTu.Relay;
using VanBanDienTu.Gateway.Grpc;
using VanBanDienTu.Relay.AtRest;
using VanBanDienTu.Relay.Backup;
using VanBanDienTu.Relay.Evidence;
using VanBanDienTu.Relay.Storage;
using VanBanDienTu.Signing.Trust;

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

    /// <summary>Copies an embedded node, running or not.</summary>
    /// <param name="withKeys">The files of the storage keys too.</param>
    /// <exception cref="RelayException"><see cref="RelayFault.BackupUnusable"/>, <see cref="RelayFault.StorageUnavailable"/>.</exception>
    public static Task<BackupManifest> BackUpAsync(NodeConfig config, string target, bool withKeys, IProgress<BackupProgress>? progress, CancellationToken ct) =>
        NodeBackup.MakeAsync(
            config.PathOf(config.Data), Path.GetFullPath(target), (config.Node, config.Organ, NodeVersion.Text),
            withKeys ? [.. (config.Encryption?.KeyFiles ?? []).Select(config.PathOf)] : [], progress, TimeProvider.System, ct);

    /// <summary>Checks all the evidence of a node's database, running or not; null when it has stored nothing yet.</summary>
    /// <exception cref="RelayException">The storage cannot be read.</exception>
    public static async Task<AuditReport?> AuditAsync(NodeConfig config, TrustSnapshot trust, IProgress<AuditProgress>? progress, CancellationToken ct)
    {
        await using var postgres = Postgres(config);
        return await EvidenceAudit.RunAsync(config.PathOf(config.Data), postgres, trust, progress, ct);
    }

    /// <summary>The same of a data folder or a backup.</summary>
    public static Task<AuditReport?> AuditAsync(string folder, TrustSnapshot trust, IProgress<AuditProgress>? progress, CancellationToken ct) =>
        EvidenceAudit.RunAsync(Path.GetFullPath(folder), null, trust, progress, ct);

    /// <param name="config">Names the keys of sealed payloads; null = they are not opened.</param>
    /// <exception cref="RelayException"><see cref="RelayFault.BackupUnusable"/>.</exception>
    public static Task<BackupFindings> CheckBackupAsync(string backup, NodeConfig? config, IProgress<BackupProgress>? progress, CancellationToken ct) =>
        BackupCheck.RunAsync(Path.GetFullPath(backup), config is null ? KeyRing.Empty : Keys(config), progress, ct);

    /// <exception cref="RelayException"><see cref="RelayFault.BackupUnusable"/>, <see cref="RelayFault.StorageKeyMissing"/>.</exception>
    public static Task<BackupFindings> RestoreAsync(string backup, NodeConfig config, IProgress<BackupProgress>? progress, CancellationToken ct) =>
        config.Storage is not null
            ? throw new RelayException(
                RelayFault.BackupUnusable, "Nút dùng PostgreSQL: phục hồi bằng pg_restore hoặc bản sao cơ sở, rồi «vbdt restore --mark THỜI-ĐIỂM».",
                "The node is on PostgreSQL: restore with pg_restore or a base backup, then «vbdt restore --mark TIME».")
            : NodeRestore.RunAsync(Path.GetFullPath(backup), config.PathOf(config.Data), (config.Node, config.Organ), Keys(config), progress, TimeProvider.System, ct);

    /// <summary>The node's database was put back by other means.</summary>
    public static void MarkRestored(NodeConfig config, DateTimeOffset backupMade) =>
        NodeRestore.Mark(config.PathOf(config.Data), backupMade, TimeProvider.System);

    internal static PostgresStorage? Postgres(NodeConfig config) =>
        config.Storage is { } storage ? new PostgresStorage(File.ReadAllText(config.PathOf(storage.Postgres.ConnectionFile)).Trim()) : null;
}
