using VanBanDienTu.Pdf;
using VanBanDienTu.TestKit;

namespace VanBanDienTu.IntegrationTests.Pdf;

/// <summary>What we write, judged by programs that are not ours: qpdf, poppler's pdfsig, mupdf's mutool.</summary>
public sealed class OtherReadersTests
{
    private static readonly PdfRectangle Place = new(300, 60, 500, 120);

    [Theory]
    [InlineData("cong-van.pdf")]
    [InlineData("quyet-dinh.pdf")]
    [InlineData("bao-cao.pdf")]
    public void Two_signatures_on_a_real_document_are_valid_to_all(string sample) => SignTwiceAndAsk(Sample(sample));

    [Theory]
    [InlineData("--object-streams=generate")]
    [InlineData("--object-streams=disable")]
    [InlineData("--linearize")]
    [InlineData("--linearize", "--object-streams=generate")]
    [InlineData("--qdf")]
    public void So_are_they_on_every_form_that_qpdf_writes(params string[] form)
    {
        using var folder = new TemporaryFolder();
        var input = folder["in.pdf"];
        Assert.Equal(0, ExternalTool.Run("qpdf", [.. form, Sample("quyet-dinh.pdf"), input]).ExitCode);
        SignTwiceAndAsk(input);
    }

    [Fact]
    public void A_visible_signature_is_drawn_where_it_was_asked_for()
    {
        using var folder = new TemporaryFolder();
        RealSigner.Sign(Sample("cong-van.pdf"), folder["out.pdf"], new SignaturePlaceholder { Rect = Place, Look = Looks.Text("Đã ký: Nguyễn Văn A") });
        var text = ExternalTool.Run("mutool", "draw", "-F", "text", folder["out.pdf"], "1").Output;
        Assert.Contains("Đã ký: Nguyễn Văn A", text, StringComparison.Ordinal);
        using var file = PdfFile.Open(folder["out.pdf"]);
        var field = Assert.Single(file.SignatureFields);
        Assert.Equal((Place, 1, true), (field.Rect, field.Page, field.Visible));
    }

    [Fact]
    public void Our_pages_and_qpdf_agree_on_their_number()
    {
        foreach (var sample in new[] { "cong-van.pdf", "quyet-dinh.pdf", "bao-cao.pdf" })
        {
            using var file = PdfFile.Open(Sample(sample));
            var told = ExternalTool.Run("qpdf", "--show-npages", Sample(sample)).Output.Trim();
            Assert.Equal(told, file.At(file.Newest).Pages.All.Count().ToString());
        }
    }

    [Fact]
    public void A_changed_byte_is_seen_by_pdfsig_and_the_gate_stays_open()
    {
        using var folder = new TemporaryFolder();
        RealSigner.Sign(Sample("cong-van.pdf"), folder["out.pdf"]);
        var bytes = File.ReadAllBytes(folder["out.pdf"]);
        bytes[20_000] ^= 1;
        var path = folder.Write("bent.pdf", bytes);
        Assert.DoesNotContain("Signature is Valid", ExternalTool.Run("pdfsig", path).Output, StringComparison.Ordinal);
    }

    private static void SignTwiceAndAsk(string input)
    {
        using var folder = new TemporaryFolder();
        var first = RealSigner.Sign(input, folder["1.pdf"]);
        RealSigner.Sign(folder["1.pdf"], folder["2.pdf"], new SignaturePlaceholder { Rect = Place, Look = Looks.Text("Văn thư") });
        Assert.InRange(first.Update.Length - first.Contents.Length, 1, 4096);

        var checkedByQpdf = ExternalTool.Run("qpdf", "--check", folder["2.pdf"]);
        Assert.True(checkedByQpdf.ExitCode == 0, checkedByQpdf.Output);
        var poppler = ExternalTool.Run("pdfsig", folder["2.pdf"]).Output;
        Assert.Equal(2, Count(poppler, "Signature is Valid."));
        Assert.Equal(1, Count(poppler, "Total document signed"));
        Assert.True(poppler.LastIndexOf("Total document signed", StringComparison.Ordinal) > poppler.IndexOf("Signature #2", StringComparison.Ordinal), poppler);
        var mupdf = ExternalTool.Run("mutool", "sign", "-v", folder["2.pdf"]).Output;
        Assert.Contains("The document is unchanged since signing", mupdf, StringComparison.Ordinal);

        using var file = PdfFile.Open(folder["2.pdf"]);
        Assert.Empty(file.Findings);
        Assert.All(file.SignatureFields, f => Assert.True(ByteRangeGate.Judge(file, f).Ok));
        var changes = RevisionChanges.Compare(file, file.Revisions[^2], file.SignatureFields[0].Signature);
        Assert.True(changes.Verdict == LaterChanges.Permitted, string.Join('\n', changes.Changes));
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;

    private static string Sample(string name)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "VanBanDienTu.sln")))
                return Path.Combine(folder.FullName, "samples", name);
        }
        throw new DirectoryNotFoundException("The tests run from inside the repository.");
    }
}
