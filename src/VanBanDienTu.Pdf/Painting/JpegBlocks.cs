using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace VanBanDienTu.Pdf;

/// <summary>
/// The mean brightness of each block of 8 × 8 samples of a JPEG, which is what its first coefficients say: a picture an eighth as wide and high, made
/// without any transformation. Sequential and progressive, Huffman coded.
/// </summary>
/// <remarks>Source: ITU-T T.81, annexes B, F and G.</remarks>
internal sealed class JpegBlocks
{
    private const int MostBlocks = 6_250_000; // an image of 20,000 × 20,000

    private readonly Dictionary<int, Huffman> tables = [];
    private readonly List<Part> parts = [];
    private readonly int[] firstQuantizer = [1, 1, 1, 1];
    private bool progressive;
    private int restartEvery;
    private int across;
    private int down;

    private JpegBlocks()
    {
    }

    /// <summary>In blocks.</summary>
    public int Width { get; private set; }

    /// <summary>In blocks.</summary>
    public int Height { get; private set; }

    /// <summary>0 is dark, row by row from the top.</summary>
    public byte[] Means { get; private set; } = [];

    /// <summary>Null for what is none, or is coded in another way.</summary>
    public static JpegBlocks? Read(ReadOnlySpan<byte> jpeg)
    {
        var blocks = new JpegBlocks();
        try
        {
            return blocks.Segments(jpeg) ? blocks : null;
        }
        catch (Exception e) when (e is IndexOutOfRangeException or ArgumentException)
        {
            return null; // cut off
        }
    }

    private bool Segments(ReadOnlySpan<byte> jpeg)
    {
        for (var at = 2; at + 4 <= jpeg.Length;)
        {
            if (jpeg[at] != 0xFF)
                return false;
            var marker = jpeg[at + 1];
            if (marker == 0xFF)
            {
                at++;
                continue;
            }
            var length = BinaryPrimitives.ReadUInt16BigEndian(jpeg[(at + 2)..]);
            var body = jpeg.Slice(at + 4, length - 2);
            at += 2 + length;
            switch (marker)
            {
                case 0xC0 or 0xC1 or 0xC2:
                    progressive = marker == 0xC2;
                    if (!Frame(body))
                        return false;
                    break;
                case 0xC4:
                    Tables(body);
                    break;
                case 0xDB:
                    Quantizers(body);
                    break;
                case 0xDD:
                    restartEvery = BinaryPrimitives.ReadUInt16BigEndian(body);
                    break;
                case 0xDA:
                    return Scan(body, jpeg[at..]); // the first one has all that is wanted, or this one cannot be read
                case 0xC3 or (>= 0xC5 and <= 0xC7) or (>= 0xC9 and <= 0xCB) or (>= 0xCD and <= 0xCF) or 0xD9:
                    return false;
            }
        }
        return false;
    }

    private bool Frame(ReadOnlySpan<byte> body)
    {
        var (height, width, count) = (BinaryPrimitives.ReadUInt16BigEndian(body[1..]), BinaryPrimitives.ReadUInt16BigEndian(body[3..]), body[5]);
        if (body[0] != 8 || height == 0 || width == 0 || count is not (1 or 3 or 4))
            return false;
        for (var i = 0; i < count; i++)
        {
            var part = body.Slice(6 + 3 * i, 3);
            parts.Add(new Part(part[0], part[1] >> 4, part[1] & 15, part[2] & 3));
        }
        if (parts.Exists(p => p.Across is < 1 or > 4 || p.Down is < 1 or > 4))
            return false;
        if (count == 1)
            parts[0] = parts[0] with { Across = 1, Down = 1 };
        var (most, deepest) = (parts.Max(p => p.Across), parts.Max(p => p.Down));
        (across, down) = ((width + 8 * most - 1) / (8 * most), (height + 8 * deepest - 1) / (8 * deepest));
        (Width, Height) = (across * parts[0].Across, down * parts[0].Down);
        return (long)Width * Height <= MostBlocks;
    }

    private void Tables(ReadOnlySpan<byte> body)
    {
        while (body.Length > 17)
        {
            var count = 0;
            foreach (var n in body.Slice(1, 16))
                count += n;
            tables[body[0]] = new Huffman(body.Slice(1, 16), body.Slice(17, count));
            body = body[(17 + count)..];
        }
    }

    private void Quantizers(ReadOnlySpan<byte> body)
    {
        while (body.Length > 64)
        {
            var wide = body[0] >> 4 != 0;
            firstQuantizer[body[0] & 3] = wide ? BinaryPrimitives.ReadUInt16BigEndian(body[1..]) : body[1];
            body = body[(wide ? 129 : 65)..];
        }
    }

    private bool Scan(ReadOnlySpan<byte> header, ReadOnlySpan<byte> data)
    {
        int count = header[0];
        var end = header[(1 + 2 * count)..];
        if (parts.Count == 0 || (count != parts.Count && !(count == 1 && header[1] == parts[0].Id)) || end[0] != 0 || (progressive && end[1] != 0))
            return false;
        var shift = progressive ? end[2] & 15 : 0;
        var alone = count == 1 && parts.Count > 1;
        Means = new byte[Width * Height];
        var bits = new Bits(data);
        var previous = new int[count];
        for (var unit = 0; unit < across * down * (alone ? parts[0].Across * parts[0].Down : 1); unit++)
        {
            if (restartEvery > 0 && unit > 0 && unit % restartEvery == 0)
            {
                if (!bits.Restart())
                    return true; // what is missing stays dark, and so is seen
                Array.Clear(previous);
            }
            for (var i = 0; i < count; i++)
            {
                var part = parts[i];
                var (dc, ac) = (tables.GetValueOrDefault(header[2 + 2 * i] >> 4), progressive ? null : tables.GetValueOrDefault(0x10 | header[2 + 2 * i] & 15));
                if (dc is null || (ac is null && !progressive))
                    return false;
                for (var block = 0; block < (alone ? 1 : part.Across * part.Down); block++)
                {
                    previous[i] = unchecked(previous[i] + bits.Difference(dc)); // corrupt data may say anything
                    if (ac is not null)
                        bits.SkipRest(ac);
                    if (i > 0)
                        continue;
                    var (x, y) = alone ? (unit % Width, unit / Width) : (unit % across * part.Across + block % part.Across, unit / across * part.Down + block / part.Across);
                    Means[y * Width + x] = (byte)Math.Clamp(128 + ((long)previous[0] << shift) * firstQuantizer[part.Quantizer] / 8, 0, 255);
                }
            }
        }
        return true;
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Part(int Id, int Across, int Down, int Quantizer);

    /// <summary>Codes by their length: the smallest code of each, and where its symbols begin.</summary>
    private sealed class Huffman
    {
        private readonly int[] largest = new int[17]; // -1: no code of this length
        private readonly int[] offset = new int[17];
        private readonly byte[] symbols;

        public Huffman(ReadOnlySpan<byte> counts, ReadOnlySpan<byte> symbols)
        {
            this.symbols = symbols.ToArray();
            var (code, index) = (0, 0);
            for (var length = 1; length <= 16; length++)
            {
                offset[length] = index - code;
                code += counts[length - 1];
                index += counts[length - 1];
                largest[length] = counts[length - 1] == 0 ? -1 : code - 1;
                code <<= 1;
            }
        }

        public int Read(ref Bits bits)
        {
            var code = 0;
            for (var length = 1; length <= 16; length++)
            {
                code = code << 1 | bits.Next();
                if (code <= largest[length])
                    return symbols[code + offset[length]];
            }
            return 0; // no such code: the data is corrupt, and what follows is noise
        }
    }

    private ref struct Bits(ReadOnlySpan<byte> data)
    {
        private readonly ReadOnlySpan<byte> data = data;
        private int at;
        private int held;
        private int left;

        /// <summary>Zeros after the end.</summary>
        public int Next()
        {
            if (left == 0)
            {
                held = at < data.Length ? data[at] : 0;
                if (held == 0xFF && at + 1 < data.Length && data[at + 1] != 0)
                    held = 0; // a marker: nothing more until a restart
                else
                    at += held == 0xFF ? 2 : 1;
                left = 8;
            }
            return held >> --left & 1;
        }

        public int Difference(Huffman table) => Signed(table.Read(ref this));

        public void SkipRest(Huffman table)
        {
            for (var k = 1; k < 64; k++)
            {
                var symbol = table.Read(ref this);
                if (symbol == 0)
                    return;
                k += symbol >> 4;
                for (var i = symbol & 15; i > 0; i--)
                    _ = Next();
            }
        }

        public bool Restart()
        {
            left = 0;
            while (at + 1 < data.Length && !(data[at] == 0xFF && data[at + 1] is >= 0xD0 and <= 0xD7))
                at++;
            at += 2;
            return at < data.Length;
        }

        private int Signed(int size)
        {
            var value = 0;
            for (var i = 0; i < size; i++)
                value = value << 1 | Next();
            return size > 0 && value < 1 << size - 1 ? value - (1 << size) + 1 : value;
        }
    }
}
