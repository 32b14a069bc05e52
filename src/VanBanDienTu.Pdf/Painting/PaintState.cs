using VanBanDienTu.Pdf.Text;

namespace VanBanDienTu.Pdf;

/// <summary>The part of the graphics state that says where marks fall and whether they hide what is below (ISO 32000-2, 8.4 and 9.3).</summary>
internal sealed record PaintState(PaintMatrix Place, PdfRectangle Clip)
{
    public double LineWidth { get; init; } = 1;

    public PaintInk Fill { get; init; } = PaintInk.Black;

    public PaintInk Stroke { get; init; } = PaintInk.Black;

    /// <summary>What is dark on the ground stays dark (/BM Multiply or Darken).</summary>
    public bool Darkens { get; init; }

    /// <summary>Less may be seen than is painted: a mask, a clipping path that is no rectangle, a blend mode.</summary>
    public bool Doubtful { get; init; }

    public TextFont? Font { get; init; }

    public double Size { get; init; }

    public double CharSpace { get; init; }

    public double WordSpace { get; init; }

    public double Stretch { get; init; } = 1;

    public double Leading { get; init; }

    public double Rise { get; init; }

    /// <summary>Text rendering mode; 3 and 7 leave no mark.</summary>
    public long Mode { get; init; }
}
