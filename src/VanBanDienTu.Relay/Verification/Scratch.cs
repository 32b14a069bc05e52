using VanBanDienTu.Relay.Payloads;

namespace VanBanDienTu.Relay.Verification;

/// <summary>What one piece of work has at hand: payloads that fit into memory, and a folder, made when a file of it is named first, deleted with the work.</summary>
internal sealed class Scratch(Ground ground, Guid id) : IDisposable
{
    private readonly Dictionary<string, ReadOnlyMemory<byte>> held = new(StringComparer.Ordinal);
    private string? folder;

    /// <summary>All bytes of a payload of at most <see cref="PayloadStore.MemoryBytes"/>, read once.</summary>
    public async Task<ReadOnlyMemory<byte>> ReadAsync(PayloadRef payload, CancellationToken ct)
    {
        if (held.TryGetValue(payload.Sha256, out var known))
            return known;
        var bytes = await ground.Payloads.ReadAsync(payload, ct);
        Hold(payload, bytes);
        return bytes;
    }

    /// <summary>Bytes that were just saved need not be read again.</summary>
    public void Hold(PayloadRef payload, ReadOnlyMemory<byte> bytes) => held[payload.Sha256] = bytes;

    public string File(string name)
    {
        folder ??= Directory.CreateDirectory(Path.Combine(ground.Options.Scratch, $"{id:N}-{Guid.NewGuid():N}")).FullName;
        return Path.Combine(folder, name);
    }

    public void Dispose()
    {
        if (folder is null)
            return;
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (IOException)
        {
            // The next start deletes the whole work folder.
        }
    }

    /// <summary>What processes before this one left behind.</summary>
    public static void Clear(string work)
    {
        if (Directory.Exists(work))
            Directory.Delete(work, recursive: true);
    }
}
