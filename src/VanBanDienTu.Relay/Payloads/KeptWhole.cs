using VanBanDienTu.Relay.Backup;
using VanBanDienTu.Relay.Storage;

namespace VanBanDienTu.Relay.Payloads;

/// <summary>Whether everything that rows name is there in its full length: a look from outside at an embedded node, running or not.</summary>
public static class KeptWhole
{
    /// <returns>One line for each file that is missing or too short; null when there is no database of this node's own yet.</returns>
    /// <exception cref="RelayException"><see cref="RelayFault.StorageUnavailable"/>.</exception>
    public static async Task<IReadOnlyList<string>?> FindingsAsync(string dataFolder, CancellationToken ct)
    {
        if (await StoredData.ReadAsync(dataFolder, null, tx => KeptPayload.OutsideAsync(tx, ct), ct) is not { } named)
            return null;
        return
        [
            .. from kept in named.GroupBy(payload => payload.File, StringComparer.Ordinal)
               let file = new FileInfo(Path.Combine(dataFolder, kept.Key))
               let least = kept.Max(p => p.From + p.Length)
               where !file.Exists || file.Length < least
               select file.Exists ? $"{kept.Key}: {file.Length} < {least} byte" : $"{kept.Key}: không còn / is gone",
        ];
    }
}
