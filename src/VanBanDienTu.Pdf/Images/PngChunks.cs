using System.Buffers.Binary;
using System.Text;

namespace VanBanDienTu.Pdf.Images;

/// <summary>The chunks of a PNG file, each with its checksum checked; a file ends with IEND.</summary>
internal static class PngChunks
{
    private static readonly uint[] CrcTable = [.. Enumerable.Range(0, 256).Select(n =>
    {
        var c = (uint)n;
        for (var k = 0; k < 8; k++)
            c = (c & 1) != 0 ? 0xEDB88320u ^ (c >> 1) : c >> 1;
        return c;
    })];

    private static ReadOnlySpan<byte> Signature => [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    /// <exception cref="PdfException"><see cref="PdfFault.ImageUnusable"/>: not a PNG, cut short, a wrong checksum, too large.</exception>
    public static IReadOnlyList<(string Type, ReadOnlyMemory<byte> Content)> Of(ReadOnlyMemory<byte> file)
    {
        if (!file.Span.StartsWith(Signature))
            throw PngImage.Bad("tệp không phải PNG", "the file is no PNG");
        if (file.Length > PngImage.MaxBytes)
            throw PngImage.Bad($"tệp lớn hơn {PngImage.MaxBytes >> 20} MB", $"the file is larger than {PngImage.MaxBytes >> 20} MB");
        var chunks = new List<(string, ReadOnlyMemory<byte>)>();
        for (var at = Signature.Length; ;)
        {
            if (file.Length - at < 12 || BinaryPrimitives.ReadUInt32BigEndian(file.Span[at..]) > file.Length - at - 12)
                throw PngImage.Bad("tệp bị cụt", "the file ends too early");
            var length = (int)BinaryPrimitives.ReadUInt32BigEndian(file.Span[at..]);
            var checkedPart = file.Slice(at + 4, 4 + length);
            if (Crc(checkedPart.Span) != BinaryPrimitives.ReadUInt32BigEndian(file.Span[(at + 8 + length)..]))
                throw PngImage.Bad($"sai tổng kiểm tra tại byte {at}", $"a chunk's checksum is wrong at offset {at}");
            var type = Encoding.Latin1.GetString(checkedPart.Span[..4]);
            chunks.Add((type, checkedPart[4..]));
            at += 12 + length;
            if (type == "IEND")
                return chunks;
        }
    }

    private static uint Crc(ReadOnlySpan<byte> data)
    {
        var crc = 0xFFFFFFFFu;
        foreach (var b in data)
            crc = CrcTable[(crc ^ b) & 0xFF] ^ (crc >> 8);
        return ~crc;
    }
}
