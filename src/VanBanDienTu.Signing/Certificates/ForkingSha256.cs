using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace VanBanDienTu.Signing.Certificates;

/// <summary>
/// A running SHA-256 that can be split in two, so that bytes which two digests share are hashed once. It is the OpenSSL that .NET
/// itself uses; .NET's IncrementalHash cannot be copied. One thread at a time.
/// </summary>
internal sealed class ForkingSha256 : IDisposable
{
    private const string Library = "libcrypto.so.3";
    private static readonly Lazy<bool> Works = new(Probe);

    // Fetched once and never freed: EVP_sha256() would be looked up again by every context.
    private static readonly Lazy<nint> Function = new(() => EVP_MD_fetch(0, "SHA256", 0) is var found and not 0 ? found : throw new CryptographicException("OpenSSL has no SHA-256."));

    private static readonly Spares<Context> Kept = new(2 * Environment.ProcessorCount); // of the file and of a range

    private Context? _context;

    private ForkingSha256(Context context) => _context = context;

    private Context Mine => _context ?? throw new ObjectDisposedException(nameof(ForkingSha256));

    /// <summary>Null where there is no such library: hash twice then.</summary>
    public static ForkingSha256? TryCreate() => Works.Value ? Create() : null;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.IsEmpty)
            Demand(EVP_DigestUpdate(Mine, ref MemoryMarshal.GetReference(bytes), (nuint)bytes.Length));
    }

    /// <summary>Another one that has hashed the same bytes so far; the caller disposes of it.</summary>
    public ForkingSha256 Fork()
    {
        var copy = NewContext();
        Demand(EVP_MD_CTX_copy_ex(copy, Mine));
        return new ForkingSha256(copy);
    }

    /// <summary>The digest; nothing can be appended afterwards.</summary>
    public byte[] Finish()
    {
        var digest = new byte[SHA256.HashSizeInBytes];
        Demand(EVP_DigestFinal_ex(Mine, ref digest[0], 0));
        return digest;
    }

    /// <summary>It must not be used again: its context may be somebody else's by then.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _context, null) is { } context)
            Kept.Keep(context);
    }

    private static ForkingSha256 Create()
    {
        var context = NewContext();
        Demand(EVP_DigestInit_ex(context, Function.Value, 0));
        return new ForkingSha256(context);
    }

    // One that was used before is begun anew by what comes next, EVP_DigestInit_ex or EVP_MD_CTX_copy_ex.
    private static Context NewContext()
    {
        if (Kept.Take() is { } spare)
            return spare;
        var context = EVP_MD_CTX_new();
        return context.IsInvalid ? throw new CryptographicException("OpenSSL gave no digest context.") : context;
    }

    private static void Demand(int result)
    {
        if (result != 1)
            throw new CryptographicException("OpenSSL's SHA-256 failed.");
    }

    // Believed only after it has given .NET's own answer.
    private static bool Probe()
    {
        try
        {
            using var one = Create();
            one.Append("shared "u8);
            using var other = one.Fork();
            one.Append("one"u8);
            other.Append("other"u8);
            return one.Finish().AsSpan().SequenceEqual(SHA256.HashData("shared one"u8)) && other.Finish().AsSpan().SequenceEqual(SHA256.HashData("shared other"u8));
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException or BadImageFormatException or CryptographicException)
        {
            return false;
        }
    }

    [DllImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern Context EVP_MD_CTX_new();

    [DllImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern void EVP_MD_CTX_free(nint context);

    [DllImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint EVP_MD_fetch(nint library, [MarshalAs(UnmanagedType.LPStr)] string name, nint properties);

    [DllImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int EVP_DigestInit_ex(Context context, nint algorithm, nint engine);

    [DllImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int EVP_DigestUpdate(Context context, ref byte bytes, nuint count);

    [DllImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int EVP_MD_CTX_copy_ex(Context to, Context from);

    [DllImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int EVP_DigestFinal_ex(Context context, ref byte digest, nint length);

    private sealed class Context() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
    {
        protected override bool ReleaseHandle()
        {
            EVP_MD_CTX_free(handle);
            return true;
        }
    }
}
