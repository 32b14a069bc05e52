using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using VanBanDienTu.Signing.Keys.Pkcs11;
using VanBanDienTu.TestKit;

namespace VanBanDienTu.IntegrationTests.Signing;

/// <summary>
/// A SoftHSM of its own in a temporary folder: its own tokens, and its own copy of the library, since one library reads its
/// configuration once and a process may use several modules.
/// </summary>
public sealed class SoftToken : IDisposable
{
    public const string Pin = "73914628";

    private const string Library = "/usr/lib/softhsm/libsofthsm2.so";
    private static readonly Lock Starting = new();

    private readonly TemporaryFolder _folder = new();

    public SoftToken()
    {
        Directory.CreateDirectory(_folder["tokens"]);
        File.WriteAllText(_folder["softhsm2.conf"], $"directories.tokendir = {_folder["tokens"]}\nobjectstore.backend = file\nlog.level = ERROR\n");
        Module = _folder["libsofthsm2.so"];
        File.Copy(File.ResolveLinkTarget(Library, returnFinalTarget: true)?.FullName ?? Library, Module);
    }

    /// <summary>The PKCS#11 library, for the module-path of an address.</summary>
    public string Module { get; }

    /// <summary>The address of a key: token and key are called after its type.</summary>
    public string Address(string type) => $"pkcs11:token={type};object=ky-so%20{type}?module-path={Module}";

    public Pkcs11Key Open(string type)
    {
        Start();
        return Pkcs11Key.Open(Address(type), Pin);
    }

    /// <summary>Loads the library while its configuration is the one in the environment. Tokens made afterwards are not seen.</summary>
    internal Cryptoki Start()
    {
        lock (Starting)
        {
            Assert.Equal(0, SetNative("SOFTHSM2_CONF", _folder["softhsm2.conf"], 1));
            return CryptokiModule.Open(Module);
        }
    }

    /// <summary>A token with a key and its certificates.</summary>
    /// <param name="alwaysAuthenticate">The key wants the PIN for every signature (CKA_ALWAYS_AUTHENTICATE).</param>
    public void Add(string label, X509Certificate2 leaf, IEnumerable<byte[]> issuers, bool alwaysAuthenticate = false)
    {
        using AsymmetricAlgorithm key = leaf.GetRSAPrivateKey() is { } rsa ? rsa : leaf.GetECDsaPrivateKey()!;
        AddEmpty(label);
        if (alwaysAuthenticate)
            Tool("pkcs11-tool", [.. On(label), "--write-object", _folder.Write("key.der", Plain(key)), "--type", "privkey", "--label", "ky-so " + label, "--id", "0a01", "--usage-sign", "--always-auth"]);
        else
        {
            File.WriteAllText(_folder["key.pem"], key.ExportPkcs8PrivateKeyPem());
            Tool("softhsm2-util", "--import", _folder["key.pem"], "--token", label, "--label", "ky-so " + label, "--id", "0a01", "--pin", Pin);
        }
        Write(label, leaf.RawData, "0a01");
        foreach (var issuer in issuers)
            Write(label, issuer, "0c01");
    }

    public void AddEmpty(string label) => Tool("softhsm2-util", "--init-token", "--free", "--label", label, "--pin", Pin, "--so-pin", "12345678");

    public void Dispose() => _folder.Dispose();

    private static byte[] Plain(AsymmetricAlgorithm key) => key is RSA rsa ? rsa.ExportRSAPrivateKey() : ((ECDsa)key).ExportECPrivateKey();

    private void Write(string label, byte[] certificate, string id) =>
        Tool("pkcs11-tool", [.. On(label), "--write-object", _folder.Write("certificate.der", certificate), "--type", "cert", "--id", id, "--label", "chung thu " + id]);

    private string[] On(string label) => ["--module", Module, "--token-label", label, "--login", "--pin", Pin];

    private void Tool(string program, params string[] arguments)
    {
        var answer = ExternalTool.Run("env", ["SOFTHSM2_CONF=" + _folder["softhsm2.conf"], program, .. arguments]);
        Assert.True(answer.ExitCode == 0, answer.Output);
    }

    // .NET keeps its own copy of the environment on Unix; a native library sees only the process's.
    [DllImport("libc", EntryPoint = "setenv")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetNative([MarshalAs(UnmanagedType.LPUTF8Str)] string name, [MarshalAs(UnmanagedType.LPUTF8Str)] string value, int overwrite);
}
