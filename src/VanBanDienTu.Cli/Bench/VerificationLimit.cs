using System.Security.Cryptography;

namespace VanBanDienTu.Cli.Bench;

/// <summary>The least that verifying a file can cost: its bytes hashed once, one verification; the signers take turns.</summary>
internal sealed class VerificationLimit
{
    private readonly string file;
    private readonly byte[]? bytes;
    private readonly IReadOnlyList<BareKey> keys;
    private readonly byte[] hash = SHA256.HashData("any"u8);
    private readonly List<byte[]> values;

    public VerificationLimit(string file, IReadOnlyList<BareKey> keys)
    {
        (this.file, this.keys) = (file, keys);
        bytes = new FileInfo(file).Length > SigningLimit.LargeBytes ? null : File.ReadAllBytes(file);
        values = [.. keys.Select(key => key.Sign(hash))];
    }

    public Task RunAsync(int turn)
    {
        _ = bytes is null ? SigningLimit.HashOf(file) : SHA256.HashData(bytes);
        var at = turn % keys.Count;
        return keys[at].Verify(hash, values[at]) ? Task.CompletedTask : throw new CryptographicException("The platform's own signature does not verify.");
    }
}
