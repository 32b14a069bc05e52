using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using VanBanDienTu.Signing.Keys.Pkcs11;
using VanBanDienTu.TestKit;

namespace VanBanDienTu.IntegrationTests.Signing;

/// <summary>A SoftHSM of its own in a temporary folder, with one token and key per key type. Its library reads its configuration once per process.</summary>
public sealed class SoftToken : IDisposable
{
    public const string Module = "/usr/lib/softhsm/libsofthsm2.so";
    public const string Pin = "73914628";

    private readonly TemporaryFolder _folder = new();

    public SoftToken()
    {
        Directory.CreateDirectory(_folder["tokens"]);
        File.WriteAllText(_folder["softhsm2.conf"], $"directories.tokendir = {_folder["tokens"]}\nobjectstore.backend = file\nlog.level = ERROR\n");
        Environment.SetEnvironmentVariable("SOFTHSM2_CONF", _folder["softhsm2.conf"]); // for child processes
        Assert.Equal(0, SetNative("SOFTHSM2_CONF", _folder["softhsm2.conf"], 1)); // for the library in this one
        foreach (var type in new[] { "rsa2048", "p256", "p384", "p521" })
            AddToken(type);
        Tool("softhsm2-util", "--init-token", "--free", "--label", "empty", "--pin", Pin, "--so-pin", "12345678");
    }

    /// <summary>The key of a type: token and key are called after it.</summary>
    public static string Address(string type) => $"pkcs11:token={type};object=ky-so%20{type}?module-path={Module}";

    public Pkcs11Key Open(string type) => Pkcs11Key.Open(Address(type), Pin);

    public void Dispose() => _folder.Dispose();

    private void AddToken(string type)
    {
        using var leaf = TestKeys.LeafCertificate(type, usage: X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.NonRepudiation, name: "CN=Trần Thị B, O=Sở Thử nghiệm");
        AsymmetricAlgorithm key = leaf.GetRSAPrivateKey() is { } rsa ? rsa : leaf.GetECDsaPrivateKey()!;
        File.WriteAllText(_folder["key.pem"], key.ExportPkcs8PrivateKeyPem());
        Tool("softhsm2-util", "--init-token", "--free", "--label", type, "--pin", Pin, "--so-pin", "12345678");
        Tool("softhsm2-util", "--import", _folder["key.pem"], "--token", type, "--label", "ky-so " + type, "--id", "0a01", "--pin", Pin);
        Write(type, leaf.RawData, "0a01");
        foreach (var issuer in TestKeys.Rsa2048.Chain)
            Write(type, issuer.Der.ToArray(), "0c01");
        key.Dispose();
    }

    private void Write(string type, byte[] certificate, string id) =>
        Tool("pkcs11-tool", "--module", Module, "--token-label", type, "--login", "--pin", Pin, "--write-object", _folder.Write("certificate.der", certificate), "--type", "cert", "--id", id, "--label", "chung thu " + id);

    private static void Tool(string program, params string[] arguments)
    {
        var answer = ExternalTool.Run(program, arguments);
        Assert.True(answer.ExitCode == 0, answer.Output);
    }

    // .NET keeps its own copy of the environment on Unix; a native library sees only the process's.
    [DllImport("libc", EntryPoint = "setenv")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetNative([MarshalAs(UnmanagedType.LPUTF8Str)] string name, [MarshalAs(UnmanagedType.LPUTF8Str)] string value, int overwrite);
}
