using VanBanDienTu.Cli.Bench;
using VanBanDienTu.Pdf;
using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Certificates;
using VanBanDienTu.Signing.Cms;
using VanBanDienTu.Signing.Reports;
using VanBanDienTu.Signing.Revocation;
using VanBanDienTu.Signing.Timestamps;

namespace VanBanDienTu.FuzzTests;

/// <summary>
/// Whatever is done to a file, it gets a verdict: no crash, nothing longer than five seconds, no more than 256 MiB (the heap's hard
/// limit in this program). Where a campaign once failed, its input stays as a case of its own beside the code that was wrong.
/// </summary>
[Collection("alone")]
public sealed class VerifierFuzzTests(ITestOutputHelper output)
{
    private static readonly FuzzCorpus Corpus = new();

    [Fact]
    public async Task A_bent_file_always_gets_a_verdict()
    {
        var verifier = new PdfVerifier(Corpus.Trust, null, TimeProvider.System);
        var (inputs, slowest) = await Campaign.RunAsync(0.75, Bent, async bytes =>
        {
            using var pdf = PdfBytes.Of(bytes);
            var verdict = await verifier.VerifyAsync(pdf, "bent.pdf", cancellation: TestContext.Current.CancellationToken);
            var report = verifier.Report([verdict]);
            _ = ReportHtml.Write(report).Length + ReportJson.Utf8(report).Length + ReportCsv.Utf8(report).Length + (ReportXml.Utf8(report, verdict)?.Length ?? 0);
            return verdict.Findings.FirstOrDefault(f => f.Code is "internal")?.Text.En;
        });
        Say(inputs, slowest);
    }

    [Fact]
    public async Task Bent_material_is_read_or_refused_by_name()
    {
        var pool = Corpus.Certificates.Select(c => c.Der).Concat(Corpus.Answers).ToList();
        var tokens = Corpus.Certificates.Take(50).ToList();
        var (inputs, slowest) = await Campaign.RunAsync(0.25, seed =>
        {
            var bender = new Bender(seed);
            var place = bender.Next(pool.Count);
            return ($"material {place}", bender.Der(pool[place].Span));
        }, bytes => Task.FromResult(Read(bytes, tokens)));
        Say(inputs, slowest);
    }

    private static (string, byte[]) Bent(int seed)
    {
        var bender = new Bender(seed);
        var (name, bytes) = Corpus.Files[bender.Next(Corpus.Files.Count)];
        return (name, bender.Pdf(bytes, Corpus.Files[bender.Next(Corpus.Files.Count)].Bytes));
    }

    // Each reader either reads it or throws the library's own exception.
    private static string? Read(byte[] bytes, List<Certificate> certificates)
    {
        Action[] readers =
        [
            () => Certificate.Parse(bytes),
            () => CmsSignedData.Parse(bytes),
            () => TimestampToken.Parse(bytes),
            () => Crl.Parse(bytes).Find([1]),
            () => OcspResponse.Parse(bytes, out _),
            () => Judge(bytes, certificates),
        ];
        foreach (var reader in readers)
        {
            try
            {
                reader();
            }
            catch (SigningException)
            {
                // A named refusal is a good answer.
            }
#pragma warning disable CA1031 // Any other exception is what the campaign is looking for.
            catch (Exception e)
#pragma warning restore CA1031
            {
                return e.ToString();
            }
        }
        return null;
    }

    private static void Judge(byte[] bytes, List<Certificate> certificates)
    {
        foreach (var certificate in certificates)
        {
            var asked = new RevocationQuestion(certificate, certificate, certificate.NotBefore, certificate.NotAfter, new RevocationOptions());
            CrlJudge.Judge(asked, bytes);
            OcspJudge.Judge(asked, bytes, null);
        }
    }

    private void Say(long inputs, TimeSpan slowest)
    {
        output.WriteLine($"{inputs} inputs, the slowest {slowest.TotalMilliseconds:0} ms");
        Assert.True(inputs > 20, "The campaign had no time.");
    }
}
