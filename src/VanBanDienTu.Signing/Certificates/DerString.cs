using System.Text;

namespace VanBanDienTu.Signing.Certificates;

/// <summary>Any string type of X.690, read leniently: a name that cannot be decoded must not stop a verification.</summary>
internal static class DerString
{
    /// <summary>The text of a string element; elements of other types are shown as «#» and hexadecimal (RFC 4514).</summary>
    public static string Read(ReadOnlyMemory<byte> element)
    {
        var reader = new DerReader(element, "certificate");
        var tag = reader.Tag;
        var content = reader.Read(tag).Span;
        return tag switch
        {
            0x0c => Encoding.UTF8.GetString(content),
            0x12 or 0x13 or 0x16 or 0x1a => Ascii(content),
            0x14 => Encoding.Latin1.GetString(content),
            0x1e when content.Length % 2 == 0 => Encoding.BigEndianUnicode.GetString(content),
            0x1c when content.Length % 4 == 0 => new UTF32Encoding(bigEndian: true, byteOrderMark: false).GetString(content),
            _ => "#" + Convert.ToHexStringLower(element.Span),
        };
    }

    // Printable and IA5 strings with UTF-8 inside are a common mistake of authorities; showing it right is the kind answer.
    private static string Ascii(ReadOnlySpan<byte> content)
    {
        if (!content.ContainsAnyExceptInRange((byte)0, (byte)0x7f))
            return Encoding.ASCII.GetString(content);
        var text = Encoding.UTF8.GetString(content);
        return text.Contains('\ufffd') ? Encoding.Latin1.GetString(content) : text;
    }
}
