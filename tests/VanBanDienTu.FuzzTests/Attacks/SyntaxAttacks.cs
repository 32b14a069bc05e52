using System.Text;
using static VanBanDienTu.FuzzTests.Attacks.Attack;

namespace VanBanDienTu.FuzzTests.Attacks;

/// <summary>Files that one reader understands in one way and another in another: tables, object streams, what is appended, what is written twice.</summary>
internal static class SyntaxAttacks
{
    private const string Evil = "BT (evil) Tj ET";

    public static IReadOnlyList<Attack> All { get; } =
    [
        new("objects-without-table", (s, r) => s.Begin().Stream(s.Content.Number, "", Evil).Raw(Pick(r, "", "%%EOF\n", "startxref\n0\n%%EOF\n", $"startxref\n{s.File.Newest.StartXref}\n%%EOF\n", $"trailer\n<<{s.Trailer}>>\n", $"trailer\n<<{s.Trailer}>>\nstartxref\n{s.File.Newest.StartXref}\n%%EOF\n")).ToArray()),
        new("bytes-after-the-end", (s, r) => s.Begin().Raw(Pick(r, "x", "% a comment that is not one: 4 0 obj", "\n1 0 obj<<>>endobj", "%PDF-1.7\n1 0 obj<<>>endobj", "\u00ff\u00ff", "startxref", "%%EOF\n4 0 obj(x)endobj")).ToArray()),
        new("rolled-back", (s, r) => s.File.Revisions.Count < 2 ? null : s.Begin().Raw($"startxref\n{s.File.Revisions[0].StartXref}\n%%EOF\n").ToArray()),
        new("chain-broken", (s, r) => s.Begin().Stream(s.Content.Number, "", Evil).EndTable($"/Root {s.Catalog.Number} 0 R/Prev {Pick(r, s.Bytes.Length - 3, 7, s.Bytes.Length + 40, s.Bytes.Length * 2, 0)}").ToArray()),
        new("chain-looped", (s, r) => Loop(s)),
        new("chain-skips-the-signature", (s, r) => s.Begin().Object(s.Free, "<<>>").EndTable($"/Root {s.Catalog.Number} 0 R/Prev {s.File.Revisions[0].StartXref}").ToArray()),
        new("object-stream-shadows", (s, r) => s.Begin().Packed(s.Free, (Pick(r, s.Page.Number, s.Pages.Number, s.Catalog.Number), s.With(s.Page, ("Rotate", "180"))), (s.Free + 2, "1")).EndStream(s.Free + 1, s.Trailer).ToArray()),
        new("hybrid-shadows", (s, r) => s.Begin().Packed(s.Free, (s.Page.Number, s.With(s.Page, ("Contents", "null")))).EndHybrid(s.Free + 1, s.Trailer).ToArray()),
        new("hybrid-disagrees", (s, r) => s.Begin().Packed(s.Free, (s.Page.Number, s.With(s.Page, ("Contents", "null")))).Object(s.Page.Number, s.With(s.Page)).EndHybrid(s.Free + 1, s.Trailer).ToArray()),
        new("hybrid-in-other-words", HybridInOtherWords),
        new("key-twice", (s, r) => s.Update(p => p.Object(s.Page.Number, Twice(s.With(s.Page), $"/Contents {s.Free} 0 R", r)).Stream(s.Free, "", Evil))),
        new("key-twice-in-catalog", (s, r) => s.Update(p => p.Object(s.Catalog.Number, Twice(s.With(s.Catalog), $"/Pages {s.Free} 0 R", r)).Object(s.Free, "<</Type/Pages/Kids[]/Count 0>>"))),
        new("key-twice-in-trailer", (s, r) => s.Begin().Object(s.Free, "<</Type/Catalog>>").EndTable($"/Root {s.Free} 0 R{s.Trailer}").ToArray()),
        new("object-twice", (s, r) => s.Update(p => p.Raw($"{s.Content.Number} 0 obj\n<</Length {Evil.Length}>>stream\n{Evil}\nendstream\nendobj\n").Object(s.Free, "<<>>"))),
        new("object-hidden-in-stream", (s, r) => s.Update(p => p.Object(s.Catalog.Number, s.With(s.Catalog, ("DSS", $"<</Certs[{s.Free} 0 R]>>"))).Stream(s.Free, "", $"x\nendstream\nendobj\n{s.Content.Number} 0 obj\n<</Length 3>>stream\nabc\nendstream\nendobj\n"))),
        new("object-hidden-in-string", (s, r) => s.Update(p => p.Object(s.Free, $"(\n{s.Content.Number} 0 obj\n<<>>\nendobj\n)"), $"/Info {s.Free + 1} 0 R").Length == 0 ? null
            : s.Update(p => p.Object(s.Free, $"<</Title(\nendobj\n{s.Content.Number} 0 obj\n<<>>\nendobj\n)>>"), $"/Info {s.Free} 0 R")),
        new("object-hidden-in-comment", (s, r) => s.Update(p => p.Object(s.Free, "<<>>").Raw(Pick(r, $"%\r{s.Content.Number} 0 obj\r<<>>\rendobj\r", $"% {s.Content.Number} 0 obj <<>> endobj\n")))),
        new("trailer-hidden", (s, r) => s.Update(p => p.Object(s.Free, "<</Type/Catalog>>").Raw(Pick(r, $"trailer\n<</Root {s.Free} 0 R>>\n", $"%trailer <</Root {s.Free} 0 R>>\n", $"xref\n0 0\ntrailer\n<</Root {s.Free} 0 R>>\n")))),
        new("table-lists-twice", (s, r) => Table(s, r, $"{s.Content.Number} 1\n{{0}} 00000 n\r\n{s.Content.Number} 1\n{Offset(s):D10} 00000 n\r\n")),
        new("table-points-astray", (s, r) => Table(s, r, $"{Pick(r, s.Content.Number, s.Page.Number, s.Catalog.Number)} 1\n{Pick(r, 0, 9, s.Bytes.Length + 3):D10} 00000 n\r\n")),
        new("table-of-another-generation", (s, r) => Table(s, r, $"{s.Content.Number} 1\n{{0}} 00001 n\r\n")),
        new("length-lies", (s, r) => s.Begin().Raw("").Object(s.Free, "<<>>").Raw("").ToArray() is var begun && begun.Length > 0 ? s.Update(p => p.Object(s.Content.Number, $"<</Length {Pick(r, 3, 9999999, 0)}>>stream\n{Evil}\nendstream")) : null),
    ];

    private static string Twice(string dictionary, string entry, Random r) => r.Next(2) == 0 ? "<<" + entry + dictionary[2..] : dictionary[..^2] + entry + ">>";

    /// <summary>The table says where the stream that goes with it stands, but not as a whole number; everything is listed besides.</summary>
    private static byte[] HybridInOtherWords(AttackSample s, Random r)
    {
        var pdf = s.Begin().Stream(s.Free, "", Evil);
        var hidden = pdf.Length;
        var row = unchecked(new[] { (char)1, (char)(byte)(s.Bytes.Length >> 16), (char)(byte)(s.Bytes.Length >> 8), (char)(byte)s.Bytes.Length, (char)0 });
        return pdf.Stream(s.Free + 1, $"/Type/XRef/W[1 3 1]/Index[{s.Content.Number} 1]/Size {s.Free + 2}", new string(row)).Object(s.Free + 2, $"{hidden}")
            .EndTable(s.Trailer + Pick(r, $"/XRefStm {hidden}.0", $"/XRefStm {s.Free + 2} 0 R", $"/XRefStm[{hidden}]")).ToArray();
    }

    private static long Offset(AttackSample s) => s.View.Find(s.Content.Number)!.Value.Place;

    private static byte[] Loop(AttackSample s)
    {
        var section = s.Bytes.Length + Encoding.Latin1.GetByteCount($"{s.Free} 0 obj\n<<>>\nendobj\n");
        return s.Begin().Object(s.Free, "<<>>").EndTable($"/Root {s.Catalog.Number} 0 R/Prev {section}").ToArray();
    }

    /// <summary>A content stream and a table written by hand; {0} is the stream's place.</summary>
    private static byte[] Table(AttackSample s, Random r, string entries)
    {
        var body = $"{s.Content.Number} 0 obj\n<</Length {Evil.Length}>>stream\n{Evil}\nendstream\nendobj\n";
        var table = $"xref\n{entries.Replace("{0}", $"{s.Bytes.Length:D10}", StringComparison.Ordinal)}trailer\n<<{s.Trailer}/Size {s.Free}>>\n";
        return s.Begin().Raw(body + table + $"startxref\n{s.Bytes.Length + body.Length}\n%%EOF\n").ToArray();
    }
}
