using System.Text;

namespace VanBanDienTu.Pdf;

/// <summary>A literal or hexadecimal string: bytes, and where they stand in the file.</summary>
public sealed class PdfString(byte[] bytes, bool hex = false, PdfSpan? span = null, bool irregular = false) : PdfObject
{
    /// <summary>The bytes, decoded.</summary>
    public ReadOnlyMemory<byte> Bytes { get; } = bytes;

    /// <summary>Written as <c>&lt;…&gt;</c>.</summary>
    public bool Hex { get; } = hex;

    /// <summary>From the opening delimiter to after the closing one; null inside an object stream and for new strings.</summary>
    public PdfSpan? Span { get; } = span;

    /// <summary>A hexadecimal string that holds anything but hexadecimal digits: white space, or bytes that readers skip.</summary>
    public bool Irregular { get; } = irregular;

    /// <summary>The text string: UTF-16BE, UTF-8 or PDFDocEncoding (whose printable part is read as Latin-1).</summary>
    public string Text => Bytes.Span switch
    {
        [0xFE, 0xFF, .. var rest] => Encoding.BigEndianUnicode.GetString(rest),
        [0xEF, 0xBB, 0xBF, .. var rest] => Encoding.UTF8.GetString(rest),
        var latin => Encoding.Latin1.GetString(latin),
    };

    /// <summary>A text string: ASCII as it is, anything else as UTF-16BE.</summary>
    public static PdfString FromText(string text) =>
        Ascii.IsValid(text) ? new(Encoding.ASCII.GetBytes(text)) : new([0xFE, 0xFF, .. Encoding.BigEndianUnicode.GetBytes(text)]);
}
