using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace VanBanDienTu.Signing.Keys.Pkcs11;

/// <summary>A loaded PKCS#11 library. One per path for the life of the process: a second C_Initialize is an error, and unloading one is known to crash.</summary>
internal static unsafe class CryptokiModule
{
    internal static readonly ConcurrentDictionary<string, Lazy<Cryptoki>> Loaded = new(StringComparer.Ordinal);

    /// <exception cref="SigningException"><see cref="SigningFault.TokenModuleUnusable"/>.</exception>
    public static Cryptoki Open(string path)
    {
        if (OperatingSystem.IsWindows())
            throw Unusable(path, "tokens are supported on Linux and macOS", "chỉ hỗ trợ token trên Linux và macOS", null);
        var lazy = Loaded.GetOrAdd(path, p => new Lazy<Cryptoki>(() => Load(p)));
        try
        {
            return lazy.Value;
        }
        catch (SigningException)
        {
            Loaded.TryRemove(KeyValuePair.Create(path, lazy)); // what is installed or repaired meanwhile is seen the next time
            throw;
        }
    }

    private static Cryptoki Load(string path)
    {
        if (!File.Exists(path))
            throw Unusable(path, "there is no such file; install the token's driver, or correct module-path", "không có tệp này; hãy cài trình điều khiển của token hoặc sửa module-path", null);
        nint library;
        try
        {
            library = NativeLibrary.Load(path);
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            throw Unusable(path, "it cannot be loaded as a shared library of this machine", "không nạp được như thư viện của máy này", e);
        }
        if (!NativeLibrary.TryGetExport(library, "C_GetFunctionList", out var entry))
            throw Unusable(path, "it is not a PKCS#11 library (no C_GetFunctionList)", "không phải thư viện PKCS#11 (không có C_GetFunctionList)", null);
        nint list;
        var result = ((delegate* unmanaged[Cdecl]<nint*, nuint>)entry)(&list);
        if (result != CryptokiResult.Ok || list == 0)
            throw Unusable(path, $"it gave no functions ({CryptokiResult.Name(result)})", $"không cho danh sách hàm ({CryptokiResult.Name(result)})", null);
        var cryptoki = new Cryptoki(list);
        var initialized = cryptoki.Initialize();
        return initialized is CryptokiResult.Ok or CryptokiResult.AlreadyInitialized ? cryptoki
            : throw Unusable(path, $"it could not start ({CryptokiResult.Name(initialized)}); is its configuration in place?", $"không khởi động được ({CryptokiResult.Name(initialized)}); hãy kiểm tra cấu hình", null);
    }

    private static SigningException Unusable(string path, string english, string vietnamese, Exception? inner) => new(SigningFault.TokenModuleUnusable,
        $"The PKCS#11 module {path} cannot be used: {english}.", $"Không dùng được mô-đun PKCS#11 {path}: {vietnamese}.", inner);
}
