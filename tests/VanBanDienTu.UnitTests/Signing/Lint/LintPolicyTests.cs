using VanBanDienTu.Pdf;
using VanBanDienTu.Pdf.Lint;
using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Lint;
using VanBanDienTu.TestKit;
using VanBanDienTu.UnitTests.Pdf;

namespace VanBanDienTu.UnitTests.Signing.Lint;

public sealed class LintPolicyTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public static TheoryData<string> Prepared => [.. File.ReadLines(Path.Combine(Samples.Corpus, "manifest.tsv"))
        .Select(l => l.Split('\t')).Where(c => c[2].StartsWith("PREPARED", StringComparison.Ordinal)).Select(c => c[0])];

    [Theory]
    [MemberData(nameof(Prepared))]
    public async Task A_file_prepared_for_a_shadow_attack_is_not_signed_and_we_say_why(string name)
    {
        var refused = await Assert.ThrowsAsync<SigningException>(() => SignAsync(Path.Combine(Samples.Corpus, name)));
        Assert.Equal(SigningFault.LintRefused, refused.Fault);
        Assert.Matches("\\[(unreachable-page|field-outside-form|overlapping-fields|covered-text)\\] \\w", refused.Vietnamese);
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public async Task What_only_warns_is_told_with_the_signature()
    {
        var signed = await SignAsync(folder.Write("in.pdf", PdfFileTests.InForm("table")));
        Assert.Equal(LintCodes.FontNotEmbedded, Assert.Single(signed.Lint).Code);
        Assert.Empty((await SignAsync(folder["in.pdf"], "font-not-embedded=allow")).Lint);
        Assert.Equal(SigningFault.LintRefused, (await Assert.ThrowsAsync<SigningException>(() => SignAsync(folder["in.pdf"], "refuse"))).Fault);
        await SignAsync(folder["in.pdf"], "refuse", "font-not-embedded=warn");
    }

    [Fact]
    public async Task Whoever_insists_can_sign_a_script()
    {
        var script = folder.Write("in.pdf", SignedSamples.Update(PdfFileTests.InForm("table"), (1, "<</Type/Catalog/Pages 2 0 R/AcroForm 6 0 R/OpenAction<</S/JavaScript/JS(1)>>>>")));
        Assert.Contains("[javascript]", (await Assert.ThrowsAsync<SigningException>(() => SignAsync(script))).Message, StringComparison.Ordinal);
        Assert.Equal([LintCodes.JavaScript, LintCodes.FontNotEmbedded], (await SignAsync(script, "javascript=warn")).Lint.Select(f => f.Code));
    }

    [Theory]
    [InlineData("Keywords", "công văn, Tối mật", true)]
    [InlineData("DoMat", "MẬT", true)]
    [InlineData("Subject", "V/v mật độ xây dựng; bảo mật thông tin", false)]
    public async Task A_document_that_calls_itself_secret_is_not_signed(string entry, string text, bool secret)
    {
        using var file = PdfFile.Open(Samples.CongVan);
        var writer = new PdfIncrementalWriter(file);
        var info = ((PdfReference)file.Trailer["Info"]).Target;
        writer.Replace(info, ((PdfDictionary)file.Load(info)).With(entry, PdfString.FromText(text)));
        using (var output = File.Create(folder["in.pdf"]))
            writer.WriteTo(output);
        if (!secret)
            await SignAsync(folder["in.pdf"]);
        else
            Assert.Contains("[state-secret]", (await Assert.ThrowsAsync<SigningException>(() => SignAsync(folder["in.pdf"]))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("TUYỆT MẬT", true)]
    [InlineData("Độ mật: Tối mật", true)]
    [InlineData("MẬT", true)]
    [InlineData("QUY CHẾ BẢO MẬT", false)]
    [InlineData("Mật độ dân số", false)]
    public async Task A_secrecy_stamp_on_the_first_page_is_read(string printed, bool secret)
    {
        var font = VanBanDienTu.Pdf.Fonts.SystemFonts.Default;
        using (var file = PdfFile.Open(Samples.CongVan))
        {
            // The stamp is printed by our own field text, then made part of the page.
            var writer = new PdfIncrementalWriter(file);
            var page = file.At(file.Newest).Pages[1]!;
            var frame = VanBanDienTu.Pdf.Appearances.PageFrame.Of(file, page);
            var look = VanBanDienTu.Pdf.Appearances.FieldText.Draw(writer, frame, new PdfRectangle(0, 0, 160, 20), new FieldFill([], printed, () => font.For(printed), "", ""), 13, 0);
            var resources = (PdfDictionary)file.Resolve(page.Inherited("Resources"));
            var content = writer.Add(new PdfStream(PdfDictionary.Empty, "q 1 0 0 1 60 250 cm /Stamp Do Q"u8.ToArray()));
            var contents = file.Resolve(page.Dictionary["Contents"]) is PdfArray many ? many.Items : [page.Dictionary["Contents"]];
            writer.Replace(page.Ref!.Value, page.Dictionary
                .With("Resources", resources.With("XObject", new PdfDictionary(("Stamp", new PdfReference(look)))))
                .With("Contents", new PdfArray([new PdfReference(content), .. contents])));
            using var output = File.Create(folder["in.pdf"]);
            writer.WriteTo(output);
        }
        if (!secret)
            await SignAsync(folder["in.pdf"]);
        else
            Assert.Contains("[state-secret]", (await Assert.ThrowsAsync<SigningException>(() => SignAsync(folder["in.pdf"]))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("javascript=perhaps")]
    [InlineData("script=warn")]
    [InlineData("javascript")]
    public void A_word_that_is_none_is_named_with_the_codes_there_are(string word) =>
        Assert.Contains("hidden-layer", Assert.Throws<SigningException>(() => LintPolicy.Parse([word])).Message, StringComparison.Ordinal);

    public void Dispose() => folder.Dispose();

    private async Task<SignedPdf> SignAsync(string input, params string[] words)
    {
        var output = folder[$"{Guid.NewGuid():n}.pdf"];
        return await new PdfSigner(TimeProvider.System).SignAsync(input, output, TestKeys.P256, new SignatureRequest { Lint = LintPolicy.Parse(words) }, TestContext.Current.CancellationToken);
    }
}
