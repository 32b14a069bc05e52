using VanBanDienTu.Pdf;
using static VanBanDienTu.FuzzTests.Attacks.Attack;

namespace VanBanDienTu.FuzzTests.Attacks;

/// <summary>Incremental saving and shadow attacks: the page as it is read now says something else than what was signed.</summary>
internal static class PageAttacks
{
    private const string Evil = "BT /F1 24 Tf 60 640 Td (You owe 9.000.000) Tj ET";

    public static IReadOnlyList<Attack> All { get; } =
    [
        new("content-replaced", (s, r) => s.Update(p => p.Stream(s.Content.Number, "", Pick(r, Evil, "", s.Data(s.Content) + "\n" + Evil)))),
        new("content-appended", (s, r) => s.Update(p => p.Object(s.Page.Number, s.With(s.Page, ("Contents", $"[{s.Content.Number} 0 R {s.Free} 0 R]"))).Stream(s.Free, "", Evil))),
        new("content-freed", (s, r) => s.Update(p => p.Free(Pick(r, s.Content.Number, s.Page.Number, s.Pages.Number)))),
        new("page-added", (s, r) => s.Update(p => p.Object(s.Pages.Number, s.With(s.Pages, ("Kids", s.Entry(s.Pages, "Kids")[..^1] + $" {s.Free} 0 R]"), ("Count", $"{s.View.Pages.All.Count() + 1}")))
            .Object(s.Free, $"<</Type/Page/Parent {s.Pages.Number} 0 R/MediaBox[0 0 600 800]>>"))),
        new("page-removed", (s, r) => s.View.Pages.All.Count() < 2 ? null : s.Update(p => p.Object(s.Pages.Number, s.With(s.Pages, ("Kids", $"[{s.Page.Number} 0 R]"), ("Count", "1"))))),
        new("page-swapped", (s, r) => s.Update(p => p.Object(s.Pages.Number, s.With(s.Pages, ("Kids", s.Entry(s.Pages, "Kids").Replace($"{s.Page.Number} 0 R", $"{s.Free} 0 R", StringComparison.Ordinal))))
            .Object(s.Free, s.With(s.Page, ("Contents", $"{s.Free + 1} 0 R"))).Stream(s.Free + 1, "", Evil))),
        new("page-attribute", (s, r) => s.Update(p => p.Object(s.Page.Number, s.With(s.Page, Pick(r, ("Rotate", "180"), ("MediaBox", "[0 0 300 300]"), ("CropBox", "[0 400 600 800]"), ("UserUnit", "4"),
            ("Resources", "<<>>"), ("Group", "<</S/Transparency/I true>>"), ("AA", "<</O<</S/JavaScript/JS(x)>>>>"), ("Trans", "<</S/Wipe>>"), ("Dur", "1"), ("B", "[]"), ("Tabs", "(C)"), ("StructParents", "7")))))),
        new("page-inherits", (s, r) => s.Update(p => p.Object(s.Pages.Number, s.With(s.Pages, Pick(r, ("Rotate", "90"), ("MediaBox", "[0 0 10 10]"), ("CropBox", "[0 0 10 10]"), ("UserUnit", "3"),
            ("Resources", "<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Symbol>>>>>>")))))),
        new("page-tree-swapped", (s, r) => s.Update(p => p.Object(s.Catalog.Number, s.With(s.Catalog, ("Pages", $"{s.Free} 0 R"))).Object(s.Free, $"<</Type/Pages/Kids[{s.Free + 1} 0 R]/Count 1>>")
            .Object(s.Free + 1, $"<</Type/Page/Parent {s.Free} 0 R/MediaBox[0 0 600 800]/Contents {s.Free + 2} 0 R>>").Stream(s.Free + 2, "", Evil))),
        new("page-tree-looped", (s, r) => s.Update(p => p.Object(s.Pages.Number, s.With(s.Pages, ("Kids", $"[{s.Page.Number} 0 R {s.Pages.Number} 0 R]"), ("Parent", $"{s.Pages.Number} 0 R"))))),
        new("font-replaced", FontReplaced),
        new("hide-by-removal", (s, r) => !s.IsForm ? null : s.Update(p => Pick(r, 0, 1) == 0 ? p.Stream(AttackForm.Cover, "/Type/XObject/Subtype/Form/BBox[0 0 600 800]", "") : p.Free(AttackForm.Cover))),
        new("hide-by-box", (s, r) => !s.IsForm ? null : s.Update(p => p.Stream(AttackForm.Cover, "/Type/XObject/Subtype/Form/BBox[0 0 1 1]", s.Data(new(AttackForm.Cover, 0))))),
        new("layer-switched", (s, r) => !s.IsForm ? null : s.Update(p => p.Object(AttackForm.Layers, s.With(new(AttackForm.Layers, 0), ("D", Pick(r, "<</ON[18 0 R]>>", "<<>>", "<</OFF[]>>", "<</BaseState/ON>>")))))),
        new("layers-added", (s, r) => s.Update(p => p.Object(s.Catalog.Number, s.With(s.Catalog, ("OCProperties", $"<</OCGs[{s.Free} 0 R]/D<</OFF[{s.Free} 0 R]>>>>"))).Object(s.Free, "<</Type/OCG/Name(x)>>"))),
        new("prepared-page-shown", (s, r) => !s.IsForm ? null : s.Update(p => p.Object(AttackForm.Page, s.With(s.Page, ("Contents", $"{AttackForm.OtherContent} 0 R"))))),
        new("reference-moved-into-signed-bytes", ReferenceMoved),
    ];

    private static byte[]? FontReplaced(AttackSample s, Random r)
    {
        if (s.View.Resolve(s.FirstPage.Inherited("Resources")) is not PdfDictionary resources || s.View.Get(resources, "Font") is not PdfDictionary { Count: > 0 } fonts)
            return null;
        var font = fonts.Select(f => f.Value).OfType<PdfReference>().First().Target;
        return s.Update(p => p.Object(font.Number, Pick(r, "<</Type/Font/Subtype/Type1/BaseFont/ZapfDingbats>>",
            s.With(font, ("FirstChar", "3")), s.With(font, ("Encoding", "<</Differences[48/nine/nine/nine]>>")), s.With(font, ("ToUnicode", "null"), ("BaseFont", "/Other")))));
    }

    /// <summary>«Change object references»: the new table points to bytes that were in the signed file all along.</summary>
    private static byte[]? ReferenceMoved(AttackSample s, Random r)
    {
        var header = $"\n{AttackForm.OtherContent} 0 obj\n";
        if (!s.IsForm || !s.Text.Contains(header, StringComparison.Ordinal))
            return null;
        var place = s.Text.IndexOf(header, StringComparison.Ordinal) + 1;
        var start = s.Bytes.Length;
        var number = Pick(r, s.Content.Number, AttackForm.AmountLook);
        return s.Begin().Raw($"xref\n{number} 1\n{place:D10} 00000 n\r\ntrailer\n<<{s.Trailer}/Size {s.Free}>>\nstartxref\n{start}\n%%EOF\n").ToArray();
    }
}
