namespace Grpc.Framing;

/// <summary>The text form of <c>-bin</c> values: base64, sent without padding, read with or without it.</summary>
internal static class BinaryHeader
{
    public static string Encode(byte[] value) => Convert.ToBase64String(value).TrimEnd('=');

    /// <summary>False when the text is no base64.</summary>
    public static bool TryDecode(ReadOnlySpan<char> text, out byte[] value)
    {
        text = text.Trim().TrimEnd('=');
        var padded = (text.Length + 3) / 4 * 4;
        value = [];
        if (text.Length % 4 == 1)
            return false;
        Span<char> chars = padded <= 512 ? stackalloc char[padded] : new char[padded];
        text.CopyTo(chars);
        chars[text.Length..].Fill('=');
        var bytes = new byte[padded / 4 * 3];
        if (!Convert.TryFromBase64Chars(chars, bytes, out var length))
            return false;
        value = bytes.AsSpan(0, length).ToArray();
        return true;
    }

    /// <summary>Adds one received header to the metadata; several binary values may share a header, joined by commas.</summary>
    public static void AddReceived(Metadata metadata, string name, string value)
    {
        if (!Metadata.Entry.HasBinarySuffix(name))
        {
            metadata.Add(Metadata.Entry.Received(name, value));
            return;
        }

        foreach (var part in value.AsSpan().Split(','))
        {
            if (TryDecode(value.AsSpan()[part], out var bytes))
                metadata.Add(Metadata.Entry.Received(name, bytes));
        }
    }
}
