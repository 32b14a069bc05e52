using System.Diagnostics;
using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Trust;
using VanBanDienTu.TestKit;

namespace VanBanDienTu.IntegrationTests.Signing;

/// <summary>The verifier over the signed, tampered and hostile PDFs of other projects: what each class must be told.</summary>
public sealed class CorpusTests
{
    private static readonly PdfVerifier Verifier = new(TrustSnapshot.Empty, null, TimeProvider.System);

    [Fact]
    public async Task Every_file_of_the_corpus_gets_the_answer_of_its_class_in_time()
    {
        var wrong = new List<string>();
        foreach (var (file, kind) in Manifest())
        {
            var watch = Stopwatch.StartNew();
            var verdict = await Verifier.VerifyAsync(Path.Combine(Samples.Corpus, file), cancellation: TestContext.Current.CancellationToken);
            if (watch.Elapsed > TimeSpan.FromMinutes(1)) // a hang; how quick it is, `bench fuzz` measures in processor time
                wrong.Add($"{file}: took {watch.Elapsed}");
            if (verdict.Findings.Any(f => string.Equals(f.Code, "internal", StringComparison.Ordinal)))
                wrong.Add($"{file}: internal error {verdict.Findings[0].Text.En}");
            if (!IsRight(kind, verdict))
                wrong.Add($"{file} ({kind}): {verdict.Verdict} {string.Join(", ", verdict.Signatures.Select(s => $"{s.Integrity}/{s.Coverage}/{s.LaterChanges}"))}");
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    private static bool IsRight(string kind, FileVerdict verdict)
    {
        var signatures = verdict.Signatures;
        var green = signatures.Count > 0 && signatures.All(s => s.Integrity == Integrity.Intact && s.LaterChanges is LaterChange.None or LaterChange.Permitted);
        return kind[0] switch
        {
            'A' or 'B' => green,
            'C' => !green && signatures.Any(s => s.LaterChanges == LaterChange.Suspicious) && verdict.Verdict == FileOutcome.TotalFailed,
            'D' => !green && signatures.Any(s => s.Integrity != Integrity.Intact),
            'E' => !green && verdict.Verdict != FileOutcome.TotalPassed,
            'F' => verdict.Verdict == FileOutcome.NoSignature,
            'G' => verdict.Verdict == FileOutcome.Unreadable && verdict.Findings.Any(f => f.Code is "encrypted"),
            'H' => signatures.Count > 0 && signatures.All(s => s.Integrity is Integrity.Intact or Integrity.Unsupported),
            'X' when kind.StartsWith("X_ONLY", StringComparison.Ordinal) => green,
            _ => true,
        };
    }

    private static IEnumerable<(string File, string Kind)> Manifest()
    {
        var lines = File.ReadAllLines(Path.Combine(Samples.Corpus, "manifest.tsv"));
        var kind = Array.IndexOf(lines[0].Split('\t'), "expect_class");
        return lines.Skip(1).Select(line => line.Split('\t')).Select(cells => (cells[0], cells[kind]));
    }
}
