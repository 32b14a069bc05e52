namespace VanBanDienTu.Pdf;

/// <summary>Decodes the two ways of writing a string (ISO 32000-2, 7.3.4).</summary>
internal static class PdfStrings
{
    public static (byte[] Bytes, bool Irregular) DecodeHex(ReadOnlySpan<byte> digits)
    {
        if (digits.Length % 2 == 0)
        {
            var even = new byte[digits.Length / 2];
            if (Convert.FromHexString(digits, even, out _, out _) == System.Buffers.OperationStatus.Done)
                return (even, false);
        }
        var bytes = new List<byte>(digits.Length / 2 + 1);
        var (high, irregular) = (-1, digits.Length % 2 != 0);
        foreach (var c in digits)
        {
            var digit = PdfChars.Hex(c);
            if (digit < 0)
                irregular = true; // white space, or what readers skip
            else if (high < 0)
                high = digit;
            else
            {
                bytes.Add((byte)(high * 16 + digit));
                high = -1;
            }
        }
        if (high >= 0)
            bytes.Add((byte)(high * 16));
        return (bytes.ToArray(), irregular);
    }

    /// <summary>Length with both parentheses, or -1 when the string does not end in the window.</summary>
    public static int LiteralLength(ReadOnlySpan<byte> data)
    {
        var open = 0;
        for (var i = 0; i < data.Length; i++)
        {
            switch (data[i])
            {
                case (byte)'\\':
                    i++;
                    break;
                case (byte)'(':
                    open++;
                    break;
                case (byte)')' when --open == 0:
                    return i + 1;
            }
        }
        return -1;
    }

    public static byte[] DecodeLiteral(ReadOnlySpan<byte> inner)
    {
        if (inner.IndexOfAny((byte)'\\', (byte)13) < 0)
            return inner.ToArray();
        var bytes = new List<byte>(inner.Length);
        for (var i = 0; i < inner.Length; i++)
        {
            var c = inner[i];
            if (c == 13)
            {
                bytes.Add(10); // any end of line in a string reads as LF
                i += NextIs(inner, i, 10) ? 1 : 0;
            }
            else if (c == '\\' && i + 1 < inner.Length)
                i = Escape(inner, i + 1, bytes);
            else if (c != '\\')
                bytes.Add(c);
        }
        return bytes.ToArray();
    }

    /// <summary>Decodes the escape whose letter stands at <paramref name="at"/>; returns the last position used.</summary>
    private static int Escape(ReadOnlySpan<byte> inner, int at, List<byte> bytes)
    {
        var c = inner[at];
        switch (c)
        {
            case (byte)'n': bytes.Add(10); return at;
            case (byte)'r': bytes.Add(13); return at;
            case (byte)'t': bytes.Add(9); return at;
            case (byte)'b': bytes.Add(8); return at;
            case (byte)'f': bytes.Add(12); return at;
            case 10: return at; // a line continued
            case 13: return NextIs(inner, at, 10) ? at + 1 : at;
            case >= (byte)'0' and <= (byte)'7':
                var (value, end) = (0, Math.Min(at + 3, inner.Length));
                for (; at < end && inner[at] is >= (byte)'0' and <= (byte)'7'; at++)
                    value = value * 8 + inner[at] - '0';
                bytes.Add((byte)(value & 0xFF));
                return at - 1;
            default: bytes.Add(c); return at;
        }
    }

    private static bool NextIs(ReadOnlySpan<byte> data, int at, byte value) => at + 1 < data.Length && data[at + 1] == value;
}
