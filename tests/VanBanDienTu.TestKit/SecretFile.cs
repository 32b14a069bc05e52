namespace VanBanDienTu.TestKit;

/// <summary>What a node reads a secret from: only its owner may.</summary>
public static class SecretFile
{
    public static void Write(string path, string secret)
    {
        File.WriteAllText(path, secret);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }
}
