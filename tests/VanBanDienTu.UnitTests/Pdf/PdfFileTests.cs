using System.Text;
using VanBanDienTu.Pdf;

namespace VanBanDienTu.UnitTests.Pdf;

public sealed class PdfFileTests
{
    public static TheoryData<string> Forms => ["table", "stream", "predictor", "packed", "hybrid", "junk-before-header"];

    [Theory]
    [MemberData(nameof(Forms))]
    public void Every_form_of_cross_reference_reads_the_same_document(string form)
    {
        using var file = Open(InForm(form));
        Assert.Empty(file.Findings);
        Assert.Single(file.Revisions);
        Assert.Equal(file.Bytes.Length, file.Newest.End);
        var page = Assert.Single(file.At(file.Newest).Pages.All);
        Assert.Equal(new PdfRef(3, 0), page.Ref);
        Assert.Equal("Hello", ContentOf(file, page));
        Assert.Equal(600, ((PdfNumber)((PdfArray)page.Inherited("MediaBox"))[2]).Number);
    }

    /// <summary>On a machine with eighty runnable threads the structure of a good file took four seconds by the wall clock, and its document was answered 02.</summary>
    [Fact]
    public void Time_in_which_the_machine_was_busy_with_others_is_not_the_files()
    {
        using var file = PdfFile.Open(PdfBytes.Of(InForm("table")), new PdfLimits { MaxTime = TimeSpan.FromMilliseconds(300) });
        Thread.Sleep(700);
        Steps(file);

        var busy = System.Diagnostics.Stopwatch.StartNew();
        Assert.Equal(PdfFault.LimitExceeded, Assert.Throws<PdfException>(() =>
        {
            while (busy.Elapsed < TimeSpan.FromSeconds(60))
                Steps(file);
        }).Fault);

        static void Steps(PdfFile file)
        {
            for (var i = 0; i < 1000; i++)
                file.Budget.Step();
        }
    }

    [Theory]
    [InlineData("table", XrefKind.Table)]
    [InlineData("packed", XrefKind.Stream)]
    [InlineData("hybrid", XrefKind.Hybrid)]
    public void The_form_of_the_newest_section_is_known(string form, XrefKind kind)
    {
        using var file = Open(InForm(form));
        Assert.Equal(kind, file.Newest.Kind);
    }

    [Fact]
    public void Each_revision_sees_its_own_document()
    {
        var pdf = HandMadePdf.Hello().EndTable();
        var firstEnd = pdf.Length;
        using var file = Open(pdf.Stream(4, "", "(Goodbye) Tj").EndTable().Free(8).EndTable());
        Assert.Equal(3, file.Revisions.Count);
        Assert.Equal(firstEnd, file.Revisions[0].End);
        Assert.Equal([4], file.Revisions[1].Entries.Select(e => e.Key));
        Assert.Equal("Hello", ContentOf(file.At(file.Revisions[0])));
        Assert.Equal("Goodbye", ContentOf(file.At(file.Revisions[1])));
        Assert.IsType<PdfStream>(file.At(file.Revisions[1]).Load(new PdfRef(8, 0)));
        Assert.IsType<PdfNull>(file.Load(new PdfRef(8, 0)));
    }

    [Fact]
    public void An_object_that_moves_out_of_its_object_stream_is_read_from_its_new_place()
    {
        using var file = Open(HandMadePdf.Hello().Packed(20, (9, "(old)")).EndStream(21).Object(9, "(new)").EndTable());
        Assert.Equal("new", ((PdfString)file.Load(new PdfRef(9, 0))).Text);
        Assert.Equal("old", ((PdfString)file.At(file.Revisions[0]).Load(new PdfRef(9, 0))).Text);
    }

    [Fact]
    public void A_sloppy_table_is_read()
    {
        var pdf = new HandMadePdf().Object(1, "<</Type/Catalog/Pages 2 0 R>>");
        var second = pdf.Length;
        var section = pdf.Object(2, "<</Type/Pages/Kids[]/Count 0>>").Length;
        pdf.Raw("xref \n 0   3 \n0 65535 f\n  9 0   n \n   " + second + " 00000 n\ntrailer<</Root 1 0 R/Size 3>>startxref " + section + " %%EOF");
        using var file = Open(pdf);
        Assert.Equal("Pages", ((PdfName)((PdfDictionary)file.Resolve(file.Catalog["Pages"]))["Type"]).Value);
        Assert.False(file.Repaired);
    }

    [Fact]
    public void A_stream_whose_length_is_elsewhere_or_wrong_is_read()
    {
        using var file = Open(HandMadePdf.Hello().Object(10, "8").Object(11, "<</Length 10 0 R>>stream\n12345678\nendstream").Object(12, "<</Length 3>>stream\n12345678\nendstream").EndTable());
        var view = file.At(file.Newest);
        Assert.Equal("12345678"u8.ToArray(), view.Decode((PdfStream)file.Load(new PdfRef(11, 0))));
        Assert.Empty(file.Findings);
        Assert.Equal("12345678"u8.ToArray(), view.Decode((PdfStream)file.Load(new PdfRef(12, 0))));
        Assert.Contains(file.Findings, f => f.Code == "stream-length");
    }

    [Fact]
    public void A_broken_cross_reference_is_rebuilt_and_that_is_a_critical_finding()
    {
        var whole = Encoding.Latin1.GetString(HandMadePdf.Hello().EndTable().ToArray());
        using var file = Open(Encoding.Latin1.GetBytes(whole.Replace("startxref\n", "startxref\n9", StringComparison.Ordinal)));
        Assert.True(file.Repaired);
        Assert.Contains(file.Findings, f => f is { Code: "repaired", Severity: PdfSeverity.Critical });
        Assert.Equal("Hello", ContentOf(file.At(file.Newest)));
    }

    [Fact]
    public void A_circle_of_Prev_ends()
    {
        var pdf = HandMadePdf.Hello();
        var section = pdf.Length;
        using var file = Open(pdf.EndTable($"/Root 1 0 R/Prev {section}"));
        Assert.True(file.Repaired);
    }

    [Fact]
    public void Bytes_after_the_end_are_a_finding_and_white_space_is_not()
    {
        using var padded = Open(HandMadePdf.Hello().EndTable().Raw("\r\n \n"));
        Assert.Empty(padded.Findings);
        using var tailed = Open(HandMadePdf.Hello().EndTable().Raw("4 0 obj\n(evil)\nendobj\n"));
        Assert.Contains(tailed.Findings, f => f.Code == "trailing-bytes");
    }

    [Theory]
    [InlineData("", PdfFault.NotAPdf)]
    [InlineData("PK\x03\x04 a docx", PdfFault.NotAPdf)]
    [InlineData("%PDF-1.7\n1 0 obj\n<</Type/Pag", PdfFault.Truncated)]
    [InlineData("%PDF-1.7\nstartxref\n0\n%%EOF\n", PdfFault.BadStructure)]
    public void What_is_no_readable_PDF_is_refused_by_its_reason(string text, PdfFault fault) =>
        Assert.Equal(fault, Assert.Throws<PdfException>(() => Open(Encoding.Latin1.GetBytes(text))).Fault);

    [Fact]
    public void A_truncated_file_is_refused_or_repaired_but_never_read_as_sound()
    {
        var whole = HandMadePdf.Hello().EndTable().ToArray();
        for (var cut = 0; cut < whole.Length - 8; cut += 7)
        {
            try
            {
                using var file = Open(whole[..cut]);
                Assert.True(file.Repaired, $"cut at {cut}");
            }
            catch (PdfException e)
            {
                Assert.Contains(e.Fault, new[] { PdfFault.NotAPdf, PdfFault.Truncated, PdfFault.BadStructure });
            }
        }
    }

    [Fact]
    public void An_encrypted_file_is_refused_as_such() =>
        Assert.Equal(PdfFault.Encrypted, Assert.Throws<PdfException>(() => Open(HandMadePdf.Hello().Object(9, "<</Filter/Standard>>").EndTable("/Root 1 0 R/Encrypt 9 0 R"))).Fault);

    [Theory]
    [InlineData("0 99999999\n")]
    [InlineData("0 9999999999999\n")]
    public void A_table_that_claims_too_much_is_refused(string subsection)
    {
        var pdf = HandMadePdf.Hello();
        var section = pdf.Length;
        pdf.Raw($"xref\n{subsection}trailer<</Root 1 0 R>>\nstartxref\n{section}\n%%EOF\n");
        Assert.Equal(PdfFault.LimitExceeded, Assert.Throws<PdfException>(() => Open(pdf)).Fault);
    }

    [Fact]
    public void A_page_tree_that_loops_ends()
    {
        using var file = Open(new HandMadePdf().Object(1, "<</Type/Catalog/Pages 2 0 R>>").Object(2, "<</Type/Pages/Kids[2 0 R 3 0 R]/Count 2>>").Object(3, "<</Type/Page/Parent 2 0 R>>").EndTable());
        Assert.Single(file.At(file.Newest).Pages.All);
    }

    [Fact]
    public void A_page_is_found_by_climbing_from_it()
    {
        var pdf = new HandMadePdf().Object(1, "<</Type/Catalog/Pages 2 0 R>>").Object(2, "<</Type/Pages/Kids[3 0 R 4 0 R 5 0 R]/Count 5>>").Object(3, "<</Type/Page/Parent 2 0 R>>")
            .Object(4, "<</Type/Pages/Parent 2 0 R/Kids[6 0 R 7 0 R 8 0 R]/Count 3>>").Object(5, "<</Type/Page/Parent 2 0 R>>");
        foreach (var n in new[] { 6, 7, 8 })
            pdf.Object(n, "<</Type/Page/Parent 4 0 R>>");
        using var file = Open(pdf.EndTable());
        var pages = file.At(file.Newest).Pages;
        foreach (var page in pages.All)
            Assert.Equal(page.Number, pages.Find(page.Ref!.Value)!.Number);
        Assert.Equal(5, pages.All.Count());
    }

    internal static PdfFile Open(byte[] bytes) => PdfFile.Open(PdfBytes.Of(bytes));

    internal static PdfFile Open(HandMadePdf pdf) => Open(pdf.ToArray());

    internal static byte[] InForm(string form) => form switch
    {
        "table" => HandMadePdf.Hello().EndTable().ToArray(),
        "junk-before-header" => [.. "junk from a mail gateway\r\n"u8, .. HandMadePdf.Hello().EndTable().ToArray()],
        "stream" => HandMadePdf.Hello().EndStream(30).ToArray(),
        "predictor" => HandMadePdf.Hello().EndStream(30, predictor: true).ToArray(),
        "packed" => PackedHello().EndStream(30).ToArray(),
        "hybrid" => PackedHello(hybrid: true).EndHybrid(30).ToArray(),
        _ => throw new ArgumentOutOfRangeException(nameof(form)),
    };

    /// <summary>As <see cref="HandMadePdf.Hello"/>, but the dictionaries live in an object stream; a hybrid file hides only what old readers can do without.</summary>
    private static HandMadePdf PackedHello(bool hybrid = false)
    {
        var pdf = new HandMadePdf();
        (int, string)[] form = [(6, "<</Fields[7 0 R]/DA(/F1 0 Tf)>>"), (7, "<</Type/Annot/Subtype/Widget/FT/Tx/T(amount)/V(100)/Rect[50 600 150 620]/P 3 0 R>>")];
        (int, string)[] pages =
        [
            (1, "<</Type/Catalog/Pages 2 0 R/AcroForm 6 0 R>>"), (2, "<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 600 800]>>"),
            (3, "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Annots 9 0 R>>"), (9, "[7 0 R]"),
        ];
        if (hybrid)
        {
            foreach (var (number, body) in pages)
                pdf.Object(number, body);
        }
        return pdf.Stream(4, "", "BT (Hello) Tj ET").Packed(20, hybrid ? form : [.. pages, .. form]);
    }

    private static string ContentOf(PdfView view) => ContentOf(view.File, view.Pages.All.First(), view);

    private static string ContentOf(PdfFile file, PdfPage page, PdfView? view = null)
    {
        view ??= file.At(file.Newest);
        var text = Encoding.Latin1.GetString(view.Decode((PdfStream)view.Resolve(page.Dictionary["Contents"])));
        return text[(text.IndexOf('(', StringComparison.Ordinal) + 1)..text.IndexOf(')', StringComparison.Ordinal)];
    }
}
