namespace VanBanDienTu.Signing.Cms;

/// <summary>Turns BER into DER: definite minimal lengths, joined octet strings, sorted SETs.</summary>
/// <remarks>RFC 5652 5.4: signed attributes are digested as DER even when they were sent as BER.</remarks>
internal static class DerEncoding
{
    /// <summary>The DER of an element; its own tag can be replaced (signedAttrs travel as [0] and are digested as SET OF).</summary>
    public static byte[] Of(BerElement element, byte? asTag = null)
    {
        var tag = asTag ?? element.Tag;
        if (!element.Constructed)
            return Wrap(tag, element.Content.Span);
        if (tag is 0x24)
            return Wrap(0x04, element.OctetString().Span);
        var parts = element.Children().ConvertAll(child => Of(child));
        if (tag == 0x31)
            parts.Sort((a, b) => a.AsSpan().SequenceCompareTo(b));
        return Wrap(tag, [.. parts.SelectMany(part => part)]);
    }

    /// <summary>Tag, minimal definite length, content.</summary>
    public static byte[] Wrap(byte tag, ReadOnlySpan<byte> content)
    {
        Span<byte> header = stackalloc byte[6];
        var length = WriteHeader(header, tag, content.Length);
        var whole = new byte[length + content.Length];
        header[..length].CopyTo(whole);
        content.CopyTo(whole.AsSpan(length));
        return whole;
    }

    /// <summary>Writes tag and definite length; answers how many bytes that took (at most 6).</summary>
    public static int WriteHeader(Span<byte> into, byte tag, int contentLength)
    {
        into[0] = tag;
        if (contentLength < 0x80)
        {
            into[1] = (byte)contentLength;
            return 2;
        }
        var count = HeaderLength(contentLength) - 2;
        into[1] = (byte)(0x80 | count);
        for (var i = 0; i < count; i++)
            into[2 + i] = (byte)((contentLength >> (8 * (count - 1 - i))) & 0xff);
        return 2 + count;
    }

    /// <summary>How many bytes tag and length take for a content of that many bytes.</summary>
    public static int HeaderLength(int contentLength) => contentLength switch
    {
        < 0x80 => 2,
        < 0x100 => 3,
        < 0x10000 => 4,
        < 0x1000000 => 5,
        _ => 6,
    };
}
