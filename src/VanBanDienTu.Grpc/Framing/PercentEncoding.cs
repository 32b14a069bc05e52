using System.Text;

namespace Grpc.Framing;

/// <summary>The encoding of <c>grpc-message</c>: UTF-8 bytes outside the visible ASCII characters, and '%', as %XX.</summary>
/// <remarks>Source: gRPC over HTTP/2, Percent-Encoded.</remarks>
internal static class PercentEncoding
{
    private const string Hex = "0123456789ABCDEF";

    public static string Encode(string text)
    {
        if (!text.AsSpan().ContainsAnyExcept(Plain))
            return text;
        var encoded = new StringBuilder(text.Length * 2);
        foreach (var b in Encoding.UTF8.GetBytes(text))
        {
            if (b is >= 0x20 and <= 0x7E and not (byte)'%')
                encoded.Append((char)b);
            else
                encoded.Append('%').Append(Hex[b >> 4]).Append(Hex[b & 15]);
        }

        return encoded.ToString();
    }

    /// <summary>Never fails: what is not a valid escape stays as it is.</summary>
    public static string Decode(string text)
    {
        if (!text.Contains('%', StringComparison.Ordinal))
            return text;
        var bytes = new byte[Encoding.UTF8.GetByteCount(text)];
        var length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '%' && i + 2 < text.Length && char.IsAsciiHexDigit(text[i + 1]) && char.IsAsciiHexDigit(text[i + 2]))
            {
                bytes[length++] = Convert.ToByte(text.Substring(i + 1, 2), 16);
                i += 2;
            }
            else
            {
                length += Encoding.UTF8.GetBytes(text.AsSpan(i, 1), bytes.AsSpan(length));
            }
        }

        return Encoding.UTF8.GetString(bytes, 0, length);
    }

    private static readonly System.Buffers.SearchValues<char> Plain = System.Buffers.SearchValues.Create(
        Enumerable.Range(0x20, 0x7F - 0x20).Select(c => (char)c).Where(c => c != '%').ToArray());
}
