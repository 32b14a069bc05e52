using System.Security.Cryptography;
using VanBanDienTu.Signing.Certificates;

namespace VanBanDienTu.Signing.Keys;

/// <summary>A key whose holder did not bring its issuers along: they were found elsewhere.</summary>
internal sealed class CompletedKey(ISigningKey key, IReadOnlyList<Certificate> chain) : ISigningKey
{
    public Certificate Certificate => key.Certificate;

    public IReadOnlyList<Certificate> Chain => chain;

    public string KeyAlgorithm => key.KeyAlgorithm;

    public ValueTask<byte[]> SignHashAsync(ReadOnlyMemory<byte> hash, HashAlgorithmName algorithm, SignaturePadding padding, CancellationToken cancellation) =>
        key.SignHashAsync(hash, algorithm, padding, cancellation);
}
