using VanBanDienTu.Pdf;
using VanBanDienTu.UnitTests.Pdf;
using static VanBanDienTu.FuzzTests.Attacks.Attack;

namespace VanBanDienTu.FuzzTests.Attacks;

/// <summary>Evil annotation and sneaky signature attacks: what a certification permits is used to paint over the page.</summary>
/// <remarks>Source: Mladenov and others, «Breaking the Specification: PDF Certification» (2021).</remarks>
internal static class CertificationAttacks
{
    private const string Look = "/Type/XObject/Subtype/Form/BBox[0 0 500 100]/Resources<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>";
    private const string Box = "1 g 0 0 500 100 re f 0 g BT /F 20 Tf 10 40 Td (Total: 9.000.000 dong) Tj ET";

    public static IReadOnlyList<Attack> All { get; } =
    [
        new("annotation-with-words", (s, r) => Annotate(s, $"/Subtype/{Pick(r, "FreeText", "Stamp", "Redact", "Watermark", "PrinterMark", "Screen", "RichMedia", "3D", "TrapNet")}", Pick(r, Box, "BT /F 20 Tf (approved) Tj ET"))),
        new("annotation-that-covers", (s, r) => Annotate(s, Pick(r, "/Subtype/Square/IC[1 1 1]", "/Subtype/Highlight/QuadPoints[0 800 600 800 0 0 600 0]", "/Subtype/Ink/InkList[[0 0 9 9]]", "/Subtype/StrikeOut", "/Subtype/Line", "/Subtype/Polygon", "/Subtype/Text", "/Subtype/Link", "/Subtype/FileAttachment"), Box)),
        new("annotation-drawn-by-readers", (s, r) => Drawn(s, r)),
        new("annotation-that-acts", (s, r) => Annotate(s, $"/Subtype/{Pick(r, "Link", "Text", "Highlight")}/{Pick(r, "A", "AA/E")}<</S/JavaScript/JS(x)>>".Replace("AA/E<<", "AA<</E<<", StringComparison.Ordinal), "")),
        new("annotation-of-a-layer", (s, r) => Annotate(s, $"/Subtype/Highlight/OC {s.Free + 5} 0 R", "")),
        new("annotation-unlisted-type", (s, r) => Annotate(s, Pick(r, "/Subtype/Foo", "", "/Subtype/Widget/FT/Tx/T(w)", "/Subtype/Widget", "/Subtype/Popup/Parent 1 0 R"), Box)),
        new("annotations-replaced", (s, r) => s.Update(p => p.Object(s.Page.Number, s.With(s.Page, ("Annots", $"[{s.Free} 0 R]"))).Object(s.Free, "<</Type/Annot/Subtype/Square/Rect[0 0 600 800]>>"))),
        new("sneaky-signature", (s, r) => Sneak(s, Box, fake: r.Next(2) == 0 || s.Certified == 1)), // we sign nothing that permits no change
        new("sneaky-signature-by-image", (s, r) => Sneak(s, Pick(r, "q 500 0 0 100 0 0 cm BI/W 1/H 1/BPC 8/CS/G ID x EI Q", "q 0.5 g 0 0 m 0 200 500 200 500 0 c f Q"), fake: r.Next(2) == 0 || s.Certified == 1)),
        new("sneaky-signature-over-the-page", (s, r) => Sneak(s, "", fake: true, rect: "[0 0 600 800]")),
        new("sneaky-empty-field", (s, r) => SneakEmpty(s)),
    ];

    private static byte[] Annotate(AttackSample s, string entries, string content) => s.Update(p => OnPage(s, p)
        .Object(s.Free, $"<</Type/Annot{entries}/Rect{s.OverWords()}/F 4/P {s.Page.Number} 0 R/AP<</N {s.Free + 1} 0 R>>>>").Stream(s.Free + 1, Look, content));

    /// <summary>No appearance: white lines over the words, one that is as thick as they are high or many thin ones, as readers draw them.</summary>
    private static byte[] Drawn(AttackSample s, Random r)
    {
        var rect = s.OverWords();
        var n = rect.Trim('[', ']').Split(' ').Select(v => double.Parse(v, System.Globalization.CultureInfo.InvariantCulture)).ToArray();
        var rows = Enumerable.Range(0, (int)(n[3] - n[1]) * 2).Select(i => n[1] + i / 2.0).ToList();
        var thick = FormattableString.Invariant($"{n[0]} {(n[1] + n[3]) / 2} {n[2]} {(n[1] + n[3]) / 2}");
        var entries = Pick(
            r, $"/Subtype/Ink/InkList[[{thick}]]/BS<</W 12>>", $"/Subtype/Line/L[{thick}]/Border[0 0 12]", $"/Subtype/PolyLine/Vertices[{thick}]/BS<</W 12>>",
            $"/Subtype/Ink/InkList[{string.Concat(rows.Select(y => FormattableString.Invariant($"[{n[0]} {y} {n[2]} {y}]")))}]",
            $"/Subtype/{Pick(r, "Underline", "Squiggly", "StrikeOut")}/QuadPoints[{string.Concat(rows.Select(y => FormattableString.Invariant($"{n[0]} {y} {n[2]} {y} {n[0]} {y} {n[2]} {y} ")))}]",
            FormattableString.Invariant($"/Subtype/Highlight/QuadPoints[{n[0]} {n[3]} {n[2]} {n[3]} {n[0]} {n[1]} {n[2]} {n[1]}]"));
        var colour = entries.Contains("Highlight", StringComparison.Ordinal) ? "0 0 0" : "1 1 1";
        return s.Update(p => OnPage(s, p).Object(s.Free, $"<</Type/Annot{entries}/C[{colour}]/Rect{rect}/F 4/P {s.Page.Number} 0 R{Pick(r, "", "/AP<<>>")}>>"));
    }

    /// <summary>A new signature whose appearance says what the document does not: with a value that nobody computed, or with a real key.</summary>
    private static byte[]? Sneak(AttackSample s, string content, bool fake, string? rect = null)
    {
        if (fake)
        {
            return s.Update(p => InForm(s, OnPage(s, p))
                .Object(s.Free, $"<</Type/Annot/Subtype/Widget/FT/Sig/T(sneaky)/Rect{rect ?? s.OverWords()}/F 4/P {s.Page.Number} 0 R/V {s.Free + 2} 0 R/AP<</N {s.Free + 1} 0 R>>>>")
                .Stream(s.Free + 1, Look, content).Object(s.Free + 2, s.With(s.Signature.Value!.Value)));
        }
        var field = s.Update(p => InForm(s, OnPage(s, p))
            .Object(s.Free, $"<</Type/Annot/Subtype/Widget/FT/Sig/T(sneaky)/Rect{rect ?? s.OverWords()}/F 4/P {s.Page.Number} 0 R/AP<</N {s.Free + 1} 0 R>>>>").Stream(s.Free + 1, Look, content));
        return AttackSample.SignedAsync(field, new Signing.SignatureRequest { FieldName = "real" }).GetAwaiter().GetResult();
    }

    private static byte[] SneakEmpty(AttackSample s) => s.Update(p => InForm(s, OnPage(s, p))
        .Object(s.Free, $"<</Type/Annot/Subtype/Widget/FT/Sig/T(sneaky)/Rect{s.OverWords()}/F 4/P {s.Page.Number} 0 R/AP<</N {s.Free + 1} 0 R>>>>").Stream(s.Free + 1, Look, "1 g 0 0 500 100 re f"));

    private static HandMadePdf OnPage(AttackSample s, HandMadePdf pdf)
    {
        var old = s.View.Get(s.FirstPage.Dictionary, "Annots") is PdfArray list ? AttackSample.Write(list)[1..^1] : "";
        return pdf.Object(s.Page.Number, s.With(s.Page, ("Annots", $"[{old} {s.Free} 0 R]")));
    }

    private static HandMadePdf InForm(AttackSample s, HandMadePdf pdf)
    {
        var form = (PdfDictionary)s.File.Resolve(s.File.Catalog["AcroForm"]);
        var fields = AttackSample.Write(s.File.Resolve(form["Fields"]));
        return pdf.Object(s.Catalog.Number, s.With(s.Catalog, ("AcroForm", AttackSample.Write(form.With("Fields", AttackSample.Parse(fields[..^1] + $" {s.Free} 0 R]"))))));
    }
}
