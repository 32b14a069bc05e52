using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace VanBanDienTu.Signing.Certificates;

/// <summary>Hash functions by their OID: .NET's own, and SHA-224, which .NET lacks.</summary>
public static class MessageHash
{
    public const string Md5 = "1.2.840.113549.2.5";
    public const string Sha1 = "1.3.14.3.2.26";
    public const string Ripemd160 = "1.3.36.3.2.1";
    public const string Sha256 = "2.16.840.1.101.3.4.2.1";
    public const string Sha384 = "2.16.840.1.101.3.4.2.2";
    public const string Sha512 = "2.16.840.1.101.3.4.2.3";
    public const string Sha224 = "2.16.840.1.101.3.4.2.4";
    public const string Sha3At256 = "2.16.840.1.101.3.4.2.8";
    public const string Sha3At384 = "2.16.840.1.101.3.4.2.9";
    public const string Sha3At512 = "2.16.840.1.101.3.4.2.10";

    /// <summary>«SHA-256»; the OID itself when unknown.</summary>
    public static string Name(string oid) => oid switch
    {
        Md5 => "MD5",
        Sha1 => "SHA-1",
        Ripemd160 => "RIPEMD-160",
        Sha256 => "SHA-256",
        Sha384 => "SHA-384",
        Sha512 => "SHA-512",
        Sha224 => "SHA-224",
        Sha3At256 => "SHA3-256",
        Sha3At384 => "SHA3-384",
        Sha3At512 => "SHA3-512",
        _ => oid,
    };

    /// <summary>.NET's name, or null when .NET on this machine does not compute it.</summary>
    public static HashAlgorithmName? DotNetName(string oid) => oid switch
    {
        Md5 => HashAlgorithmName.MD5,
        Sha1 => HashAlgorithmName.SHA1,
        Sha256 => HashAlgorithmName.SHA256,
        Sha384 => HashAlgorithmName.SHA384,
        Sha512 => HashAlgorithmName.SHA512,
        Sha3At256 when SHA3_256.IsSupported => HashAlgorithmName.SHA3_256,
        Sha3At384 when SHA3_384.IsSupported => HashAlgorithmName.SHA3_384,
        Sha3At512 when SHA3_512.IsSupported => HashAlgorithmName.SHA3_512,
        _ => null,
    };

    public static string? OidOf(HashAlgorithmName name) => name.Name switch
    {
        "SHA256" => Sha256,
        "SHA384" => Sha384,
        "SHA512" => Sha512,
        "SHA1" => Sha1,
        "MD5" => Md5,
        "SHA3-256" => Sha3At256,
        "SHA3-384" => Sha3At384,
        "SHA3-512" => Sha3At512,
        _ => null,
    };

    /// <summary>Hashes <paramref name="data"/>; false when the function is not one we have.</summary>
    public static bool TryCompute(string oid, ReadOnlySpan<byte> data, [NotNullWhen(true)] out byte[]? hash)
    {
        hash = string.Equals(oid, Sha224, StringComparison.Ordinal) ? Certificates.Sha224.HashData(data)
            : DotNetName(oid) is { } name ? CryptographicOperations.HashData(name, data)
            : null;
        return hash is not null;
    }
}
