namespace VanBanDienTu.Pdf;

/// <summary>A password that opens an encrypted document (mật khẩu mở tệp PDF), the user's or the owner's. It never shows itself in text.</summary>
public sealed class PdfPassword(string text)
{
    private readonly string text = text;

    /// <summary>The forms it may have been typed in: PDFDocEncoding before AES-256, whose printable part is Latin-1, or UTF-8.</summary>
    /// <remarks>ISO 32000-2, 7.6.4.3 asks for SASLprep, which leaves composed Vietnamese letters as they are.</remarks>
    internal IEnumerable<byte[]> Forms
    {
        get
        {
            yield return System.Text.Encoding.UTF8.GetBytes(text);
            if (text.Any(c => c > 0x7F) && text.All(c => c <= 0xFF))
                yield return System.Text.Encoding.Latin1.GetBytes(text);
        }
    }

    /// <inheritdoc/>
    public override string ToString() => "(password)";
}
