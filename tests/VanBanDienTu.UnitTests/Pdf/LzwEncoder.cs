namespace VanBanDienTu.UnitTests.Pdf;

/// <summary>Writes LZW as old PDF programs did, so that the decoder has something to read.</summary>
internal static class LzwEncoder
{
    public static byte[] Encode(byte[] data, int early)
    {
        var (output, buffer, bits, width) = (new List<byte>(), 0u, 0, 9);
        var table = Fresh();
        Put(256);
        var run = "";
        foreach (var b in data)
        {
            var longer = run + (char)b;
            if (table.ContainsKey(longer))
            {
                run = longer;
                continue;
            }
            Put(table[run]);
            if (table.Count + 2 == 4094) // the table is full: begin anew
            {
                Put(256);
                (table, width) = (Fresh(), 9);
            }
            else
            {
                table.Add(longer, table.Count + 2);
                // The decoder is one entry behind.
                width = (table.Count + 1 + early) switch { >= 2048 => 12, >= 1024 => 11, >= 512 => 10, _ => 9 };
            }
            run = ((char)b).ToString();
        }
        Put(table[run]);
        Put(257);
        if (bits > 0)
            output.Add(unchecked((byte)(buffer << (8 - bits))));
        return [.. output];

        void Put(int code)
        {
            buffer = (buffer << width) | (uint)code;
            for (bits += width; bits >= 8; bits -= 8)
                output.Add(unchecked((byte)(buffer >> (bits - 8))));
        }
    }

    private static Dictionary<string, int> Fresh() => Enumerable.Range(0, 256).ToDictionary(i => ((char)i).ToString(), i => i, StringComparer.Ordinal);
}
