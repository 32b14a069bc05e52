using static VanBanDienTu.FuzzTests.Attacks.Attack;

namespace VanBanDienTu.FuzzTests.Attacks;

/// <summary>Changes of what hangs on the catalogue: scripts, files, names, structure, other catalogues.</summary>
internal static class DocumentAttacks
{
    private const string Script = "<</S/JavaScript/JS(this.getField\\('amount'\\).value=9)>>";

    public static IReadOnlyList<Attack> All { get; } =
    [
        new("catalog-swapped", (s, r) => s.Begin().Object(s.Free, $"<</Type/Catalog/Pages {s.Free + 1} 0 R>>").Object(s.Free + 1, $"<</Type/Pages/Kids[{s.Free + 2} 0 R]/Count 1>>")
            .Object(s.Free + 2, $"<</Type/Page/Parent {s.Free + 1} 0 R/MediaBox[0 0 9 9]>>").EndTable($"/Root {s.Free} 0 R/Prev {s.File.Newest.StartXref}").ToArray()),
        new("catalog-swapped-form-kept", (s, r) => s.Begin().Object(s.Free, s.With(s.Catalog, ("Pages", $"{s.Free + 1} 0 R"))).Object(s.Free + 1, $"<</Type/Pages/Kids[{s.Free + 2} 0 R]/Count 1>>")
            .Object(s.Free + 2, $"<</Type/Page/Parent {s.Free + 1} 0 R/MediaBox[0 0 9 9]>>").EndTable($"/Root {s.Free} 0 R/Prev {s.File.Newest.StartXref}").ToArray()),
        new("catalog-entry", (s, r) => s.Update(p => p.Object(s.Catalog.Number, s.With(s.Catalog, Pick(r, ("OpenAction", Script), ("AA", $"<</WC{Script}>>"), ("Names", $"<</JavaScript<</Names[(a){Script}]>>>>"),
            ("Names", "<</EmbeddedFiles<</Names[(a)<</F(a)>>]>>>>"), ("PageLabels", "<</Nums[0<</P(99)>>]>>"), ("Dests", "<</a[0/Fit]>>"), ("Collection", "<<>>"), ("PageLayout", "/TwoPageLeft"),
            ("Lang", "(xx)"), ("ViewerPreferences", "<</HideToolbar true>>"), ("URI", "<</Base(http://x/)>>"), ("Requirements", "[<<>>]"), ("AF", "[<<>>]"), ("Threads", "[]"), ("NeedsRendering", "true")))))),
        new("version-odd", (s, r) => s.Update(p => p.Object(s.Catalog.Number, s.With(s.Catalog, ("Version", Pick(r, "(1.7)", "17", "<<>>", "[/1.7]")))))),
        new("extensions-odd", (s, r) => s.Update(p => p.Object(s.Catalog.Number, s.With(s.Catalog, ("Extensions", $"<</ADBE {s.Free} 0 R>>"))).Stream(s.Free, "", "x"))),
        new("metadata-odd", (s, r) => s.Update(p => p.Object(s.Catalog.Number, s.With(s.Catalog, ("Metadata", Pick(r, "<</A 1>>", "[1]", "(x)")))))),
        new("form-removed", (s, r) => s.Update(p => p.Object(s.Catalog.Number, s.Without(s.Catalog, "AcroForm")))),
        new("form-swapped", (s, r) => s.Update(p => p.Object(s.Catalog.Number, s.With(s.Catalog, ("AcroForm", $"<</Fields[{Pick(r, "", $"{s.Free} 0 R")}]>>"))).Object(s.Free, "<</FT/Tx/T(x)>>"))),
        new("form-entry", (s, r) => s.Update(p => p.Object(s.Catalog.Number, s.With(s.Catalog, ("AcroForm", Form(s, Pick(r, ("XFA", "(x)"), ("CO", $"[{s.Signature.Field!.Value.Number} 0 R]"),
            ("NeedAppearances", "true"), ("Q", "2"), ("Other", "1")))))))),
        new("security-store-odd", (s, r) => s.Update(p => p.Object(s.Catalog.Number, s.With(s.Catalog, ("DSS", Pick(r, "<</JS(x)>>", $"<</Certs[{s.Page.Number} 0 R]>>", "[1]", "<</VRI<</A<</X[]>>>>>>", "<</Certs 5>>")))))),
        new("security-store-hides-content", (s, r) => s.Update(p => p.Object(s.Catalog.Number, s.With(s.Catalog, ("DSS", $"<</Certs[{s.Content.Number} 0 R]>>"))).Stream(s.Content.Number, "", "BT (evil) Tj ET"))),
        new("permissions", (s, r) => s.Signature.Signature!.DocMdp is null
            ? s.Update(p => p.Object(s.Catalog.Number, s.With(s.Catalog, ("Perms", $"<</DocMDP {s.Signature.Value!.Value.Number} 0 R>>"))))
            : s.Update(p => p.Object(s.Catalog.Number, Pick(r, s.Without(s.Catalog, "Perms"), s.With(s.Catalog, ("Perms", "<<>>")), s.With(s.Catalog, ("Perms", $"<</UR3 {s.Signature.Value!.Value.Number} 0 R>>")))))),
        new("structure", (s, r) => !s.IsForm ? null : s.Update(p => p.Object(AttackForm.Paragraph, s.With(new(AttackForm.Paragraph, 0), Pick(r, ("ActualText", "(Total: 9)"), ("Alt", "(x)"), ("S", "/Artifact"), ("Pg", "11 0 R"), ("K", "7")))))),
        new("structure-removed", (s, r) => s.File.Catalog.Has("StructTreeRoot") ? s.Update(p => p.Object(s.Catalog.Number, s.Without(s.Catalog, "StructTreeRoot"))) : null),
        new("structure-added", (s, r) => !s.IsForm ? null : s.Update(p => p.Object(AttackForm.Structure, s.With(new(AttackForm.Structure, 0), ("K", $"[24 0 R {s.Free} 0 R]"))).Object(s.Free, "<</S/P/P 23 0 R/K 0/Pg 3 0 R/ActualText(evil)>>"))),
        new("outlines", (s, r) => !s.IsForm ? null : s.Update(p => p.Object(AttackForm.Outlines, $"<</Count 1/First {s.Free} 0 R/Last {s.Free} 0 R>>").Object(s.Free, $"<</Title(x)/Parent 25 0 R/A{Script}>>"))),
        new("encrypt-added", (s, r) => s.Update(p => p.Object(s.Free, "<</Filter/Standard/V 1/R 2/P -4/O(xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx)/U(xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx)>>"), $"/Encrypt {s.Free} 0 R/ID[(a)(a)]")),
        new("trailer-entry", (s, r) => s.Update(p => p, Pick(r, "/Evil 1", "/Info[1]/Info[2]", $"/XRefStm {s.Bytes.Length + 99999}", "/AuthCode<<>>"))),
    ];

    private static string Form(AttackSample s, (string, string) entry) => AttackSample.Write(((Pdf.PdfDictionary)s.File.Resolve(s.File.Catalog["AcroForm"])).With(entry.Item1, AttackSample.Parse(entry.Item2)));
}
