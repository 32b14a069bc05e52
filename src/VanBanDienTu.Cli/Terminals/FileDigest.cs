using System.Security.Cryptography;

namespace VanBanDienTu.Cli.Terminals;

/// <summary>SHA-256 of files, lower-case hexadecimal.</summary>
internal static class FileDigest
{
    public static string Of(string file)
    {
        using var stream = File.OpenRead(file);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    /// <summary>Null when the file cannot be read.</summary>
    public static string? TryOf(string file)
    {
        try
        {
            return Of(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
