using System.Security.Cryptography;
using VanBanDienTu.Gateway.Config;

namespace VanBanDienTu.Gateway.Vxp;

/// <summary>A folder for one packet while it is taken apart or put together; gone afterwards. Never in memory as a whole.</summary>
internal sealed class PacketSpool : IDisposable
{
    private const int ChunkBytes = 128 << 10;

    public PacketSpool(NodeConfig config)
    {
        Folder = Path.Combine(config.ScratchFolder, Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(Folder);
    }

    public string Folder { get; }

    public string Packet => Path.Combine(Folder, "packet.edxml");

    /// <summary>Keeps a stream as the packet.</summary>
    /// <returns>Its SHA-256.</returns>
    public async Task<byte[]> TakeAsync(Stream from, CancellationToken ct)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var file = Create(Packet);
        var buffer = new byte[ChunkBytes];
        while (await from.ReadAsync(buffer, ct) is > 0 and var count)
        {
            hash.AppendData(buffer, 0, count);
            await file.WriteAsync(buffer.AsMemory(0, count), ct);
        }

        return hash.GetHashAndReset();
    }

    public static FileStream Create(string path) => new(path, new FileStreamOptions
    {
        Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = ChunkBytes, Options = FileOptions.Asynchronous,
    });

    public static FileStream Open(string path) => new(path, new FileStreamOptions
    {
        Access = FileAccess.Read, BufferSize = ChunkBytes, Options = FileOptions.Asynchronous,
    });

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
