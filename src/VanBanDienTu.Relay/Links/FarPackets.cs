using System.Security.Cryptography;
using System.Text;
using VanBanDienTu.Relay.Messages;
using VanBanDienTu.Relay.Storage;

namespace VanBanDienTu.Relay.Links;

/// <summary>
/// What comes from a far side that does not push: each packet's raw bytes are durable here before anything is made of them, every attempt is
/// counted before it is made, and what can never be taken goes to quarantine and out of the way.
/// </summary>
public sealed class FarPackets
{
    private const int QuarantinedBytes = 1 << 20;

    private readonly Ground ground;
    private readonly string folder;

    internal FarPackets(Ground ground)
    {
        this.ground = ground;
        folder = Path.Combine(ground.Options.DataFolder, "far");
        DurableFolder.Create(folder);
    }

    /// <summary>Null when it was never seen.</summary>
    public Task<(FarState State, int Attempts)?> FindAsync(string link, string farId, CancellationToken ct) =>
        ground.Database.ReadAsync(tx => FarPacketTable.FindAsync(tx, link, farId, ct), ct);

    /// <summary>Counts an attempt.</summary>
    /// <returns>How many there are now, this one included.</returns>
    public async Task<int> TakeAsync(string link, string farId, CancellationToken ct)
    {
        await ground.Database.WriteAsync(
            async tx =>
            {
                await FarPacketTable.TakeAsync(tx, link, farId, ground.Now, default);
                return true;
            }, ct);
        return (await FindAsync(link, farId, ct))!.Value.Attempts;
    }

    /// <summary>The packet's raw bytes, durable when this returns; fetched only if they are not here yet.</summary>
    /// <param name="fetch">Writes the whole packet.</param>
    /// <returns>The file; <see cref="DoneAsync"/> deletes it.</returns>
    public async Task<string> KeepRawAsync(string link, string farId, Func<Stream, Task> fetch, CancellationToken ct)
    {
        var path = RawOf(link, farId);
        if (File.Exists(path))
            return path;
        ground.Reserve.DemandRoom();
        var temporary = $"{path}.{Guid.NewGuid():N}";
        try
        {
            await using (var file = new FileStream(temporary, new FileStreamOptions
            {
                Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 128 << 10, Options = FileOptions.Asynchronous,
            }))
            {
                await fetch(file);
                await file.FlushAsync(ct);
                DurableFolder.SyncOrEnd(file.SafeFileHandle, temporary);
            }

            File.Move(temporary, path, overwrite: true);
            DurableFolder.Sync(folder);
            return path;
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Its messages are durable here: the raw bytes have done their work.</summary>
    public async Task DoneAsync(string link, string farId, CancellationToken ct)
    {
        await SettleAsync(link, farId, FarState.Done, null, _ => Task.CompletedTask, ct);
        File.Delete(RawOf(link, farId));
    }

    /// <summary>It can never be taken: quarantine keeps its raw bytes (up to 1 MiB in the row; the file stays whole).</summary>
    public async Task FailAsync(string link, string farId, Reason why, CancellationToken ct)
    {
        var path = RawOf(link, farId);
        var raw = File.Exists(path) ? await BeginningAsync(path, ct) : [];
        await SettleAsync(
            link, farId, FarState.Failed, why.En, tx => Quarantine.KeepRawAsync(tx, $"{link}:{farId}", link, raw, why, ground.Now, default), ct);
    }

    /// <summary>The same packet for the same recipient has the same message id, whatever happens in between.</summary>
    public static Guid MessageId(string link, string farId, string recipient)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"far-packet\n{link}\n{farId}\n{recipient}")).AsSpan(0, 16);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80); // version 8: made from content
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash, bigEndian: true);
    }

    private Task SettleAsync(string link, string farId, FarState state, string? error, Func<DatabaseTransaction, Task> also, CancellationToken ct) =>
        ground.Database.WriteAsync(
            async tx =>
            {
                await FarPacketTable.SettleAsync(tx, link, farId, state, error, ground.Now, default);
                await also(tx);
                return true;
            }, ct);

    // A stranger's id must not shape a path.
    private string RawOf(string link, string farId) =>
        Path.Combine(folder, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{link}\n{farId}"))) + ".edxml");

    private static async Task<byte[]> BeginningAsync(string path, CancellationToken ct)
    {
        await using var file = File.OpenRead(path);
        var bytes = new byte[Math.Min(file.Length, QuarantinedBytes)];
        await file.ReadExactlyAsync(bytes, ct);
        return bytes;
    }
}
