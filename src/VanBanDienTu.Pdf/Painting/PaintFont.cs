namespace VanBanDienTu.Pdf;

/// <summary>What is needed of a font to know where its glyphs stand: codes and widths.</summary>
internal sealed class PaintFont
{
    private const double Usual = 500;

    private readonly Dictionary<int, double> widths = [];
    private readonly double otherwise;
    private readonly bool wide;
    private readonly double unit = 0.001;

    public PaintFont(PdfView view, PdfDictionary font)
    {
        var kind = (view.Get(font, "Subtype") as PdfName)?.Value;
        var name = (view.Get(font, "BaseFont") as PdfName)?.Value ?? "";
        Solid = kind == "Type3" || name.Contains("Dingbats", StringComparison.OrdinalIgnoreCase);
        otherwise = name.Contains("Courier", StringComparison.Ordinal) ? 600 : Usual;
        if (kind == "Type0" && view.Get(font, "DescendantFonts") is PdfArray { Count: > 0 } heirs && view.Resolve(heirs[0]) is PdfDictionary heir)
        {
            wide = true;
            otherwise = view.Get(heir, "DW") is PdfNumber w ? w.Number : 1000;
            Wide(view, view.Get(heir, "W") as PdfArray);
            return;
        }
        if (kind == "Type3")
            unit = PaintMatrix.Of(view, font["FontMatrix"]).A;
        var first = view.Get(font, "FirstChar") is PdfInteger { Value: >= 0 and < 256 } f ? (int)f.Value : 0;
        var list = (view.Get(font, "Widths") as PdfArray)?.Items ?? [];
        for (var i = 0; i < list.Count && i < 256; i++)
            widths[first + i] = view.Resolve(list[i]) is PdfNumber width ? width.Number : otherwise;
    }

    /// <summary>Its glyphs may be filled shapes rather than letters.</summary>
    public bool Solid { get; }

    /// <summary>The glyphs of a string: advance in text space of size 1, whether it is a word space, and whether it leaves no mark.</summary>
    public IEnumerable<(double Advance, bool IsSpace, bool IsBlank)> Glyphs(ReadOnlyMemory<byte> text)
    {
        for (var i = 0; i < text.Length; i += wide ? 2 : 1)
        {
            var code = wide ? text.Span[i] << 8 | (i + 1 < text.Length ? text.Span[i + 1] : 0) : text.Span[i];
            var isSpace = !wide && code == ' ';
            yield return (widths.GetValueOrDefault(code, otherwise) * unit, isSpace, isSpace || (wide && code is 3 or 32));
        }
    }

    private void Wide(PdfView view, PdfArray? list)
    {
        for (var i = 0; list is not null && i + 1 < list.Count && widths.Count < 70_000;)
        {
            if (view.Resolve(list[i]) is not PdfInteger { Value: >= 0 and <= 65535 } first)
                return;
            if (view.Resolve(list[i + 1]) is PdfArray each)
            {
                for (var k = 0; k < each.Count && k < 65536; k++)
                    widths[(int)first.Value + k] = view.Resolve(each[k]) is PdfNumber w ? w.Number : otherwise;
                i += 2;
            }
            else if (i + 2 < list.Count && view.Resolve(list[i + 1]) is PdfInteger { Value: <= 65535 } last && view.Resolve(list[i + 2]) is PdfNumber same)
            {
                for (var code = (int)first.Value; code <= last.Value; code++)
                    widths[code] = same.Number;
                i += 3;
            }
            else
                return;
        }
    }
}
