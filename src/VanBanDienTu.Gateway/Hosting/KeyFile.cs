using System.Security.Cryptography;
using VanBanDienTu.Gateway.Config;

namespace VanBanDienTu.Gateway.Hosting;

/// <summary>A key file of the configuration with its password, read once at the start. Neither is ever logged.</summary>
internal sealed record KeyFile(string Path, string Password)
{
    /// <exception cref="GatewayException"><see cref="GatewayFault.KeyFileMissing"/>.</exception>
    public static KeyFile Find(NodeConfig config, KeyConfig key, string use)
    {
        var path = config.PathOf(key.Key);
        if (!File.Exists(path))
            throw new GatewayException(GatewayFault.KeyFileMissing,
                $"Không thấy tệp khoá {use} {path}: hãy kiểm tra đường dẫn trong tệp cấu hình.",
                $"The key file {path} ({use}) does not exist; check the path in the configuration file.");
        return new KeyFile(path, PasswordOf(config, key, use));
    }

    private static string PasswordOf(NodeConfig config, KeyConfig key, string use)
    {
        if (key.PasswordEnvironment is { } name)
            return Environment.GetEnvironmentVariable(name) ?? throw new GatewayException(GatewayFault.KeyFileMissing,
                $"Biến môi trường {name} (mật khẩu của khoá {use}) chưa được đặt.",
                $"The environment variable {name} (password of the key {use}) is not set.");
        if (key.PasswordFile is not { } file)
            return "";
        var path = config.PathOf(file);
        try
        {
            return File.ReadAllText(path).TrimEnd('\r', '\n');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new GatewayException(GatewayFault.KeyFileMissing,
                $"Không đọc được tệp mật khẩu {path} của khoá {use}.",
                $"The password file {path} of the key {use} cannot be read ({e.Message}).", e);
        }
    }
}
