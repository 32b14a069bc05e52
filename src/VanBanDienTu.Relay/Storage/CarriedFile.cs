using VanBanDienTu.Relay.Telemetry;
using VanBanDienTu.Signing;

namespace VanBanDienTu.Relay.Storage;

/// <summary>
/// A file on a medium that is carried by hand: it appears under its name whole and durable, or not at all. Names that begin with a dot are
/// unfinished.
/// </summary>
public static class CarriedFile
{
    /// <param name="write">Writes the whole file.</param>
    /// <exception cref="IOException">The medium is away, full or broken; nothing appeared under the name.</exception>
    public static async Task PutAsync(string path, Func<Stream, Task> write, CancellationToken ct)
    {
        var folder = Path.GetDirectoryName(path)!;
        var unfinished = Path.Combine(folder, "." + Path.GetFileName(path) + ".part"); // one name: what a crash left is written over
        await using (var file = new FileStream(unfinished, new FileStreamOptions
        {
            Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.None, BufferSize = 128 << 10, Options = FileOptions.Asynchronous,
        }))
        {
            await write(file);
            await file.FlushAsync(ct);
            DurableNames.Sync(file.SafeFileHandle, unfinished);
            RelayMeter.Synced();
        }

        File.Move(unfinished, path, overwrite: true);
        DurableFolder.SyncRemovable(folder);
    }
}
