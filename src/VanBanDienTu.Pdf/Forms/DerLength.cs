namespace VanBanDienTu.Pdf;

/// <summary>How long the outermost ASN.1 value at the beginning of some bytes is. Knows lengths only, no cryptography.</summary>
internal static class DerLength
{
    private const int MaxNesting = 32;

    /// <summary>Length with its header, BER's indefinite form included; null when the bytes are no SEQUENCE that fits.</summary>
    public static int? Of(ReadOnlySpan<byte> bytes) => bytes is [0x30, ..] ? Element(bytes, 0) : null;

    private static int? Element(ReadOnlySpan<byte> bytes, int depth)
    {
        if (bytes.Length < 2 || depth > MaxNesting)
            return null;
        var at = 1;
        if ((bytes[0] & 0x1F) == 0x1F) // a tag of several bytes
        {
            while (at < bytes.Length && (bytes[at] & 0x80) != 0)
                at++;
            at++;
        }
        if (at >= bytes.Length)
            return null;
        var first = bytes[at++];
        if (first == 0x80)
            return (bytes[0] & 0x20) != 0 ? Indefinite(bytes, at, depth) : null;
        long length = first;
        if (first > 0x80)
        {
            var digits = first & 0x7F;
            if (digits > 7 || at + digits > bytes.Length)
                return null;
            length = 0;
            for (; digits > 0; digits--)
                length = length * 256 + bytes[at++];
        }
        return length <= bytes.Length - at ? at + (int)length : null;
    }

    private static int? Indefinite(ReadOnlySpan<byte> bytes, int at, int depth)
    {
        while (at + 1 < bytes.Length)
        {
            if (bytes[at] == 0 && bytes[at + 1] == 0)
                return at + 2;
            if (Element(bytes[at..], depth + 1) is not { } child)
                return null;
            at += child;
        }
        return null;
    }
}
