using VanBanDienTu.Pdf.Fonts;
using VanBanDienTu.Pdf.Images;

namespace VanBanDienTu.Pdf.Appearances;

/// <summary>What a visible signature (hình hiển thị chữ ký) shows: a picture, or lines of text, as large as its place allows.</summary>
public sealed record SignatureLook
{
    /// <summary>A usual size of text, in points.</summary>
    public const double UsualText = 10;

    private SignatureLook()
    {
    }

    /// <summary>The picture; null for text.</summary>
    internal PngImage? Image { get; private init; }

    /// <summary>Composed lines; broken at spaces where they do not fit.</summary>
    internal IReadOnlyList<string> Lines { get; private init; } = [];

    internal TrueTypeFont? Font { get; private init; }

    /// <summary>A thin line around the place.</summary>
    internal bool Framed { get; private init; }

    /// <summary>A picture, whole and undistorted, in the middle of the place.</summary>
    public static SignatureLook Of(PngImage image) => new() { Image = image };

    /// <summary>Upright black text.</summary>
    /// <param name="lines">From the top; letters may be decomposed.</param>
    /// <param name="font">Has all the letters.</param>
    /// <param name="framed">Draws a thin line around the place.</param>
    public static SignatureLook Of(IEnumerable<string> lines, TrueTypeFont font, bool framed) =>
        new() { Lines = [.. lines.Select(Text.LatinLetters.Compose)], Font = font, Framed = framed };

    /// <summary>The same text in one line, for a place that is wide and low.</summary>
    public SignatureLook InOneLine() => this with { Lines = [string.Join("; ", Lines)] };

    /// <summary>The width and height, in points, that the lines take unbroken at the usual size.</summary>
    public (double Width, double Height) TextSize() => LookText.Size(Lines, Font!, UsualText);
}
