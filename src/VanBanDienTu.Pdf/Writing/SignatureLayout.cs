using System.Globalization;
using System.Text;

namespace VanBanDienTu.Pdf;

/// <summary>Fills in the byte range once the layout is known. Its width is fixed, so writing the numbers moves nothing.</summary>
internal static class SignatureLayout
{
    private const int Digits = 19; // every offset of a 64-bit file

    /// <summary>Four numbers of up to 19 digits, the last padded with spaces.</summary>
    public static PdfPlaceholder EmptyRange() => new('[', ' ', 2 + 3 * Digits + 2, ']');

    public static PreparedSignature Finish(PdfIncrementalWriter writer, PdfPlaceholder range, PdfPlaceholder contents, string name, PdfRef field, PdfRef value)
    {
        var built = writer.Build();
        var (rangeAt, gap) = (built.Placeholders[range], built.Placeholders[contents]);
        var start = writer.File.Bytes.Length;
        long[] numbers = [0, gap.Start, gap.End, start + built.Bytes.Length - gap.End];
        var text = string.Create(CultureInfo.InvariantCulture, $"[0 {numbers[1]} {numbers[2]} {numbers[3]}");
        var slot = built.Bytes.Span.Slice((int)(rangeAt.Start - start), (int)rangeAt.Length);
        slot.Fill((byte)' ');
        Encoding.ASCII.GetBytes(text, slot);
        slot[^1] = (byte)']';
        return new PreparedSignature(writer.File, built.Bytes, numbers, gap, name, field, value);
    }
}
