using VanBanDienTu.Pdf;
using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Issue;
using VanBanDienTu.Signing.Trust;
using VanBanDienTu.TestKit;
using VanBanDienTu.UnitTests.Pdf;

namespace VanBanDienTu.UnitTests.Signing.Issue;

/// <summary>The order of signing of NĐ 30/2020: the leader, then số and ngày, then the organisation.</summary>
public sealed class IssueDetailsTests : IDisposable
{
    private static readonly PdfRectangle Bottom = new(60, 815, 200, 833);
    private static readonly PdfRectangle Right = new(350, 815, 530, 833);
    private static readonly IssueDetails Issue = new() { Number = "15/QĐ-UBND", Date = new DateOnly(2026, 2, 5) };

    private readonly TemporaryFolder folder = new();

    [Theory]
    [InlineData("cong-van.pdf", null)]
    [InlineData("quyet-dinh.pdf", 2)]
    [InlineData("bao-cao.pdf", 3)]
    public async Task Number_and_date_go_into_reserved_fields_and_the_leaders_signature_permits_that_and_nothing_else(string sample, int? certify)
    {
        var leader = await SignAsync(Path.Combine(Samples.Root, "samples", sample), "1.pdf", Reserving(certify) with { Lock = new PdfFieldLock("Exclude", [IssueDetails.NumberFieldName, IssueDetails.DateFieldName]) });
        var issued = await SignAsync(leader, "2.pdf", new SignatureRequest { Role = SignatureRole.Organization, Issue = Issue, Lock = new PdfFieldLock("All", []) });
        var verdict = await VerifyAsync(issued);
        Assert.Equal([(Integrity.Intact, LaterChange.Permitted), (Integrity.Intact, LaterChange.None)], verdict.Signatures.Select(s => (s.Integrity, s.LaterChanges)));
        Assert.Equal(["form-fill", "form-fill", "signature"], verdict.Signatures[0].Changes.Select(c => c.ChangeClass).Order(StringComparer.Ordinal));

        var shown = ExternalTool.Run("pdftotext", "-layout", issued, "-").Output;
        Assert.Contains("15/QĐ-UBND", shown, StringComparison.Ordinal);
        Assert.Contains("ngày 05 tháng 02 năm 2026", shown, StringComparison.Ordinal);
        Assert.Equal(2, ExternalTool.Run("pdfsig", "-nocert", issued).Output.Split("Signature is Valid").Length - 1);
        Assert.Equal(0, ExternalTool.Run("qpdf", "--check", issued).ExitCode);

        // After the organisation signed, nobody changes them.
        using (var file = PdfFile.Open(issued))
            await File.WriteAllBytesAsync(folder["3.pdf"], Changed(file, "99/QĐ-UBND"), TestContext.Current.CancellationToken);
        Assert.Equal(LaterChange.Suspicious, (await VerifyAsync(folder["3.pdf"])).Signatures[1].LaterChanges);
    }

    [Fact]
    public async Task What_cannot_be_filled_is_refused_with_what_to_do()
    {
        await RefusedAsync(Samples.CongVan, new SignatureRequest { Issue = Issue }, "Hãy dành ô trước chữ ký đầu tiên");
        var leader = await SignAsync(Samples.CongVan, "1.pdf", Reserving(null));
        await RefusedAsync(leader, Reserving(null), "Phải dành ô trước chữ ký đầu tiên");
        await RefusedAsync(leader, new SignatureRequest { Issue = Issue with { NumberField = "Signature1" } }, "không phải là trường văn bản");
        var issued = await SignAsync(leader, "2.pdf", new SignatureRequest { Issue = Issue });
        await RefusedAsync(issued, new SignatureRequest { Issue = Issue }, "đã có giá trị «15/QĐ-UBND»");
        var locked = await SignAsync(Samples.CongVan, "3.pdf", Reserving(null) with { Lock = new PdfFieldLock("All", []) });
        await RefusedAsync(locked, new SignatureRequest { Issue = Issue }, "đã bị chữ ký «Signature1» khóa");
        await RefusedAsync(Samples.CongVan, new SignatureRequest { Reserved = [new ReservedField("A", 1, null, "không có chữ này")] }, "không có chữ «không có chữ này»");
        await RefusedAsync(Samples.CongVan, new SignatureRequest { Reserved = [new ReservedField("A", 1, null, "Số:")] }, "không còn chỗ");
    }

    [Fact]
    public async Task A_node_fills_only_what_is_reserved_and_still_empty()
    {
        var leader = await SignAsync(Samples.CongVan, "1.pdf", Reserving(null) with { Reserved = [new ReservedField("Số, ký hiệu", 1, Bottom, null)] });
        await SignAsync(leader, "2.pdf", new SignatureRequest { Issue = Issue with { IfReserved = true } });
        Assert.Contains("15/QĐ-UBND", ExternalTool.Run("pdftotext", folder["2.pdf"], "-").Output, StringComparison.Ordinal);
        await SignAsync(folder["2.pdf"], "3.pdf", new SignatureRequest { Issue = Issue with { Number = "16", IfReserved = true } });
        Assert.DoesNotContain("\n16\n", ExternalTool.Run("pdftotext", folder["3.pdf"], "-").Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_field_can_be_reserved_beside_words_of_the_page_and_on_a_turned_one()
    {
        var page = folder.Write("in.pdf", HandMadePdf.Hello().Object(2, "<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 600 800]/Rotate 90>>").EndTable().ToArray());
        await SignAsync(page, "1.pdf", new SignatureRequest { Reserved = [new ReservedField(IssueDetails.NumberFieldName, 1, new PdfRectangle(300, 100, 420, 118), null)] });
        await SignAsync(folder["1.pdf"], "2.pdf", new SignatureRequest { Issue = Issue with { Date = null } });
        // Poppler reads along the page as shown: the number is upright there, at the place that was asked for.
        var box = ExternalTool.Run("pdftotext", "-bbox", folder["2.pdf"], "-").Output.Split('\n').Single(l => l.Contains("15/QĐ-UBND", StringComparison.Ordinal));
        var x = double.Parse(box.Split("xMin=\"")[1].Split('"')[0], System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(x, 300, 306);

        var plain = folder.Write("plain.pdf", HandMadePdf.Hello().EndTable().ToArray());
        await SignAsync(plain, "beside.pdf", new SignatureRequest { Reserved = [new ReservedField("So", 1, null, "Hello")] });
        using var file = PdfFile.Open(folder["beside.pdf"]);
        Assert.Equal(3, ((PdfArray)((PdfDictionary)file.Resolve(file.Catalog["AcroForm"]))["Fields"]).Count);
    }

    [Theory]
    [InlineData(2026, 1, 9, "ngày 09 tháng 01 năm 2026")]
    [InlineData(2026, 11, 22, "ngày 22 tháng 11 năm 2026")]
    [InlineData(2026, 3, 1, "ngày 01 tháng 3 năm 2026")]
    public void A_day_is_written_as_the_decree_writes_it(int year, int month, int day, string words) => Assert.Equal(words, IssueDetails.Words(new DateOnly(year, month, day)));

    public void Dispose() => folder.Dispose();

    private static SignatureRequest Reserving(int? certify) => new()
    {
        Certify = certify,
        Reserved = [new ReservedField(IssueDetails.NumberFieldName, 1, Bottom, null), new ReservedField(IssueDetails.DateFieldName, 1, Right, null)],
    };

    private async Task<string> SignAsync(string input, string output, SignatureRequest request)
    {
        await new PdfSigner(TimeProvider.System).SignAsync(input, folder[output], TestKeys.P256, request, TestContext.Current.CancellationToken);
        return folder[output];
    }

    private async Task RefusedAsync(string input, SignatureRequest request, string why)
    {
        var refused = await Assert.ThrowsAsync<SigningException>(() => SignAsync(input, "refused.pdf", request));
        Assert.Equal(SigningFault.PdfForbidsSigning, refused.Fault);
        Assert.Contains(why, refused.Vietnamese, StringComparison.Ordinal);
        Assert.False(File.Exists(folder["refused.pdf"]));
    }

    private static byte[] Changed(PdfFile file, string number)
    {
        var field = FieldTree.Read(file.At(file.Newest)).Single(f => f.Name == IssueDetails.NumberFieldName);
        var writer = new PdfIncrementalWriter(file);
        writer.Replace(field.Ref!.Value, field.Dictionary.With("V", PdfString.FromText(number)));
        using var output = new MemoryStream();
        writer.WriteTo(output);
        return output.ToArray();
    }

    private static Task<FileVerdict> VerifyAsync(string file) => new PdfVerifier(TrustSnapshot.Empty, null, TimeProvider.System).VerifyAsync(file, cancellation: TestContext.Current.CancellationToken);
}
