using System.Data.Common;

namespace VanBanDienTu.Relay.Storage;

/// <summary>A look at what a node has stored, from outside: nothing is written, migrated or locked.</summary>
internal static class StoredData
{
    public const string FileName = "relay.db";

    /// <param name="postgres">The database that the node shares; null = its own, in the folder.</param>
    /// <returns>Null when the folder holds no database yet.</returns>
    /// <exception cref="RelayException"><see cref="RelayFault.StorageUnavailable"/>: no answer, or written by another version.</exception>
    public static async Task<T?> ReadAsync<T>(string dataFolder, PostgresStorage? postgres, Func<DatabaseTransaction, Task<T>> work, CancellationToken ct)
        where T : class
    {
        var file = Path.Combine(dataFolder, FileName);
        if (postgres is null && !File.Exists(file))
            return null;
        var dialect = postgres is null ? SqliteFile.Dialect(file, "", TimeProvider.System) : postgres.Dialect("", TimeProvider.System);
        try
        {
            await using var tx = new DatabaseTransaction(await dialect.OpenAsync(true, ct), dialect, writing: false);
            return await work(tx);
        }
        catch (Exception e) when (e is DbException or IOException or System.Net.Sockets.SocketException)
        {
            throw new RelayException(RelayFault.StorageUnavailable, $"Không đọc được dữ liệu của nút: {e.Message}", $"The node's data cannot be read: {e.Message}", e);
        }
    }
}
