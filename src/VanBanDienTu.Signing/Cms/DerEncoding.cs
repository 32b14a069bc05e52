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

    /// <summary>Whether what is inside an element is DER already, so that <see cref="Of"/> would give the same bytes.</summary>
    /// <param name="content">The content of a constructed element.</param>
    /// <param name="set">It is a SET: its elements must be sorted.</param>
    /// <param name="depth">How deep it stands; below <see cref="BerElement.MaxDepth"/> nothing is answered for.</param>
    public static bool IsDer(ReadOnlySpan<byte> content, bool set, int depth = 0)
    {
        var before = ReadOnlySpan<byte>.Empty;
        while (!content.IsEmpty)
        {
            if (depth > BerElement.MaxDepth || content.Length < 2 || content[0] == 0x24 || (content[0] & 0x1f) == 0x1f || MinimalHeader(content) is not (> 0 and var header, var length))
                return false;
            var element = content[..(header + length)];
            if (set && before.SequenceCompareTo(element) > 0)
                return false;
            if ((element[0] & 0x20) != 0 && !IsDer(element[header..], element[0] == 0x31, depth + 1))
                return false;
            before = element;
            content = content[element.Length..];
        }
        return true;
    }

    // Header 0: not definite, not minimal, or longer than what there is.
    private static (int Header, int Length) MinimalHeader(ReadOnlySpan<byte> element)
    {
        var (header, length) = (2, (int)element[1]);
        if (length >= 0x80)
        {
            var count = length - 0x80;
            if (count is 0 or > 3 || element.Length < 2 + count)
                return default;
            length = 0;
            foreach (var b in element.Slice(2, count))
                length = length << 8 | b;
            header += count;
        }
        return header == HeaderLength(length) && length <= element.Length - header ? (header, length) : default;
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
