using System.Runtime.InteropServices;

namespace VanBanDienTu.Pdf.Text;

/// <summary>One shown character: where its origin stands and where the next one's would, on the page as shown.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TextGlyph(string Text, double X, double Y, double EndX, double EndY, double Size)
{
    private const double Ascent = 0.75;
    private const double Descent = 0.22;

    /// <summary>It runs from left to right as the page is shown.</summary>
    public bool IsUpright => EndX >= X && Math.Abs(EndY - Y) <= 0.1 * Math.Max(EndX - X, 0.01 * Size);

    public bool IsBlank => string.IsNullOrWhiteSpace(Text);

    /// <summary>About what its ink takes.</summary>
    public PdfRectangle Box => IsUpright
        ? new(X, Y - Descent * Size, EndX, Y + Ascent * Size)
        : new(Math.Min(X, EndX) - Size / 2, Math.Min(Y, EndY) - Size / 2, Math.Max(X, EndX) + Size / 2, Math.Max(Y, EndY) + Size / 2);
}
