using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace VanBanDienTu.TestKit;

/// <summary>Writes PNG pictures of every colour type and depth, interlaced or not, each row by another filter.</summary>
public sealed class PngMaker(int width, int height, int colourType, int depth, bool interlaced = false)
{
    private static readonly (int X, int Y, int StepX, int StepY)[] Passes =
        [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

    private readonly List<(string Type, byte[] Data)> before = [];

    public int Channels => colourType switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 };

    /// <summary>Adds a chunk before the data, such as PLTE, tRNS or pHYs.</summary>
    public PngMaker With(string type, params byte[] data)
    {
        before.Add((type, data));
        return this;
    }

    /// <summary>States the picture's density, in pixels per metre.</summary>
    public PngMaker Density(uint perMetre)
    {
        var data = new byte[9];
        BinaryPrimitives.WriteUInt32BigEndian(data, perMetre);
        BinaryPrimitives.WriteUInt32BigEndian(data.AsSpan(4), perMetre);
        data[8] = 1;
        return With("pHYs", data);
    }

    /// <param name="sample">The value of a channel (third argument) at column and row, in the picture's depth.</param>
    public byte[] Write(Func<int, int, int, int> sample)
    {
        var raw = new MemoryStream();
        foreach (var (x, y, stepX, stepY) in interlaced ? Passes : [(0, 0, 1, 1)])
            Pass(raw, sample, x, y, stepX, stepY);
        var packed = new MemoryStream();
        using (var deflater = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            deflater.Write(raw.ToArray());
        var file = new MemoryStream();
        file.Write([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9], header[12]) = ((byte)depth, (byte)colourType, (byte)(interlaced ? 1 : 0));
        Chunk(file, "IHDR", header);
        foreach (var (type, data) in before)
            Chunk(file, type, data);
        foreach (var piece in packed.ToArray().Chunk(100)) // in several pieces, as writers do
            Chunk(file, "IDAT", piece);
        Chunk(file, "IEND", []);
        return file.ToArray();
    }

    private void Pass(MemoryStream raw, Func<int, int, int, int> sample, int x0, int y0, int stepX, int stepY)
    {
        var columns = (width - x0 + stepX - 1) / stepX;
        if (columns <= 0)
            return;
        var pixel = Math.Max(1, Channels * depth / 8);
        var previous = new byte[(columns * Channels * depth + 7) / 8];
        for (var (y, number) = (y0, 0); y < height; y += stepY, number++)
        {
            var row = new byte[previous.Length];
            for (var i = 0; i < columns * Channels; i++)
                Put(row, i, sample(x0 + i / Channels * stepX, y, i % Channels));
            raw.WriteByte((byte)(number % 5));
            for (var i = 0; i < row.Length; i++)
                raw.WriteByte(unchecked((byte)(row[i] - Guess(number % 5, row, previous, i, pixel))));
            previous = row;
        }
    }

    private void Put(byte[] row, int index, int value)
    {
        if (depth == 16)
            (row[index * 2], row[index * 2 + 1]) = ((byte)(value >> 8), (byte)(value & 0xFF));
        else
            row[index * depth / 8] |= (byte)(value << (8 - depth - index * depth % 8));
    }

    private static int Guess(int filter, byte[] row, byte[] above, int i, int pixel)
    {
        int left = i >= pixel ? row[i - pixel] : 0, up = above[i], corner = i >= pixel ? above[i - pixel] : 0;
        var estimate = left + up - corner;
        return filter switch
        {
            1 => left,
            2 => up,
            3 => (left + up) / 2,
            4 => new[] { left, up, corner }.MinBy(v => Math.Abs(estimate - v)),
            _ => 0,
        };
    }

    private static void Chunk(MemoryStream file, string type, byte[] data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        byte[] content = [.. Encoding.ASCII.GetBytes(type), .. data];
        file.Write(content);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc(content));
        file.Write(number);
    }

    private static uint Crc(byte[] data)
    {
        var crc = uint.MaxValue;
        foreach (var b in data)
        {
            crc ^= b;
            for (var k = 0; k < 8; k++)
                crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xEDB88320u : 0);
        }
        return ~crc;
    }
}
