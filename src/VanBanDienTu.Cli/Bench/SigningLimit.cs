using System.Security.Cryptography;

namespace VanBanDienTu.Cli.Bench;

/// <summary>
/// The least that signing and checking one's own output can cost: one signature, one verification, the bytes hashed twice. For a file
/// that is too large for memory also reading and writing them with buffers as ours, and one sync.
/// </summary>
internal sealed class SigningLimit(string signed, BareKey key)
{
    /// <summary>A larger file is never held in memory, here neither.</summary>
    public const long LargeBytes = 64L << 20;

    private const int BufferBytes = 256 << 10;

    private readonly byte[]? bytes = new FileInfo(signed).Length > LargeBytes ? null : File.ReadAllBytes(signed);

    /// <param name="scratch">A file that may be overwritten.</param>
    public Task RunAsync(string scratch)
    {
        var hash = bytes is null ? Copy(scratch) : SHA256.HashData(bytes);
        var value = key.Sign(hash);
        var again = bytes is null ? HashOf(scratch) : SHA256.HashData(bytes);
        return key.Verify(again, value) ? Task.CompletedTask : throw new CryptographicException("The platform's own signature does not verify.");
    }

    /// <summary>SHA-256 of a file, read with one buffer.</summary>
    public static byte[] HashOf(string file)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var source = File.OpenHandle(file);
        var buffer = new byte[BufferBytes];
        for (long at = 0; RandomAccess.Read(source, buffer, at) is > 0 and var got; at += got)
            hash.AppendData(buffer, 0, got);
        return hash.GetHashAndReset();
    }

    private byte[] Copy(string scratch)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var source = File.OpenHandle(signed);
        using var target = File.OpenHandle(scratch, FileMode.Create, FileAccess.Write);
        var buffer = new byte[BufferBytes];
        for (long at = 0; RandomAccess.Read(source, buffer, at) is > 0 and var got; at += got)
        {
            hash.AppendData(buffer, 0, got);
            RandomAccess.Write(target, buffer.AsSpan(0, got), at);
        }
        RandomAccess.FlushToDisk(target);
        return hash.GetHashAndReset();
    }
}
