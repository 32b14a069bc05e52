using System.Runtime.InteropServices;

namespace VanBanDienTu.Pdf;

/// <summary>How a colour looks beside white paper with black letters.</summary>
internal enum PaintTone
{
    Dark,
    Middle,

    /// <summary>Letters of it can hardly be read, and shapes of it look like a ground.</summary>
    Light,
    Paper,

    /// <summary>Of a pattern, a palette or a separation: it may be that of paper.</summary>
    Unknown,
}

/// <summary>What areas are filled or lines are drawn with.</summary>
/// <param name="Tone">Its colour.</param>
/// <param name="Glass">How much of the ground shines through, 0 to 1 (what /ca or /CA leaves).</param>
/// <param name="Plain">The colour space's numbers are shares of grey, of light or of printing inks.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PaintInk(PaintTone Tone, double Glass, bool Plain)
{
    private const double LightFrom = 0.7;

    public static PaintInk Black { get; } = new(PaintTone.Dark, 0, Plain: true);

    /// <summary>Letters of it may take away those below.</summary>
    public bool Erases => Tone is PaintTone.Light or PaintTone.Paper or PaintTone.Unknown;

    /// <summary>The first colour of a colour space.</summary>
    public PaintInk In(bool plainSpace) => this with { Plain = plainSpace, Tone = plainSpace ? PaintTone.Dark : PaintTone.Unknown };

    public PaintInk Of(double[] colour) => this with
    {
        Tone = !Plain ? PaintTone.Unknown : colour.Length switch
        {
            1 or 3 when colour.All(c => c >= 0.9) => PaintTone.Paper,
            1 or 3 when colour.All(c => c <= 0.3) => PaintTone.Dark,
            1 or 3 when colour.All(c => c >= LightFrom) => PaintTone.Light,
            1 or 3 => PaintTone.Middle,
            4 when colour.All(c => c <= 0.1) => PaintTone.Paper,
            4 when colour[3] >= 0.7 || colour.Take(3).All(c => c >= 0.7) => PaintTone.Dark,
            4 when colour.All(c => c <= 1 - LightFrom) => PaintTone.Light,
            4 => PaintTone.Middle,
            _ => PaintTone.Unknown,
        },
    };
}
