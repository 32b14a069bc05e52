using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using VanBanDienTu.Pdf;

namespace VanBanDienTu.UnitTests.Pdf.Repair;

/// <summary>What stands in a revision besides what its cross-reference lists: it matters when a rebuilt document would show something else.</summary>
public sealed class RepairScanTests
{
    private const string Evil = "4 0 obj\n<</Length 14>>stream\nBT (evil) Tj ET\nendstream\nendobj\n";
    private const string OtherCatalog = "40 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n";

    [Theory]
    [InlineData(Evil, 4)]
    [InlineData("% 4 0 obj <</Length 0>> endobj\n", 4)]
    [InlineData("4   0\r\n\t obj<</Length 3>>stream\nabc\nendstream\nendobj\n", 4)]
    [InlineData("3 0 obj\n<</Type/Page/Parent 2 0 R>>\nendobj\n", 3)]
    [InlineData("2 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\n", 2)]
    [InlineData("1 0 obj\n<</Type/Catalog/Pages 2 0 R/OpenAction[3 0 R/Fit]>>\nendobj\n", 1)]
    [InlineData("7 0 obj\n<</Type/Annot>>\nendobj\n", 7)]
    [InlineData(OtherCatalog + "trailer\n<</Root 40 0 R>>\n", 40)]
    [InlineData(OtherCatalog + "%trailer <</Root 40 0 R>>\n", 40)]
    [InlineData(OtherCatalog + "30 0 obj\n<</Type/XRef/Root 40 0 R/Size 1/W[1 1 1]/Length 0>>stream\n\nendstream\nendobj\n", 40)]
    [InlineData(OtherCatalog + "30 0 obj\n<</Root 40 0 R/Length 0/Type/#58R#65f>>stream\n\nendstream\nendobj\n", 40)]
    [InlineData(OtherCatalog + "30 0 obj\n<</Type 31 0 R/Root 40 0 R/Length 0>>stream\n\nendstream\nendobj\n31 0 obj\n/XRef\nendobj\n", 40)]
    [InlineData("31 0 obj/ObjStm endobj\n30 0 obj\n<</Type 31 0 R/N 1/First 4/Length 32>>stream\n3 0 <</Type/Page/Parent 2 0 R>> \nendstream\nendobj\n", 3)]
    [InlineData("31 0 obj 4 endobj\n30 0 obj\n<</Type/ObjStm/N 1/First 31 0 R/Length 32>>stream\n3 0 <</Type/Page/Parent 2 0 R>> \nendstream\nendobj\n", 3)]
    public void Another_document_for_a_reader_that_rebuilds_is_found(string hidden, int number)
    {
        var difference = Assert.Single(Differences(HandMadePdf.Hello().Raw(hidden).EndTable().ToArray()));
        Assert.Equal((number, 1, 1), (difference.Object!.Value.Number, difference.Signed, difference.Revision));
        Assert.True(difference.Offset > 0);
    }

    [Fact]
    public void So_is_what_a_stream_hides() =>
        Assert.Single(Differences(HandMadePdf.Hello().Stream(9, "", "x\nendstream\nendobj\n" + Evil).EndTable().ToArray()));

    [Fact]
    public void So_is_what_a_string_hides() =>
        Assert.Single(Differences(HandMadePdf.Hello().Object(9, "<</Title(\nendobj\n" + Evil + ")>>").EndTable("/Root 1 0 R/Info 9 0 R").ToArray()));

    [Fact]
    public void So_is_an_object_stream_that_no_table_names() =>
        Assert.Equal(3, Assert.Single(Differences(HandMadePdf.Hello().Raw(Packed("3 0 <</Type/Page/Parent 2 0 R>> ", 4)).EndTable().ToArray())).Object!.Value.Number);

    [Theory]
    [InlineData("Obj#53tm")]
    [InlineData("#4fbjStm")]
    [InlineData("#4F#62#6a#53#74#6D")]
    public void So_is_one_whose_type_is_spelt_with_escapes(string type)
    {
        var file = HandMadePdf.Hello().Raw(Packed("3 0 <</Type/Page/Parent 2 0 R>> ", 4).Replace("ObjStm", type, StringComparison.Ordinal)).EndTable().ToArray();
        Assert.Equal(3, Assert.Single(Differences(file)).Object!.Value.Number);
        for (var size = 1; size < 90; size++)
            Assert.Single(DifferencesBy(file, size, 1));
    }

    [Theory]
    [InlineData("/Type/XRef/Root 40 0 R", "")]
    [InlineData("/Type 9 0 R/Root 40 0 R", "/XRef")]
    [InlineData("/Type 9 0 R/Root 40 0 R", "/X#52ef")]
    [InlineData("/Type 9 0 R/Root 40 0 R", "10 0 R")]
    public void So_is_a_cross_reference_stream_that_is_listed_as_if_it_were_any_stream(string entries, string type)
    {
        var body = HandMadePdf.Hello().Object(9, type.Length == 0 ? "null" : type).Object(10, "/XRef").Object(40, "<</Type/Catalog/Pages 2 0 R>>").Stream(30, entries, "x");
        Assert.Equal(40, Assert.Single(Differences(body.EndTable().ToArray())).Object!.Value.Number);
    }

    [Theory]
    [InlineData("/Type 9 0 R/N 1/First 4")]
    [InlineData("/Type 9 0 R/N 10 0 R/First 11 0 R")]
    [InlineData("/Type/ObjStm/N 10 0 R/First 11 0 R")]
    public void So_is_an_object_stream_whose_type_or_numbers_stand_elsewhere(string entries)
    {
        var body = HandMadePdf.Hello().Object(9, "/ObjStm").Object(10, "1").Object(11, "4").Stream(30, entries, "3 0 <</Type/Page/Parent 2 0 R>> ");
        Assert.Equal(3, Assert.Single(Differences(body.EndTable().ToArray())).Object!.Value.Number);
    }

    [Fact]
    public void So_is_one_whose_type_is_packed_away()
    {
        var body = HandMadePdf.Hello().Stream(30, "/Type 9 0 R/N 1/First 4", "3 0 <</Type/Page/Parent 2 0 R>> ").Packed(20, (9, "/ObjStm")).EndStream(21);
        Assert.Equal(3, Assert.Single(Differences(body.ToArray())).Object!.Value.Number);
    }

    [Fact]
    public void A_cross_reference_stream_left_in_the_file_that_names_the_same_catalogue_raises_no_alarm() =>
        Assert.Empty(Differences(HandMadePdf.Hello().Stream(30, "/Type/XRef/Root 1 0 R", "x").Raw("31 0 obj\n<</Type/XRef/Root 1 0 R/Length 0>>stream\n\nendstream\nendobj\n").EndTable().ToArray()));

    [Fact]
    public void So_is_an_object_stream_that_names_another_header_in_a_string() =>
        Assert.Equal(3, Assert.Single(Differences(HandMadePdf.Hello().Stream(9, "/X(1 0 obj )/Type/ObjStm/N 1/First 4", "3 0 <</Type/Page/Parent 2 0 R>> ").EndTable().ToArray())).Object!.Value.Number);

    [Fact]
    public void So_is_a_header_where_the_table_has_another_number()
    {
        var hello = HandMadePdf.Hello();
        var evil = hello.Length;
        var file = Encoding.Latin1.GetString(hello.Object(9, "<<>>").EndTable().ToArray());
        // The table says that object 9 begins there; what begins there is object 4.
        var difference = Assert.Single(Differences(Encoding.Latin1.GetBytes(file.Replace("9 0 obj\n<<>>", "4 0 obj\n(no)", StringComparison.Ordinal))));
        Assert.Equal((4, evil), (difference.Object!.Value.Number, difference.Offset));
    }

    [Fact]
    public void So_is_a_second_header_of_the_same_number_in_a_table_left_in_the_file()
    {
        var file = new StringBuilder(Encoding.Latin1.GetString(HandMadePdf.Hello().ToArray()));
        for (var number = 9; number < 1100; number++)
            file.Append(CultureInfo.InvariantCulture, $"{number} 0 obj\nnull\nendobj\n");
        Assert.Empty(Differences(WithOneTable(file.ToString())));
        Assert.Equal(4, Assert.Single(Differences(WithOneTable(file + Evil, listed: file.Length))).Object!.Value.Number);
    }

    [Fact]
    public void So_is_a_table_that_takes_an_object_back_to_an_earlier_revision()
    {
        var first = HandMadePdf.Hello();
        var old = Encoding.Latin1.GetString(first.EndTable().ToArray());
        var changed = first.Stream(4, "", "BT (changed) Tj ET").EndTable();
        var section = changed.Length;
        var back = $"xref\n4 1\n{old.IndexOf("4 0 obj", StringComparison.Ordinal):D10} 00000 n\r\ntrailer\n<</Root 1 0 R/Size 9/Prev {changed.LastSection}>>\nstartxref\n{section}\n%%EOF\n";
        var difference = Assert.Single(Differences(changed.Raw(back).ToArray(), 1, 2, 3));
        Assert.Equal((4, 3), (difference.Object!.Value.Number, difference.Signed));
    }

    [Fact]
    public void An_update_that_its_own_table_does_not_list_counts_from_its_revision_on()
    {
        var file = HandMadePdf.Hello().EndTable().Object(9, "<<>>").Raw(Evil).EndTable().ToArray();
        Assert.Equal([2], Differences(file, 1, 2).Select(d => d.Signed));
    }

    [Theory]
    [InlineData("")]
    [InlineData("% a comment about 4 0 objects and (see 7 0 obj)\n")]
    [InlineData("77 0 obj\n(nobody refers to it)\nendobj\n")]
    [InlineData("5 0 obj\n<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>\nendobj\n")]
    [InlineData("trailer\n<</Root 1 0 R>>\n")]
    [InlineData("4 0 objection\n")]
    public void What_changes_nothing_raises_no_alarm(string extra) => Assert.Empty(Differences(HandMadePdf.Hello().Raw(extra).EndTable().ToArray()));

    [Fact]
    public void What_stands_before_the_listed_object_is_an_old_copy() =>
        Assert.Empty(Differences(HandMadePdf.Hello("%PDF-1.7\n" + Evil).EndTable().ToArray()));

    [Fact]
    public void A_document_attached_without_compression_raises_no_alarm() => Assert.Empty(Differences(HandMadePdf.Hello()
        .Stream(9, "/Type/EmbeddedFile", HandMadePdf.Hello().Stream(4, "", "BT (another) Tj ET").EndTable().ToArray())
        .Object(1, "<</Type/Catalog/Pages 2 0 R/AcroForm 6 0 R/Names<</EmbeddedFiles<</Names[(a.pdf)<</Type/Filespec/F(a.pdf)/EF<</F 9 0 R>>>>]>>>>>>").EndTable().ToArray()));

    [Fact]
    public void So_does_one_that_is_packed() => Assert.Empty(Differences(HandMadePdf.Hello()
        .Stream(9, "/Type/EmbeddedFile", HandMadePdf.Hello().Packed(20, (3, "<</Type/Page/Parent 2 0 R>>"), (40, "<</Type/Catalog/Pages 2 0 R>>")).EndStream(21, "/Root 40 0 R").ToArray())
        .Object(1, "<</Type/Catalog/Pages 2 0 R/AcroForm 6 0 R/Names<</EmbeddedFiles<</Names[(a.pdf)<</Type/Filespec/F(a.pdf)/EF<</F 9 0 R>>>>]>>>>>>").EndTable().ToArray()));

    [Fact]
    public void Updates_of_every_form_raise_no_alarm()
    {
        var first = HandMadePdf.Hello().EndTable();
        Assert.Empty(Differences(first.Stream(4, "", "BT (new) Tj ET").Free(8).EndTable().ToArray(), 1, 2));
        var packed = HandMadePdf.Hello().Packed(20, (5, "<</Type/Font>>"), (6, "<</Fields[]>>")).EndStream(21);
        Assert.Empty(Differences(packed.Packed(22, (6, "<</Fields[7 0 R]>>")).EndStream(23).ToArray(), 1, 2));
        Assert.Empty(Differences(HandMadePdf.Hello().Packed(20, (30, "<<>>")).EndHybrid(21).ToArray()));
    }

    [Fact]
    public void It_does_not_matter_how_the_bytes_come()
    {
        var file = HandMadePdf.Hello().Stream(9, "", "x\nendstream\nendobj\n" + Evil).Raw("%trailer <</Root 40 0 R>>\n" + OtherCatalog).EndTable().ToArray();
        var whole = Differences(file);
        Assert.Equal(2, whole.Count);
        for (var size = 1; size < 90; size++)
            Assert.Equal(whole, DifferencesBy(file, size, 1));
    }

    [Fact]
    public void Every_honest_file_of_the_corpus_reads_one_way_but_those_prepared_to_be_shadowed()
    {
        var (files, accused) = (0, new List<string>());
        foreach (var path in CorpusFile.All.Where(f => f.Class[0] is 'A' or 'B' or 'H' or 'T' || f.Class.StartsWith("X_ONLY", StringComparison.Ordinal)).Select(f => f.Path))
        {
            using var file = PdfFile.Open(path);
            files++;
            if (!path.Contains("shadowed-signed", StringComparison.Ordinal))
                accused.AddRange(Differences(file, 64 << 10, [.. Enumerable.Range(1, file.Revisions.Count)]).Select(d => $"{path}: {d.En} {d.Offset}"));
        }
        Assert.True(accused.Count == 0, string.Join('\n', accused));
        Assert.True(files > 30, $"{files} files");
    }

    /// <summary>Ends a file with one table in the fixed form for the headers that begin before <paramref name="listed"/>.</summary>
    private static byte[] WithOneTable(string body, int? listed = null)
    {
        var offsets = Regex.Matches(body, @"^(?<number>\d+) 0 obj", RegexOptions.Multiline | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(5))
            .Where(m => m.Index < (listed ?? body.Length)).ToDictionary(m => int.Parse(m.Groups["number"].Value, CultureInfo.InvariantCulture), m => m.Index);
        var table = new StringBuilder(body).Append(CultureInfo.InvariantCulture, $"xref\n0 {offsets.Count + 1}\n0000000000 65535 f\r\n");
        for (var number = 1; number <= offsets.Count; number++)
            table.Append(CultureInfo.InvariantCulture, $"{offsets[number]:D10} 00000 n\r\n");
        return Encoding.Latin1.GetBytes(table.Append(CultureInfo.InvariantCulture, $"trailer\n<</Root 1 0 R/Size {offsets.Count + 1}>>\nstartxref\n{body.Length}\n%%EOF\n").ToString());
    }

    private static string Packed(string body, int first) =>
        $"30 0 obj\n<</Type/ObjStm/N 1/First {first}/Length {body.Length}>>stream\n{body}\nendstream\nendobj\n";

    private static IReadOnlyList<ReadingDifference> Differences(byte[] file, params int[] revisions) => DifferencesBy(file, file.Length, revisions is [] ? [1] : revisions);

    private static IReadOnlyList<ReadingDifference> DifferencesBy(byte[] bytes, int size, params int[] revisions)
    {
        using var file = PdfFile.Open(PdfBytes.Of(bytes));
        return Differences(file, size, revisions);
    }

    private static IReadOnlyList<ReadingDifference> Differences(PdfFile file, int size, int[] revisions)
    {
        var scan = new RepairScan(file);
        var buffer = new byte[size];
        for (long at = 0; at < file.Bytes.Length; at += size)
            scan.Append(at, file.Bytes.View(at, buffer));
        return scan.Finish(revisions, TestContext.Current.CancellationToken);
    }
}
