using System.Collections.Concurrent;
using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Trust;
using VanBanDienTu.TestKit;

namespace VanBanDienTu.IntegrationTests.Signing;

/// <summary>Signed files of other programs, signed by us once more: what was signed before stays what it was, or we refuse and say the truth.</summary>
public sealed class OnceMoreTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_honest_file_of_the_corpus_takes_one_more_signature_or_its_certification_forbids_it()
    {
        var (wrong, refused) = (new ConcurrentBag<string>(), new ConcurrentBag<string>());
        var honest = File.ReadLines(Path.Combine(Samples.Corpus, "manifest.tsv")).Skip(1).Select(l => l.Split('\t')).Where(c => c[3][0] is 'A' or 'B').Select(c => c[0]).ToList();
        await Parallel.ForEachAsync(honest, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = Ct }, async (file, _) =>
        {
            var input = Path.Combine(Samples.Corpus, file);
            var output = folder[Path.GetFileName(file)];
            try
            {
                await new PdfSigner(TimeProvider.System).SignAsync(input, output, TestKeys.Rsa2048, new SignatureRequest { Rect = new(60, 60, 200, 110) }, Ct);
            }
            catch (SigningException e)
            {
                refused.Add(file);
                if (e.Fault != SigningFault.PdfForbidsSigning || !e.Message.Contains("permits no further change", StringComparison.Ordinal) || !CertifiesWithoutChanges(input))
                    wrong.Add($"{file}: {e.Message}");
                return;
            }
            foreach (var problem in await ProblemsAsync(input, output))
                wrong.Add($"{file}: {problem}");
        });
        Assert.True(wrong.IsEmpty, string.Join('\n', wrong.Order(StringComparer.Ordinal)));
        Assert.Equal(3, refused.Count);
    }

    public void Dispose() => folder.Dispose();

    private static async Task<List<string>> ProblemsAsync(string input, string output)
    {
        var problems = new List<string>();
        var (before, after) = ((await VerifyAsync(input)).Signatures, (await VerifyAsync(output)).Signatures);
        if (after.Count != before.Count + 1)
            problems.Add($"{before.Count} signatures became {after.Count}");
        foreach (var (was, now) in before.Zip(after))
        {
            if ((was.Field, was.Integrity, was.SignatureValue, was.Revision) != (now.Field, now.Integrity, now.SignatureValue, now.Revision))
                problems.Add($"{was.Field} was {was.Integrity}, {was.SignatureValue} and is {now.Integrity}, {now.SignatureValue}");
            if (now.LaterChanges == LaterChange.Suspicious)
                problems.Add($"{now.Field}: {string.Join(' ', now.Changes.Select(c => c.Text.En))}");
        }
        if (after.Count > 0 && after[^1] is not { Integrity: Integrity.Intact, Coverage: Coverage.WholeFile })
            problems.Add("ours is not intact over the whole file");
        // What Poppler accepted it accepts still, and ours besides.
        var (valid, still) = (Valid(input), Valid(output));
        if (still != valid + 1)
            problems.Add($"pdfsig: {valid} valid before, {still} after");
        return problems;
    }

    private static int Valid(string file) => ExternalTool.Run("pdfsig", "-nocert", file).Output.Split("Signature is Valid.").Length - 1;

    /// <summary>What qpdf reads: a DocMDP transform of level 1.</summary>
    private static bool CertifiesWithoutChanges(string file)
    {
        var plain = ExternalTool.Run("qpdf", "--qdf", "--object-streams=disable", "--warning-exit-0", file, "-").Output;
        return plain.Contains("/TransformMethod /DocMDP", StringComparison.Ordinal) && System.Text.RegularExpressions.Regex.IsMatch(plain, @"/P 1\s", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(5));
    }

    private static Task<FileVerdict> VerifyAsync(string file) => new PdfVerifier(TrustSnapshot.Empty, null, TimeProvider.System).VerifyAsync(file, cancellation: Ct);
}
