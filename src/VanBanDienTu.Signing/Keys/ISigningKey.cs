using System.Security.Cryptography;
using VanBanDienTu.Signing.Certificates;

namespace VanBanDienTu.Signing.Keys;

/// <summary>A private key that signs (khóa ký) and the certificate that goes with it; the key itself never leaves.</summary>
/// <remarks>A PKCS#12 file, a token or HSM, or a remote signing service: where the key lives changes nothing for what is signed.</remarks>
public interface ISigningKey
{
    /// <summary>The signer's certificate.</summary>
    Certificate Certificate { get; }

    /// <summary>The issuers known to the key's holder, nearest first, without a self-signed root.</summary>
    IReadOnlyList<Certificate> Chain { get; }

    /// <summary>«RSA» or «ECDSA».</summary>
    string KeyAlgorithm { get; }

    /// <summary>Signs a hash. ECDSA values are DER (SEQUENCE of r and s) and ignore the padding.</summary>
    /// <exception cref="SigningException"><see cref="SigningFault.KeyFailed"/>.</exception>
    ValueTask<byte[]> SignHashAsync(ReadOnlyMemory<byte> hash, HashAlgorithmName algorithm, SignaturePadding padding, CancellationToken cancellation);
}

/// <summary>How an RSA signature is padded.</summary>
public enum SignaturePadding
{
    /// <summary>RSASSA-PKCS1-v1_5.</summary>
    Pkcs1,

    /// <summary>RSASSA-PSS, salt as long as the hash.</summary>
    Pss,
}
