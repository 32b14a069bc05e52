using System.Text;
using System.Xml.Linq;
using VanBanDienTu.Pdf;
using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Reports;
using VanBanDienTu.Signing.Trust;
using VanBanDienTu.TestKit;
using VanBanDienTu.UnitTests.Signing.Verification.TimeStories;

namespace VanBanDienTu.UnitTests.Signing.Reports;

/// <summary>The reports for other programs, for spreadsheets and for whoever asks what a signature saw.</summary>
public sealed class ReportTests : IDisposable
{
    private static readonly XNamespace Vr = "http://uri.etsi.org/19102/v1.4.1#";

    private readonly StoryPki _pki = new();
    private readonly StoryFile _file;

    public ReportTests() => _file = new StoryFile(_pki);

    [Theory]
    [InlineData("archived", "total-passed", null)]
    [InlineData("revoked", "indeterminate", "REVOKED_NO_POE")]
    [InlineData("bare", "indeterminate", "TRY_LATER")]
    public async Task The_xml_of_every_kind_of_verdict_keeps_to_the_schema_of_etsi(string story, string main, string? sub)
    {
        var person = _pki.Person();
        _file.Sign(person, story is "archived" ? _pki.Tsa : null);
        if (story is "revoked")
            _pki.Revoke(_pki.Ca, person.Certificate);
        if (story is not "bare")
            _file.Embed();
        if (story is "archived")
            _file.Stamp(_pki.SecondTsa);
        var (report, file) = Report(await _file.VerifyAsync());
        var xml = ReportXml.Utf8(report, file)!;
        Assert.Empty(EtsiSchema.Problems(xml));
        var status = XDocument.Parse(Encoding.UTF8.GetString(xml)).Descendants(Vr + "SignatureValidationStatus").First();
        Assert.Equal("urn:etsi:019102:mainindication:" + main, status.Element(Vr + "MainIndication")!.Value);
        Assert.Equal(sub is null ? null : "urn:etsi:019102:subindication:" + sub, status.Element(Vr + "SubIndication")?.Value);
    }

    [Fact]
    public async Task Over_the_corpus_every_xml_keeps_to_the_schema_whatever_names_the_files_have()
    {
        var verifier = new PdfVerifier(TrustSnapshot.Empty, null, _pki.Time);
        var written = 0;
        foreach (var path in Directory.EnumerateFiles(Samples.Corpus, "*.pdf", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Where((_, i) => i % 3 == 0))
        {
            var (report, file) = Report(await verifier.VerifyAsync(path, cancellation: TestContext.Current.CancellationToken));
            if (ReportXml.Utf8(report, file) is not { } xml)
                continue;
            written++;
            Assert.True(EtsiSchema.Problems(xml) is [], $"{path}: {string.Join(' ', EtsiSchema.Problems(xml))}");
        }
        Assert.True(written > 15);
    }

    [Fact]
    public async Task The_table_puts_exceptions_first_and_never_holds_a_formula()
    {
        _file.Sign(_pki.Person());
        _file.Embed();
        var good = (await _file.VerifyAsync()) with { File = "tốt.pdf" };
        var bad = good with { File = "=HYPERLINK(\"x\")", Verdict = FileOutcome.TotalFailed };
        var none = good with { File = "không ký.pdf", Verdict = FileOutcome.NoSignature, Signatures = [] };
        var lines = Encoding.UTF8.GetString(ReportCsv.Utf8(Report(good, none, bad))).Split("\r\n");
        Assert.StartsWith("\ufefffile,verdict,", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("\"'=HYPERLINK(\"\"x\"\")\",TOTAL-FAILED,", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("không ký.pdf,NO-SIGNATURE,", lines[2], StringComparison.Ordinal);
        Assert.StartsWith("tốt.pdf,TOTAL-PASSED,Signature1,signature,TOTAL-PASSED,", lines[3], StringComparison.Ordinal);
        Assert.All(lines[1..4], l => Assert.Equal(lines[0].Count(c => c == ','), l.Count(c => c == ',')));
    }

    [Fact]
    public async Task What_a_signature_saw_is_the_file_as_it_was_when_it_had_just_been_signed()
    {
        _file.Sign(_pki.Person());
        var justSigned = await File.ReadAllBytesAsync(_file.Path, TestContext.Current.CancellationToken);
        _file.Embed();
        _file.Sign(_pki.Person());
        var verdict = await _file.VerifyAsync();
        using var folder = new TemporaryFolder();
        SignedRevision.Save(_file.Path, SignedRevision.LengthOf(verdict.Signatures[0])!.Value, folder["saw.pdf"]);
        Assert.Equal(justSigned, await File.ReadAllBytesAsync(folder["saw.pdf"], TestContext.Current.CancellationToken));
        using var saved = PdfFile.Open(folder["saw.pdf"]);
        Assert.Single(saved.SignatureFields);
    }

    public void Dispose() => _file.Dispose();

    private (VerificationReport, FileVerdict) Report(FileVerdict file) => (Report([file]), file);

    private VerificationReport Report(params IReadOnlyList<FileVerdict> files) => new PdfVerifier(_pki.Trust, null, _pki.Time).Report(files);
}
