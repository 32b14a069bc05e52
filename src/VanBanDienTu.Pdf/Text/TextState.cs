using VanBanDienTu.Pdf.Appearances;

namespace VanBanDienTu.Pdf.Text;

/// <summary>The part of the graphics state that places text (ISO 32000-2, 9.3); q and Q copy it.</summary>
internal sealed record TextState
{
    /// <summary>From the current space to the page as shown.</summary>
    public required Affine Space { get; init; }

    public TextFont? Font { get; init; }

    public double Size { get; init; }

    public double LetterSpacing { get; init; }

    public double WordSpacing { get; init; }

    public double Scale { get; init; } = 1;

    public double Leading { get; init; }

    public double Rise { get; init; }
}
