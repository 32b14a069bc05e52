using VanBanDienTu.Gateway.Config;
using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Keys;
using VanBanDienTu.Signing.Keys.Csc;
using VanBanDienTu.Signing.Keys.Pkcs11;

namespace VanBanDienTu.Gateway.Hosting;

/// <summary>Where a key of the configuration is (a PKCS#12 file, a token, a signing service) and what opens it, read once at the start. Neither is ever logged.</summary>
/// <param name="Path">The file's path, the token's <c>pkcs11:</c> address, or the service's <c>csc:</c>.</param>
/// <param name="Secret">The file's password or the token's PIN.</param>
public sealed record KeyAddress(string Path, string Secret)
{
    /// <summary>On a token or at a signing service, which may be away for a while.</summary>
    public bool IsElsewhere => Pkcs11Uri.Is(Path) || CscConfig.Is(Path);

    /// <exception cref="GatewayException"><see cref="GatewayFault.KeyFileMissing"/>.</exception>
    public static KeyAddress Find(NodeConfig config, KeyConfig key, string use)
    {
        if (CscConfig.Is(key.Key))
            return new KeyAddress(CscConfig.Scheme + CscConfig.FileOf(key.Key, config.BaseFolder), "");
        if (Pkcs11Uri.Is(key.Key))
            return new KeyAddress(key.Key, SecretOf(config, key, use));
        var path = config.PathOf(key.Key);
        if (!File.Exists(path))
            throw new GatewayException(GatewayFault.KeyFileMissing,
                $"Không thấy tệp khoá {use} {path}: hãy kiểm tra đường dẫn trong tệp cấu hình.",
                $"The key file {path} ({use}) does not exist; check the path in the configuration file.");
        return new KeyAddress(path, SecretOf(config, key, use));
    }

    /// <exception cref="SigningException">As <see cref="OpenedKey.Open"/> says.</exception>
    public OpenedKey Open() => OpenedKey.Open(Path, Secret);

    /// <summary>Hides the secret from whatever prints a record.</summary>
    public override string ToString() => nameof(KeyAddress);

    private static string SecretOf(NodeConfig config, KeyConfig key, string use)
    {
        if (key.PasswordEnvironment is { } name)
            return Environment.GetEnvironmentVariable(name) ?? throw new GatewayException(GatewayFault.KeyFileMissing,
                $"Biến môi trường {name} (mật khẩu hoặc mã PIN của khoá {use}) chưa được đặt.",
                $"The environment variable {name} (password or PIN of the key {use}) is not set.");
        if ((key.PasswordFile ?? key.PinFile) is not { } file)
            return "";
        var path = config.PathOf(file);
        try
        {
            return File.ReadAllText(path).TrimEnd('\r', '\n');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new GatewayException(GatewayFault.KeyFileMissing,
                $"Không đọc được tệp mật khẩu hoặc mã PIN {path} của khoá {use}.",
                $"The password or PIN file {path} of the key {use} cannot be read ({e.Message}).", e);
        }
    }
}
