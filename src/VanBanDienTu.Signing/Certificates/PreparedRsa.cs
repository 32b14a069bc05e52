using System.Formats.Asn1;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using VanBanDienTu.Signing.Cms;

namespace VanBanDienTu.Signing.Certificates;

/// <summary>
/// An RSA key that OpenSSL prepared once for checking PKCS#1 v1.5 values over one hash function: .NET prepares every check anew, which costs
/// a third of it. It is the OpenSSL that .NET itself uses. One thread at a time.
/// </summary>
internal sealed class PreparedRsa : IDisposable
{
    private const string Library = "libcrypto.so.3";
    private const int Pkcs1 = 1; // RSA_PKCS1_PADDING
    private static readonly Lazy<bool> Works = new(Probe);

    private readonly HashAlgorithmName _hash;
    private readonly Context _context;

    private PreparedRsa(HashAlgorithmName hash, Context context) => (_hash, _context) = (hash, context);

    /// <summary>Null where there is no such library, or where it refuses the key or the hash function: .NET is asked then.</summary>
    /// <param name="modulus">The content of its INTEGER.</param>
    /// <param name="exponent">The same.</param>
    /// <param name="hash">What the values are over.</param>
    public static PreparedRsa? TryCreate(ReadOnlySpan<byte> modulus, ReadOnlySpan<byte> exponent, HashAlgorithmName hash) =>
        Works.Value && IsPositive(modulus) && IsPositive(exponent) ? Create(modulus, exponent, hash) : null;

    public bool IsFor(HashAlgorithmName hash) => _hash == hash;

    public bool Verify(ReadOnlySpan<byte> hash, ReadOnlySpan<byte> signature)
    {
        if (EVP_PKEY_verify(_context, ref MemoryMarshal.GetReference(signature), (nuint)signature.Length, ref MemoryMarshal.GetReference(hash), (nuint)hash.Length) == 1)
            return true;
        ERR_clear_error(); // nobody after us should meet what it noted about this value
        return false;
    }

    public void Dispose() => _context.Dispose();

    private static PreparedRsa? Create(ReadOnlySpan<byte> modulus, ReadOnlySpan<byte> exponent, HashAlgorithmName hash)
    {
        using var key = Imported(modulus, exponent);
        var context = key.IsInvalid ? null : EVP_PKEY_CTX_new_from_pkey(0, key, 0); // it holds the key from now on
        if (context is { IsInvalid: false } && EVP_PKEY_verify_init(context) == 1 && EVP_PKEY_CTX_set_rsa_padding(context, Pkcs1) == 1
            && EVP_get_digestbyname(hash.Name!) is var function and not 0 && EVP_PKEY_CTX_set_signature_md(context, function) == 1)
            return new PreparedRsa(hash, context);
        context?.Dispose();
        ERR_clear_error();
        return null;
    }

    // In its one exact form, so that OpenSSL cannot read another key out of it than this program did.
    private static Key Imported(ReadOnlySpan<byte> modulus, ReadOnlySpan<byte> exponent)
    {
        var key = new AsnWriter(AsnEncodingRules.DER);
        using (key.PushSequence())
        {
            key.WriteInteger(modulus);
            key.WriteInteger(exponent);
        }
        var spki = new AsnWriter(AsnEncodingRules.DER);
        using (spki.PushSequence())
        {
            DerWrite.Algorithm(spki, Oids.Rsa, withNull: true);
            spki.WriteBitString(key.Encode());
        }
        var der = spki.Encode();
        var pinned = GCHandle.Alloc(der, GCHandleType.Pinned);
        try
        {
            var at = pinned.AddrOfPinnedObject(); // it moves on to the end
            return d2i_PUBKEY(0, ref at, der.Length);
        }
        finally
        {
            pinned.Free();
        }
    }

    private static bool IsPositive(ReadOnlySpan<byte> integer) => integer is [> 0 and < 0x80, ..] or [0, >= 0x80, ..];

    // Believed only after it has told a value that holds from one that does not; made by `openssl genrsa 1024` and `openssl dgst -sha256 -sign`.
    private static bool Probe()
    {
        byte[] modulus = [0, .. Convert.FromBase64String(
            "p7TIWp3XUhqU/Xa4enZ3+eS+Jis3k29F5yjfJgL1Chr4kHOKZO89a0dfe1LzmFimJKroA1l3S3OPUOB4erRNpUumOoav4kSujtJR4FalcwPidrZCoqehCB4a6bEeDJun7DFRq+HDwbcCN5YwdgOgxZU8r07cAsgiCjr/0rH/Soc=")];
        var value = Convert.FromBase64String(
            "ATECaeMEAQDgDpleolzqg9K/fXthoKOl207jsb52Eciu1zIUynG8xIOjQZAS+8Q9/HdNahFV4GV6rscjDwNEW102ij0rxQe12+/0Cm+XbJULgeVyMlaCH4sxZqTHrSNvGVHIJys31u0Hjaa7u1aApM87Iqmn8Ze9qs3eJ1qPI7c=");
        try
        {
            using var key = Create(modulus, [1, 0, 1], HashAlgorithmName.SHA256);
            return key is not null && key.Verify(SHA256.HashData("prepared"u8), value) && !key.Verify(SHA256.HashData("another"u8), value) && key.Verify(SHA256.HashData("prepared"u8), value);
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException or BadImageFormatException)
        {
            return false;
        }
    }

    [DllImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern Key d2i_PUBKEY(nint into, ref nint der, nint length);

    [DllImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern void EVP_PKEY_free(nint key);

    [DllImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern Context EVP_PKEY_CTX_new_from_pkey(nint library, Key key, nint properties);

    [DllImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern void EVP_PKEY_CTX_free(nint context);

    [DllImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int EVP_PKEY_verify_init(Context context);

    [DllImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int EVP_PKEY_CTX_set_rsa_padding(Context context, int padding);

    [DllImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint EVP_get_digestbyname([MarshalAs(UnmanagedType.LPStr)] string name);

    [DllImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int EVP_PKEY_CTX_set_signature_md(Context context, nint function);

    [DllImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int EVP_PKEY_verify(Context context, ref byte signature, nuint signatureLength, ref byte hash, nuint hashLength);

    [DllImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern void ERR_clear_error();

    private sealed class Key() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
    {
        protected override bool ReleaseHandle()
        {
            EVP_PKEY_free(handle);
            return true;
        }
    }

    private sealed class Context() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
    {
        protected override bool ReleaseHandle()
        {
            EVP_PKEY_CTX_free(handle);
            return true;
        }
    }
}
