using VanBanDienTu.Pdf;
using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Trust;
using VanBanDienTu.TestKit;

namespace VanBanDienTu.IntegrationTests.Signing.Appearances;

/// <summary>The four appearances of NĐ 30/2020 on the three samples, as other programs see them.</summary>
public sealed class AppearanceTests : IDisposable
{
    private const double Millimetre = 72 / 25.4;

    private readonly TemporaryFolder folder = new();
    private readonly PdfSigner signer = new(TimeProvider.System);

    public static TheoryData<string> Documents => [Samples.CongVan, Samples.QuyetDinh, Samples.BaoCao];

    public void Dispose() => folder.Dispose();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Documents))]
    public async Task A_person_signs_above_the_printed_name_and_the_organisation_over_the_left_third_of_it(string sample)
    {
        using var person = TestKeys.Leaf("rsa2048", name: "CN=Người Ký Mẫu, O=Cơ quan Mẫu số Một");
        using var organ = TestKeys.Leaf("rsa2048", name: "CN=Cơ quan Mẫu số Một, O=Cơ quan Mẫu số Một");
        await signer.SignAsync(sample, folder["1.pdf"], person, new SignatureRequest { Appearance = new() { Image = Samples.Signature } }, Ct);
        var done = await signer.SignAsync(folder["1.pdf"], folder["2.pdf"], organ, new SignatureRequest { Role = SignatureRole.Organization, Appearance = new() { Image = Samples.Seal } }, Ct);

        Assert.Empty(done.Warnings);
        using var file = PdfFile.Open(folder["2.pdf"]);
        var (hand, seal) = (file.SignatureFields[0].Rect!.Value, file.SignatureFields[1].Rect!.Value);
        Assert.Equal(file.At(file.Newest).Pages.All.Count(), file.SignatureFields[0].Page);
        Assert.Equal(file.SignatureFields[0].Page, file.SignatureFields[1].Page);
        var name = Printed(sample, file.SignatureFields[0].Page!.Value, "Người Ký Mẫu");
        Assert.Equal((name.Left + name.Right) / 2, (hand.Left + hand.Right) / 2, 1.0);
        Assert.InRange(hand.Bottom, name.Top - 3, name.Top + 40);
        Assert.Equal(36 * Millimetre, seal.Width, 0.5);
        Assert.Equal(seal.Width, seal.Height, 0.1);
        Assert.Equal(hand.Left + hand.Width / 3, seal.Right, 0.1);
        Assert.True(seal.Bottom < hand.Top && hand.Bottom < seal.Top);
        await AllAgreeAsync(folder["2.pdf"], 2);
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public async Task An_annex_shows_its_number_and_the_time_in_the_corner_and_covers_nothing(string sample)
    {
        using var organ = TestKeys.Leaf("p256", name: "CN=Cơ quan Mẫu số Một, O=Cơ quan Mẫu số Một");
        var time = new DateTimeOffset(2026, 10, 5, 2, 15, 30, TimeSpan.Zero);
        var done = await signer.SignAsync(sample, folder["1.pdf"], organ, new SignatureRequest { Role = SignatureRole.Annex, Time = time, Appearance = new() { Notation = "101/CQM1-VP", Image = Samples.Seal } }, Ct);
        Assert.Empty(done.Warnings);
        CornerShows(folder["1.pdf"], "101/CQM1-VP; 2026-10-05T09:15:30+07:00");
        await AllAgreeAsync(folder["1.pdf"], 1);
    }

    [Theory]
    [InlineData(CopyForm.Full, "Sao y")]
    [InlineData(CopyForm.Extract, "Trích sao")]
    [InlineData(CopyForm.Copied, "Sao lục")]
    public async Task A_copy_states_its_kind_the_organ_and_the_time(CopyForm form, string word)
    {
        using var organ = TestKeys.Leaf("p256", name: "CN=Sở Thử nghiệm Ẵ Ữ Ợ, O=Sở Thử nghiệm Ẵ Ữ Ợ");
        var time = new DateTimeOffset(2026, 10, 5, 2, 15, 30, TimeSpan.Zero);
        await signer.SignAsync(Samples.QuyetDinh, folder["1.pdf"], organ, new SignatureRequest { Role = SignatureRole.Copy, Time = time, Appearance = new() { Copy = form } }, Ct);
        CornerShows(folder["1.pdf"], $"{word}; Sở Thử nghiệm Ẵ Ữ Ợ; 2026-10-05T09:15:30+07:00");
        await AllAgreeAsync(folder["1.pdf"], 1);
    }

    [Fact]
    public async Task Decomposed_letters_are_shown_composed_by_an_embedded_subset()
    {
        var request = new SignatureRequest { Role = SignatureRole.Annex, Appearance = new() { Notation = "12/Nguye\u0302\u0303n-\u0110o\u0302\u0323" } };
        await signer.SignAsync(Samples.CongVan, folder["1.pdf"], TestKeys.P256, request, Ct);
        Assert.Contains("12/Nguyễn-Độ", ExternalTool.Run("pdftotext", "-layout", folder["1.pdf"], "-").Output, StringComparison.Ordinal);
        var font = ExternalTool.Run("pdffonts", folder["1.pdf"]).Output.Split('\n').Single(l => l.Contains("CID TrueType", StringComparison.Ordinal));
        Assert.Matches(@"^[A-Z]{6}\+Tinos\S*\s+CID TrueType\s+Identity-H\s+yes yes yes\s", font);
    }

    [Fact]
    public async Task What_lies_under_a_signature_is_never_passed_over_in_silence()
    {
        var done = await signer.SignAsync(Samples.CongVan, folder["1.pdf"], TestKeys.P256, new SignatureRequest { Rect = new PdfRectangle(400, 255, 500, 300) }, Ct);
        Assert.Contains("Người Ký Mẫu", Assert.Single(done.Warnings).Vi, StringComparison.Ordinal);
        var again = await signer.SignAsync(folder["1.pdf"], folder["2.pdf"], TestKeys.P256, new SignatureRequest { Rect = new PdfRectangle(450, 290, 700, 320) }, Ct);
        Assert.Equal(2, again.Warnings.Count);
        Assert.Contains(again.Warnings, w => w.En.Contains("overlaps the signature field 'Signature1'", StringComparison.Ordinal));
        Assert.Contains(again.Warnings, w => w.En.Contains("beyond the edge", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_name_that_is_nowhere_and_a_seal_without_a_signature_are_refused_with_what_to_do()
    {
        foreach (var role in new[] { SignatureRole.Personal, SignatureRole.Organization })
        {
            var refused = await Assert.ThrowsAsync<SigningException>(() =>
                signer.SignAsync(Samples.CongVan, folder["1.pdf"], TestKeys.P256, new SignatureRequest { Role = role, Appearance = new() { Image = Samples.Seal } }, Ct));
            Assert.Equal(SigningFault.NoPlace, refused.Fault);
            Assert.Contains("--rect", refused.Vietnamese, StringComparison.Ordinal);
            var invisible = await signer.SignAsync(Samples.CongVan, folder["1.pdf"], TestKeys.P256, new SignatureRequest { Role = role, Appearance = new() { Image = Samples.Seal, MayBeInvisible = true } }, Ct);
            Assert.Single(invisible.Warnings);
        }
    }

    [Fact]
    public async Task An_annex_without_its_number_is_signed_with_a_note()
    {
        var done = await signer.SignAsync(Samples.CongVan, folder["1.pdf"], TestKeys.P256, new SignatureRequest { Role = SignatureRole.Annex }, Ct);
        Assert.Contains("--notation", Assert.Single(done.Warnings).En, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_picture_that_is_none_is_refused()
    {
        var refused = await Assert.ThrowsAsync<SigningException>(() =>
            signer.SignAsync(Samples.CongVan, folder["1.pdf"], TestKeys.P256, new SignatureRequest { Rect = new PdfRectangle(10, 10, 90, 90), Appearance = new() { Image = [1, 2, 3] } }, Ct));
        Assert.Equal(SigningFault.ImageUnusable, refused.Fault);
    }

    private async Task AllAgreeAsync(string pdf, int signatures)
    {
        var sound = ExternalTool.Run("qpdf", "--check", pdf);
        Assert.True(sound.ExitCode == 0, sound.Output);
        Assert.Equal(signatures, ExternalTool.Run("pdfsig", "-nocert", pdf).Output.Split("Signature is Valid.").Length - 1);
        var trust = TrustSnapshot.Of([VanBanDienTu.Signing.Certificates.Certificate.Parse(TestKeys.Root.RawData)], allowSample: false);
        var verdict = await new PdfVerifier(trust, null, TimeProvider.System).VerifyAsync(pdf, cancellation: Ct);
        Assert.All(verdict.Signatures, s => Assert.Equal((Integrity.Intact, true), (s.Integrity, s.LaterChanges is LaterChange.None or LaterChange.Permitted)));
    }

    private static void CornerShows(string pdf, string text)
    {
        var shown = ExternalTool.Run("pdftotext", "-layout", "-f", "1", "-l", "1", "-x", "250", "-y", "0", "-W", "346", "-H", "28", pdf, "-").Output;
        Assert.Equal(text, shown.Trim());
    }

    /// <summary>Where poppler sees words, in the page's points; the samples' words fall into pieces, so their letters are joined.</summary>
    private static PdfRectangle Printed(string pdf, int page, string words)
    {
        var found = System.Text.RegularExpressions.Regex.Matches(
            ExternalTool.Run("pdftotext", "-bbox", "-f", $"{page}", "-l", $"{page}", pdf, "-").Output,
            @"xMin=""(?<l>[\d.]+)"" yMin=""(?<t>[\d.]+)"" xMax=""(?<r>[\d.]+)"" yMax=""(?<b>[\d.]+)"">(?<w>[^<]*)<", System.Text.RegularExpressions.RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(5));
        var pieces = found.Select(m => (Text: m.Groups["w"].Value, Left: Number(m, "l"), Top: Number(m, "t"), Right: Number(m, "r"), Bottom: Number(m, "b"))).ToList();
        var last = pieces.FindLastIndex(p => p.Text.Length > 0);
        var line = pieces.Where(p => Math.Abs(p.Bottom - pieces[last].Bottom) < 2).ToList();
        Assert.Equal(words.Replace(" ", "", StringComparison.Ordinal), string.Concat(line.Select(p => p.Text)));
        const double height = 841.89;
        return new PdfRectangle(line.Min(p => p.Left), height - line.Max(p => p.Bottom), line.Max(p => p.Right), height - line.Min(p => p.Top));
    }

    private static double Number(System.Text.RegularExpressions.Match match, string group) => double.Parse(match.Groups[group].Value, System.Globalization.CultureInfo.InvariantCulture);
}
