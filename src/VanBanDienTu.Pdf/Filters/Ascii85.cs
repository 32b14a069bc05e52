namespace VanBanDienTu.Pdf;

internal static class Ascii85
{
    public static byte[] Decode(ReadOnlySpan<byte> text, int max)
    {
        var output = new List<byte>(text.Length * 4 / 5 + 4);
        var (group, count) = (0UL, 0);
        foreach (var c in text)
        {
            if (c == 'z' && count == 0)
                output.AddRange([0, 0, 0, 0]);
            else if (c is >= (byte)'!' and <= (byte)'u')
            {
                group = group * 85 + (uint)(c - '!');
                if (++count == 5)
                {
                    Flush(output, group, 4);
                    (group, count) = (0, 0);
                }
            }
            if (output.Count > max)
                throw PdfException.Limit($"{max} decoded bytes in one stream");
        }
        if (count > 1)
        {
            for (var i = count; i < 5; i++)
                group = group * 85 + 84;
            Flush(output, group, count - 1);
        }
        return output.ToArray();
    }

    private static void Flush(List<byte> output, ulong group, int bytes)
    {
        for (var i = 0; i < bytes; i++)
            output.Add((byte)((group >> (24 - 8 * i)) & 0xFF));
    }
}
