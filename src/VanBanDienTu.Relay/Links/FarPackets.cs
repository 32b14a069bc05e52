using System.Security.Cryptography;
using System.Text;
using VanBanDienTu.Relay.AtRest;
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
    private const string Plain = ".edxml";
    private const string Sealed = ".edxml.sealed";

    private readonly Ground ground;
    private readonly string folder;

    internal FarPackets(Ground ground)
    {
        this.ground = ground;
        folder = Path.Combine(ground.Options.DataFolder, "far");
        DurableFolder.Create(folder);
    }

    /// <summary>The keys that raw bytes in a data folder are sealed with.</summary>
    internal static IReadOnlyCollection<string> KeysIn(string dataFolder)
    {
        var far = Path.Combine(dataFolder, "far");
        return Directory.Exists(far)
            ? [.. Directory.EnumerateFiles(far, "*" + Sealed).Select(SealedFile.KeyIdOf).OfType<string>().Distinct(StringComparer.Ordinal)]
            : [];
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
    /// <returns>What opens them; <see cref="DoneAsync"/> deletes them.</returns>
    public async Task<Func<Stream>> KeepRawAsync(string link, string farId, Func<Stream, Task> fetch, CancellationToken ct)
    {
        var name = NameOf(link, farId);
        if (Find(name) is { } known)
        {
            DurableFolder.Sync(folder); // a process that was killed may not have come to that
            return () => Open(known, name);
        }

        ground.Reserve.DemandRoom();
        var keys = ground.Options.Keys;
        var path = Path.Combine(folder, keys.WritingId is null ? name + Plain : name + Sealed);
        var temporary = $"{path}.{Guid.NewGuid():N}";
        try
        {
            await using (var file = new FileStream(temporary, new FileStreamOptions
            {
                Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 128 << 10, Options = FileOptions.Asynchronous,
            }))
            {
                await SealedFile.WriteAsync(keys, file, name, fetch, ct);
                await file.FlushAsync(ct);
                DurableFolder.SyncOrEnd(file.SafeFileHandle, temporary);
            }

            File.Move(temporary, path, overwrite: true);
            DurableFolder.Sync(folder);
            return () => Open(path, name);
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
        if (Find(NameOf(link, farId)) is { } raw)
            File.Delete(raw);
    }

    /// <summary>It can never be taken: quarantine keeps its raw bytes (up to 1 MiB in the row; the file stays whole).</summary>
    public async Task FailAsync(string link, string farId, Reason why, CancellationToken ct)
    {
        var name = NameOf(link, farId);
        var raw = Find(name) is { } path ? await BeginningAsync(path, name, ct) : [];
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
    private static string NameOf(string link, string farId) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{link}\n{farId}")));

    private string? Find(string name) =>
        new[] { Path.Combine(folder, name + Sealed), Path.Combine(folder, name + Plain) }.FirstOrDefault(File.Exists);

    private Stream Open(string path, string name) => SealedFile.Open(
        ground.Options.Keys,
        new FileStream(path, new FileStreamOptions { Access = FileAccess.Read, BufferSize = 128 << 10, Options = FileOptions.Asynchronous }),
        name, path.EndsWith(Sealed, StringComparison.Ordinal));

    private async Task<byte[]> BeginningAsync(string path, string name, CancellationToken ct)
    {
        await using var file = Open(path, name);
        var bytes = new byte[Math.Min(file.Length, QuarantinedBytes)];
        await file.ReadExactlyAsync(bytes, ct);
        return bytes;
    }
}
