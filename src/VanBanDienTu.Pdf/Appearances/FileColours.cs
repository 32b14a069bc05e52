using System.Text;
using System.Text.RegularExpressions;

namespace VanBanDienTu.Pdf.Appearances;

/// <summary>What an appearance may use so that a PDF/A file (lưu trữ dài hạn) stays one: device colours or calibrated ones, transparency or a hard mask.</summary>
/// <remarks>Source: ISO 19005-1, 6.2.3 and 6.4; ISO 19005-2, 6.2.4 and 6.2.10.</remarks>
internal sealed partial record FileColours(bool SoftMasks, PdfObject Rgb, bool IsPdfA1)
{
    private static readonly PdfName DeviceRgb = new("DeviceRGB");

    private static readonly FileColours Free = new(SoftMasks: true, DeviceRgb, IsPdfA1: false);

    /// <summary>Ours must not look different where only calibrated colours are allowed: the primaries and the white of sRGB.</summary>
    private static readonly PdfArray CalibratedRgb = new([new PdfName("CalRGB"), new PdfDictionary(
        ("WhitePoint", Numbers(0.9505, 1, 1.089)),
        ("Gamma", Numbers(2.2, 2.2, 2.2)),
        ("Matrix", Numbers(0.4124, 0.2126, 0.0193, 0.3576, 0.7152, 0.1192, 0.1805, 0.0722, 0.9505)))]);

    public static FileColours Of(PdfFile file)
    {
        var view = file.At(file.Newest);
        if (PartOf(view) is not { } part)
            return Free;
        // Without an output intent, or with one for other inks, device RGB says nothing; without one, blending has no colour space either.
        var inks = Intent(view);
        return new FileColours(SoftMasks: part >= 2 && inks is not null, inks == 3 ? DeviceRgb : CalibratedRgb, part == 1);
    }

    /// <summary>Whether even a field that nobody sees must have an appearance. Only a file with an output intent is looked at more closely: most have none, and signing must stay quick.</summary>
    /// <remarks>Source: ISO 19005-1, 6.9.</remarks>
    public static bool WantEveryLook(PdfFile file) => file.Catalog.Has("OutputIntents") && Of(file).IsPdfA1;

    /// <summary>The part of ISO 19005 that the file's metadata claims; null when it claims none.</summary>
    private static int? PartOf(PdfView view)
    {
        if (view.Get(view.Catalog, "Metadata") is not PdfStream metadata)
            return null;
        try
        {
            return Claim().Match(Encoding.Latin1.GetString(view.Decode(metadata))) is { Success: true } claim ? claim.Groups["part"].Value[0] - '0' : null;
        }
        catch (PdfException e) when (e.Fault != PdfFault.LimitExceeded)
        {
            return null; // unreadable metadata claims nothing
        }
    }

    /// <summary>How many inks the PDF/A output intent has; null when there is none.</summary>
    private static int? Intent(PdfView view)
    {
        if (view.Get(view.Catalog, "OutputIntents") is not PdfArray intents)
            return null;
        foreach (var intent in intents.Items.Select(view.Resolve).OfType<PdfDictionary>())
        {
            if (view.Get(intent, "S") is PdfName { Value: "GTS_PDFA1" } && view.Get(intent, "DestOutputProfile") is PdfStream profile)
                return view.Get(profile.Dictionary, "N") is PdfInteger { Value: > 0 and < 16 } inks ? (int)inks.Value : 0;
        }
        return null;
    }

    private static PdfArray Numbers(params double[] values) => new([.. values.Select(v => new PdfReal(v))]);

    [GeneratedRegex(@"pdfaid:part\s*(=\s*[""']|>)\s*(?<part>[1-4])", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Claim();
}
