using static VanBanDienTu.FuzzTests.Attacks.Attack;

namespace VanBanDienTu.FuzzTests.Attacks;

/// <summary>Fields and widgets: what is shown changes while what is said stays, or the other way round, or both where it was locked.</summary>
internal static class FieldAttacks
{
    private const string Look = "/Type/XObject/Subtype/Form/BBox[0 0 200 20]/Resources<</Font<</F1 5 0 R>>>>";

    public static IReadOnlyList<Attack> All { get; } =
    [
        Of("appearance-replaced", (s, r) => s.Update(p => p.Stream(AttackForm.AmountLook, Look, "BT /F1 12 Tf 2 5 Td (900) Tj ET"))),
        Of("appearance-swapped", (s, r) => s.Update(p => p.Object(AttackForm.Amount, s.With(new(AttackForm.Amount, 0), ("AP", $"<</N {s.Free} 0 R>>"))).Stream(s.Free, Look, "BT /F1 12 Tf 2 5 Td (900) Tj ET"))),
        Of("appearance-removed", (s, r) => s.Update(p => p.Object(AttackForm.Amount, s.Without(new(AttackForm.Amount, 0), "AP")))),
        Of("appearance-of-mouse", (s, r) => s.Update(p => p.Object(AttackForm.Amount, s.With(new(AttackForm.Amount, 0), ("AP", $"<</N 8 0 R/{Pick(r, "R", "D")} {s.Free} 0 R>>"))).Stream(s.Free, Look, "BT (900) Tj ET"))),
        Of("state-without-value", (s, r) => s.Update(p => p.Object(AttackForm.Agree, s.With(new(AttackForm.Agree, 0), ("AS", "/Yes"))))),
        Of("states-swapped", (s, r) => s.Update(p => p.Object(AttackForm.Agree, s.With(new(AttackForm.Agree, 0), ("AP", "<</N<</Yes 15 0 R/Off 14 0 R>>>>"))))),
        Of("button-drawn", (s, r) => s.Update(p => p.Object(AttackForm.Button, s.With(new(AttackForm.Button, 0), ("V", "/On"), ("AP", $"<</N {s.Free} 0 R>>"))).Stream(s.Free, Look, "BT /F1 12 Tf (PAID) Tj ET"))),
        Of("field-moved", (s, r) => s.Update(p => p.Object(AttackForm.Amount, s.With(new(AttackForm.Amount, 0), ("Rect", $"[{r.Next(1, 300)} 100 500 300]"), Pick(r, ("V", "(100)"), ("V", "(999)")))))),
        Of("field-flags", (s, r) => s.Update(p => p.Object(AttackForm.Amount, s.With(new(AttackForm.Amount, 0), Pick(r, ("F", "2"), ("F", "36"), ("Ff", "4096"), ("Q", "2"), ("MaxLen", "1"), ("DA", "(/F1 99 Tf 1 g)"),
            ("DV", "(9)"), ("T", "(other)"), ("FT", "/Ch"), ("OC", "18 0 R"), ("MK", "<</BG[1 1 1]>>"), ("A", "<</S/JavaScript/JS(x)>>"), ("AA", "<</F<</S/JavaScript/JS(x)>>>>"), ("TU", "(other)")))))),
        Of("field-removed", (s, r) => s.Update(p => p.Object(AttackForm.Form, s.With(new(AttackForm.Form, 0), ("Fields", s.Entry(new(AttackForm.Form, 0), "Fields").Replace($"{Pick(r, 7, 9, 13)} 0 R", "", StringComparison.Ordinal)))))),
        Of("field-added", (s, r) => s.Update(p => p.Object(AttackForm.Form, s.With(new(AttackForm.Form, 0), ("Fields", s.Entry(new(AttackForm.Form, 0), "Fields")[..^1] + $" {s.Free} 0 R]")))
            .Object(s.Page.Number, s.With(s.Page, ("Annots", s.Entry(s.Page, "Annots")[..^1] + $" {s.Free} 0 R]")))
            .Object(s.Free, $"<</Type/Annot/Subtype/Widget/FT/{Pick(r, "Tx/V(9)", "Btn", "Ch")}/T(new)/Rect[50 660 400 690]/F 4/P 3 0 R/AP<</N {s.Free + 1} 0 R>>>>").Stream(s.Free + 1, Look, "1 g 0 0 200 20 re f"))),
        Of("overlay-filled", (s, r) => s.Update(p => p.Object(AttackForm.Overlay, s.With(new(AttackForm.Overlay, 0), ("V", "(x)"), ("AP", $"<</N {s.Free} 0 R>>")))
            .Stream(s.Free, "/Type/XObject/Subtype/Form/BBox[0 0 600 500]/Resources<</Font<</F1 5 0 R>>>>", Pick(r, "1 g 0 0 600 500 re f", "1 g 40 360 400 50 re f 0 g BT /F1 18 Tf 50 370 Td (Total: 9.000.000 dong) Tj ET", "1 G 60 w 0 380 m 600 380 l S")))),
        Of("overlay-by-image", (s, r) => s.Update(p => p.Object(AttackForm.Overlay, s.With(new(AttackForm.Overlay, 0), ("V", "(x)"), ("AP", $"<</N {s.Free} 0 R>>")))
            .Stream(s.Free, $"/Type/XObject/Subtype/Form/BBox[0 0 600 500]/Resources<</XObject<</I {s.Free + 1} 0 R>>>>", "500 0 0 120 40 350 cm /I Do")
            .Stream(s.Free + 1, $"/Type/XObject/Subtype/Image/Width 1/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray{(r.Next(2) == 0 ? $"/SMask {s.Free + 2} 0 R" : "")}", "\xff")
            .Stream(s.Free + 2, "/Type/XObject/Subtype/Image/Width 1/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray", "\xff"))),
        Of("overlay-by-nested-form", (s, r) => s.Update(p => p.Object(AttackForm.Overlay, s.With(new(AttackForm.Overlay, 0), ("V", "(x)"), ("AP", $"<</N {s.Free} 0 R>>")))
            .Stream(s.Free, $"/Type/XObject/Subtype/Form/BBox[0 0 600 500]/Resources<</XObject<</I {s.Free + 1} 0 R>>>>", "q 2 0 0 2 0 0 cm /I Do Q")
            .Stream(s.Free + 1, "/Type/XObject/Subtype/Form/Matrix[1 0 0 1 5 150]/BBox[0 0 300 300]", "q 1 g -5 0 300 100 re f Q"))),
        Of("overlay-by-white-letters", (s, r) => s.Update(p => p.Object(AttackForm.Overlay, s.With(new(AttackForm.Overlay, 0), ("V", "(x)"), ("AP", $"<</N {s.Free} 0 R>>")))
            .Stream(s.Free, "/Type/XObject/Subtype/Form/BBox[0 0 600 500]/Resources<</Font<</F1 5 0 R/Z<</Type/Font/Subtype/Type1/BaseFont/ZapfDingbats>>>>>>", Pick(r, "1 g BT /F1 60 Tf 40 360 Td (MMMMMMMM) Tj ET", "0.5 g BT /Z 40 Tf 40 360 Td (nnnnnnnnnn) Tj ET")))),
        Of("released-appearance", (s, r) => s.Update(p => p.Object(AttackForm.Amount, s.With(new(AttackForm.Amount, 0), ("V", "(9)"), ("AP", $"<</N {s.Content.Number} 0 R>>"))).Stream(s.Content.Number, Look, "(evil)"))),
        Of("locked-field", (s, r) => s.Signature.Signature!.FieldMdp is null ? null : s.Update(p => p.Object(AttackForm.Amount, s.With(new(AttackForm.Amount, 0), ("V", "(999)"), ("AP", $"<</N {s.Free} 0 R>>"))).Stream(s.Free, Look, "BT (999) Tj ET"))),
        Of("locked-state", (s, r) => s.Signature.Signature!.FieldMdp is null ? null : s.Update(p => p.Object(AttackForm.Agree, s.With(new(AttackForm.Agree, 0), ("V", "/Yes"), ("AS", "/Yes"))))),
        Of("parent-value", (s, r) => s.Update(p => p.Object(AttackForm.Group, s.With(new(AttackForm.Group, 0), Pick(r, ("Kids", $"[22 0 R {AttackForm.Note} 0 R]"), ("AA", "<<>>"), ("T", "(x)"))))) ),
        Of("resource-font", (s, r) => s.Update(p => p.Object(AttackForm.Form, s.With(new(AttackForm.Form, 0), ("DR", $"<</Font<</F1 {s.Free} 0 R>>>>"))).Object(s.Free, "<</Type/Font/Subtype/Type1/BaseFont/Symbol>>"))),
        Of("default-appearance", (s, r) => s.Update(p => p.Object(AttackForm.Form, s.With(new(AttackForm.Form, 0), ("DA", "(/F1 99 Tf 1 g)"))))),
        Of("annotation-removed", (s, r) => s.Update(p => p.Object(s.Page.Number, s.With(s.Page, ("Annots", s.Entry(s.Page, "Annots").Replace($"{Pick(r, 7, 9, 13, 19, 27)} 0 R", "", StringComparison.Ordinal)))))),
        Of("note-changed", (s, r) => s.Update(p => p.Object(AttackForm.Note, s.With(new(AttackForm.Note, 0), ("Rect", "[0 0 600 800]"), ("AP", $"<</N {s.Free} 0 R>>"))).Stream(s.Free, Look, "1 g 0 0 200 20 re f"))),
    ];

    private static Attack Of(string family, Func<AttackSample, Random, byte[]?> make) => new(family, (s, r) => s.IsForm ? make(s, r) : null);
}
