using System.Globalization;
using System.Text;

namespace VanBanDienTu.Axis.Vxp;

/// <summary>How the digest of a packet is written into <c>hash-file</c>.</summary>
public enum HashFileEncoding
{
    /// <summary>As the official library writes it: a byte below 0x10 becomes one digit, so the text is usually shorter than 64.</summary>
    Legacy,

    /// <summary>SHA-256 in 64 hexadecimal digits.</summary>
    Standard,
}

/// <summary>The header <c>hash-file</c>: SHA-256 of the packet, in one of two writings.</summary>
public static class HashFile
{
    public static string Write(ReadOnlySpan<byte> sha256, HashFileEncoding encoding)
    {
        if (encoding == HashFileEncoding.Standard)
            return Convert.ToHexStringLower(sha256);
        var text = new StringBuilder(sha256.Length * 2);
        foreach (var b in sha256)
            text.Append(CultureInfo.InvariantCulture, $"{b:x}");
        return text.ToString();
    }

    /// <summary>Whether the text is this digest in either writing.</summary>
    public static bool Matches(string text, ReadOnlySpan<byte> sha256) =>
        string.Equals(text, Write(sha256, HashFileEncoding.Standard), StringComparison.OrdinalIgnoreCase)
        || string.Equals(text, Write(sha256, HashFileEncoding.Legacy), StringComparison.OrdinalIgnoreCase);
}
