using System.Runtime.InteropServices;

namespace VanBanDienTu.Pdf.Text;

/// <summary>One shown code: its width in text space at size 1, whether word spacing applies, and whether it leaves no mark.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ShownCode(uint Code, double Width, bool IsSpace, bool IsBlank);

/// <summary>A font of a page as far as reading needs it: codes to widths, and to text when that is asked for.</summary>
/// <remarks>Source: ISO 32000-2, 9.6, 9.7 and 9.10.2. A standard font without /Widths counts half the size for each letter.</remarks>
internal sealed class TextFont
{
    private const double Thousandth = 0.001;
    private const int MaxWidths = 70_000;

    private readonly Lazy<CharacterCodes?> toUnicode;
    private readonly CharacterCodes? encoding;
    private readonly bool composite;
    private readonly bool codesAreUtf16;
    private string?[] simple = [];
    private readonly Dictionary<int, double> widths = [];
    private readonly double otherWidth;

    public TextFont(PdfView view, PdfDictionary font)
    {
        var limits = view.File.Limits;
        toUnicode = new(() => Map(view, view.Get(font, "ToUnicode"), limits));
        Solid = view.Get(font, "Subtype") is PdfName { Value: "Type3" } || view.Get(font, "BaseFont") is PdfName { Value: var face } && face.Contains("Dingbats", StringComparison.OrdinalIgnoreCase);
        composite = view.Get(font, "Subtype") is PdfName { Value: "Type0" };
        if (composite)
        {
            encoding = Map(view, view.Get(font, "Encoding"), limits);
            codesAreUtf16 = view.Get(font, "Encoding") is PdfName { Value: var name } && (name.Contains("UCS2", StringComparison.Ordinal) || name.Contains("UTF16", StringComparison.Ordinal));
            var descendant = view.Get(font, "DescendantFonts") is PdfArray { Count: > 0 } fonts ? view.Resolve(fonts[0]) as PdfDictionary ?? PdfDictionary.Empty : PdfDictionary.Empty;
            otherWidth = view.Get(descendant, "DW") is PdfNumber dw ? dw.Number * Thousandth : 1;
            CompositeWidths(view, view.Get(descendant, "W") as PdfArray);
        }
        else
        {
            SimpleEncoding(view, font);
            otherWidth = SimpleWidths(view, font);
        }
    }

    /// <summary>Its glyphs may be filled shapes rather than letters.</summary>
    public bool Solid { get; }

    /// <summary>The first code of what is left of a shown string; <paramref name="rest"/> is what comes after it.</summary>
    public ShownCode Take(ref ReadOnlySpan<byte> rest)
    {
        var length = composite ? encoding?.Length(rest) ?? Math.Min(2, rest.Length) : 1;
        var code = CharacterCodes.Value(rest[..length]);
        rest = rest[Math.Max(1, length)..];
        return new ShownCode(code, Width(code, length), length == 1 && code == ' ', IsBlank(code));
    }

    /// <summary>The text of a code; empty when nothing says what it means.</summary>
    public string Text(uint code)
    {
        if (toUnicode.Value?.Text(code) is { } text)
            return text;
        if (composite)
            return codesAreUtf16 && code <= 0xFFFF ? ((char)code).ToString() : "";
        return simple[code & 0xFF] ?? "";
    }

    /// <summary>A blank is code 32, in composite fonts often 3; but subsets number their letters anew, so the font's map has the last word.</summary>
    private bool IsBlank(uint code) => (code == ' ' || (composite && code == 3)) && string.IsNullOrWhiteSpace(Text(code));

    private double Width(uint code, int length) =>
        widths.GetValueOrDefault(composite && encoding is not null ? encoding.Cid(code, length) : (int)Math.Min(code, int.MaxValue), otherWidth);

    private void SimpleEncoding(PdfView view, PdfDictionary font)
    {
        var value = view.Get(font, "Encoding");
        var dictionary = value as PdfDictionary;
        var named = (value as PdfName ?? (dictionary is null ? null : view.Get(dictionary, "BaseEncoding") as PdfName))?.Value;
        var meanings = GlyphNames.Encoding(named);
        if (dictionary is null || view.Get(dictionary, "Differences") is not PdfArray differences)
        {
            simple = meanings;
            return;
        }
        simple = [.. meanings];
        var at = 0;
        foreach (var item in differences.Items)
        {
            if (view.Resolve(item) is PdfInteger { Value: >= 0 and < 256 } code)
                at = (int)code.Value;
            else if (view.Resolve(item) is PdfName name && at < 256)
                simple[at++] = GlyphNames.Text(name.Value);
        }
    }

    /// <summary>Fills in the widths; returns the one for codes without.</summary>
    private double SimpleWidths(PdfView view, PdfDictionary font)
    {
        var unit = view.Get(font, "FontMatrix") is PdfArray { Count: 6 } matrix && view.Resolve(matrix[0]) is PdfNumber scale ? Math.Abs(scale.Number) : Thousandth;
        var first = view.Get(font, "FirstChar") is PdfInteger { Value: >= 0 and < 256 } f ? (int)f.Value : 0;
        if (view.Get(font, "Widths") is not PdfArray list)
            return view.Get(font, "BaseFont") is PdfName { Value: var name } && name.Contains("Courier", StringComparison.Ordinal) ? 0.6 : 0.5;
        widths.EnsureCapacity(Math.Min(list.Count, 256));
        for (var i = 0; i < Math.Min(list.Count, 256); i++)
            widths[first + i] = view.Resolve(list[i]) is PdfNumber w ? w.Number * unit : 0;
        return view.Get(font, "FontDescriptor") is PdfDictionary descriptor && view.Get(descriptor, "MissingWidth") is PdfNumber missing ? missing.Number * unit : 0;
    }

    /// <summary>/W: a first CID with a list, or a first and a last CID with one width.</summary>
    private void CompositeWidths(PdfView view, PdfArray? list)
    {
        for (var i = 0; list is not null && i + 1 < list.Count && widths.Count < MaxWidths;)
        {
            var first = view.Resolve(list[i]) is PdfInteger { Value: >= 0 and <= 0xFFFF } f ? (int)f.Value : 0;
            if (view.Resolve(list[i + 1]) is PdfArray each)
            {
                for (var k = 0; k < Math.Min(each.Count, 0x10000); k++)
                    widths[first + k] = view.Resolve(each[k]) is PdfNumber w ? w.Number * Thousandth : otherWidth;
                i += 2;
                continue;
            }
            var last = view.Resolve(list[i + 1]) is PdfInteger { Value: >= 0 and <= 0xFFFF } l ? (int)l.Value : -1;
            for (var cid = first; cid <= last && i + 2 < list.Count; cid++)
                widths[cid] = view.Resolve(list[i + 2]) is PdfNumber w ? w.Number * Thousandth : otherWidth;
            i += 3;
        }
    }

    private static CharacterCodes? Map(PdfView view, PdfObject value, PdfLimits limits)
    {
        try
        {
            return value is PdfStream stream ? CharacterCodes.Read(view.Decode(stream), limits) : null;
        }
        catch (PdfException e) when (e.Fault != PdfFault.LimitExceeded)
        {
            return null; // a damaged map is as good as none
        }
    }
}
