using System.Buffers.Binary;
using System.Text;

namespace VanBanDienTu.Pdf.Fonts;

/// <summary>The table directory of a TrueType file (sfnt), or of the first font of a collection. Every access is checked against the file's end.</summary>
/// <remarks>Source: OpenType 1.9, «Font file».</remarks>
internal sealed class SfntReader
{
    private const uint Collection = 0x74746366; // ttcf
    private const uint TrueType = 0x00010000;
    private const uint AppleTrueType = 0x74727565; // true
    private const int MaxTables = 256;

    private readonly Dictionary<string, ReadOnlyMemory<byte>> tables = new(StringComparer.Ordinal);

    /// <exception cref="PdfException"><see cref="PdfFault.FontUnusable"/>.</exception>
    public SfntReader(ReadOnlyMemory<byte> file)
    {
        var start = U32(file.Span, 0) == Collection ? (int)U32(file.Span, 12) : 0;
        if (U32(file.Span, start) is not (TrueType or AppleTrueType))
            throw Bad("không phải phông TrueType", "it is no TrueType font (fonts with PostScript outlines are not supported)");
        var count = U16(file.Span, start + 4);
        for (var i = 0; i < Math.Min(count, MaxTables); i++)
        {
            var entry = start + 12 + i * 16;
            var (at, length) = (U32(file.Span, entry + 8), U32(file.Span, entry + 12));
            if (at <= file.Length && length <= file.Length - at)
                tables[Encoding.ASCII.GetString(Slice(file.Span, entry, 4))] = file.Slice((int)at, (int)length);
        }
    }

    /// <summary>The table of that tag; empty when there is none.</summary>
    public ReadOnlyMemory<byte> Optional(string tag) => tables.GetValueOrDefault(tag);

    /// <exception cref="PdfException"><see cref="PdfFault.FontUnusable"/>: it is missing or too short.</exception>
    public ReadOnlyMemory<byte> Required(string tag, int atLeast = 1) =>
        Optional(tag) is { } table && table.Length >= atLeast ? table : throw Bad($"thiếu bảng «{tag}»", $"its table '{tag}' is missing");

    public static int U16(ReadOnlySpan<byte> table, int at) => BinaryPrimitives.ReadUInt16BigEndian(Slice(table, at, 2));

    public static int I16(ReadOnlySpan<byte> table, int at) => BinaryPrimitives.ReadInt16BigEndian(Slice(table, at, 2));

    public static uint U32(ReadOnlySpan<byte> table, int at) => BinaryPrimitives.ReadUInt32BigEndian(Slice(table, at, 4));

    public static ReadOnlySpan<byte> Slice(ReadOnlySpan<byte> table, int at, int length) =>
        at >= 0 && length >= 0 && at <= table.Length - length ? table.Slice(at, length) : throw Bad("dữ liệu bị cụt", "its data ends too early");

    public static PdfException Bad(string vi, string en) =>
        new(PdfFault.FontUnusable, $"Không dùng được phông chữ: {vi}.", $"The font cannot be used: {en}.");
}
