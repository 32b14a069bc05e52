using VanBanDienTu.Pdf;
using static VanBanDienTu.FuzzTests.Attacks.Attack;

namespace VanBanDienTu.FuzzTests.Attacks;

/// <summary>
/// What a certification does not permit (DocMDP 1: nothing, 2: filling and signing), and stamps over signed words under every level; each in the open, in
/// an object stream and behind a hybrid table.
/// </summary>
internal static class PermissionAttacks
{
    private const string Look = "/Type/XObject/Subtype/Form/BBox[0 0 200 20]/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>";
    private const string Margin = "[420 20 560 60]"; // nothing is printed there

    public static IReadOnlyList<Attack> All { get; } =
    [
        .. Each("annotation-though-certified", (s, r) => s.Certified is 1 or 2, (s, r) => Annotate(s, $"{Kind(r)}/Rect{Margin}", Pick(r, "", "0 0 10 10 re S"))),
        .. Each("annotation-without-look-though-certified", (s, r) => s.Certified is 1 or 2, (s, r) => Annotate(s, $"{Kind(r)}/Rect{Margin}", null)),
        .. Each("stamp-beside-though-certified", (s, r) => s.Certified is 1 or 2 or 3, (s, r) =>
            Annotate(s, $"/Subtype/Stamp/Name/Approved/Rect{Margin}", Pick(r, "BT /F1 12 Tf 2 5 Td (DA DUYET) Tj ET", "1 0 0 rg 0 0 200 20 re f"))),
        .. Each("stamp-over-words", (s, r) => true, (s, r) => Annotate(s, $"/Subtype/{Pick(r, "Stamp", "FreeText")}/Rect{s.OverWords()}", Pick(r, "1 g 0 0 200 20 re f", "1 g 0 0 200 20 re f 0 g BT /F1 12 Tf 2 5 Td (9.000.000) Tj ET"))),
        .. Each("stamp-over-words-by-image", (s, r) => true, (s, r) => Annotate(s, $"/Subtype/Stamp/Rect{s.OverWords()}", "q 200 0 0 20 0 0 cm BI/W 1/H 1/BPC 8/CS/G ID \xff EI Q")),
        .. Each("stamp-over-words-by-matrix", (s, r) => true, (s, r) => Annotate(s, $"/Subtype/Stamp/Rect{s.OverWords()}", "1 g 0 0 1 1 re f", "/Type/XObject/Subtype/Form/BBox[0 0 1 1]/Matrix[50 0 0 50 9 9]")),
        .. Each("filled-though-certified", (s, r) => s is { IsForm: true, Certified: 1 }, null),
        new("signed-though-certified", (s, r) => s is { IsForm: true, Certified: 1 } ? HonestChanges.Sign(s) : null),
        .. Each("look-changed-alone", (s, r) => s.IsForm, (s, r) => new ShapedUpdate(s)
            .Object(AttackForm.Amount, s.With(new(AttackForm.Amount, 0), ("V", Pick(r, "(100)", "<313030>")), ("AP", $"<</N {s.Free} 0 R>>"))).Stream(s.Free, Look, "BT /F1 12 Tf 2 5 Td (900) Tj ET")),
        .. Each("look-changed-with-another-field", (s, r) => s.IsForm, (s, r) => new ShapedUpdate(s)
            .Object(22, s.With(new(22, 0), ("V", "(Ha Noi)"), ("AP", $"<</N {s.Free} 0 R>>"))).Object(AttackForm.Amount, s.With(new(AttackForm.Amount, 0), ("AP", $"<</N {s.Free} 0 R>>")))
            .Stream(s.Free, Look, "BT /F1 12 Tf 2 5 Td (900) Tj ET")),
        .. Each("page-content-hidden", (s, r) => true, (s, r) => new ShapedUpdate(s)
            .Object(s.Page.Number, s.With(s.Page, ("Contents", Pick(r, $"{s.Free} 0 R", $"[{s.Content.Number} 0 R {s.Free} 0 R]")))).Stream(s.Free, "", "BT /F1 24 Tf 60 640 Td (9.000.000) Tj ET")),
        .. Each("page-resources-hidden", (s, r) => true, (s, r) => new ShapedUpdate(s).Object(s.Page.Number, s.With(s.Page, ("Resources", "<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Symbol>>>>>>")))),
        .. Each("widget-over-words", (s, r) => s.IsForm, (s, r) => Widget(s, r)),
    ];

    private static IEnumerable<Attack> Each(string family, Func<AttackSample, Random, bool> applies, Func<AttackSample, Random, ShapedUpdate>? make) =>
        from shape in Enum.GetValues<Shape>()
        select new Attack($"{family}-{shape}", (s, r) => !applies(s, r) ? null : make is null ? HonestChanges.Fill(s, shape) : make(s, r).Write(shape));

    private static string Kind(Random r) => Pick(
        r, "/Subtype/Text/Contents(x)", "/Subtype/FreeText/Contents(x)/DA(/F1 9 Tf 0 g)", "/Subtype/Stamp/Name/Approved", "/Subtype/Square", "/Subtype/Highlight/QuadPoints[420 60 560 60 420 20 560 20]",
        "/Subtype/Ink/InkList[[420 20 560 60]]", "/Subtype/Line/L[420 20 560 60]", "/Subtype/Popup");

    private static ShapedUpdate Annotate(AttackSample s, string entries, string? content, string look = Look)
    {
        var old = s.View.Get(s.FirstPage.Dictionary, "Annots") is PdfArray list ? AttackSample.Write(list)[1..^1] : "";
        var update = new ShapedUpdate(s)
            .Object(s.Page.Number, s.With(s.Page, ("Annots", $"[{old} {s.Free} 0 R]")))
            .Object(s.Free, $"<</Type/Annot{entries}/F 4/P {s.Page.Number} 0 R{(content is null ? "" : $"/AP<</N {s.Free + 1} 0 R>>")}>>");
        return content is null ? update : update.Stream(s.Free + 1, look, content);
    }

    private static ShapedUpdate Widget(AttackSample s, Random r) => new ShapedUpdate(s)
        .Object(AttackForm.Form, s.With(new(AttackForm.Form, 0), ("Fields", s.Entry(new(AttackForm.Form, 0), "Fields")[..^1] + $" {s.Free} 0 R]")))
        .Object(s.Page.Number, s.With(s.Page, ("Annots", s.Entry(s.Page, "Annots")[..^1] + $" {s.Free} 0 R]")))
        .Object(s.Free, $"<</Type/Annot/Subtype/Widget/FT/{Pick(r, "Tx/V(9)", "Btn/Ff 65536", "Ch", "Sig")}/T(new)/Rect{s.OverWords()}/F 4/P {s.Page.Number} 0 R/AP<</N {s.Free + 1} 0 R>>>>")
        .Stream(s.Free + 1, Look, "1 g 0 0 200 20 re f");
}
