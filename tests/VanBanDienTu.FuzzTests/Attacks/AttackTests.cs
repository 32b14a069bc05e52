using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Trust;
using VanBanDienTu.Pdf;

namespace VanBanDienTu.FuzzTests.Attacks;

/// <summary>
/// Every family of attack on every kind of document that we signed, several variants of each by a seed: none is shown green, and each refusal says
/// what is wrong and where.
/// </summary>
public sealed class AttackTests(ITestOutputHelper output)
{
    private const int Variants = 8;
    private static readonly PdfVerifier Verifier = new(TrustSnapshot.Empty, null, TimeProvider.System);
    private static readonly Lazy<Task<IReadOnlyList<AttackSample>>> Samples = new(AttackSample.AllAsync);

    public static TheoryData<string> Families => [.. Attack.All.Select(a => a.Family)];

    [Fact]
    public async Task The_documents_are_green_before_the_attack()
    {
        foreach (var sample in await Samples.Value)
            Assert.True(IsGreen(await VerifyAsync(sample.Bytes)), sample.Name);
    }

    [Theory]
    [MemberData(nameof(Families))]
    public async Task No_attack_of_the_family_is_shown_green(string family)
    {
        var attack = Attack.All.Single(a => a.Family == family);
        var (made, green) = (0, new List<string>());
        foreach (var sample in await Samples.Value)
        {
            var seen = new HashSet<string>(StringComparer.Ordinal);
            for (var seed = 0; seed < Variants; seed++)
            {
                if (attack.Make(sample, new Random(seed)) is not { } bytes || !seen.Add(Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(bytes))))
                    continue;
                made++;
                var verdict = await VerifyAsync(bytes);
                if (IsGreen(verdict) || !SaysWhy(verdict))
                    green.Add($"{sample.Name}, seed {seed}: {Say(verdict)} {Keep(family, sample, seed, bytes)}");
            }
        }
        output.WriteLine($"{made} files");
        Assert.True(made > 0, "nothing was made");
        Assert.True(green.Count == 0, string.Join('\n', green));
    }

    public static TheoryData<string> PreparedFamilies => [.. PreparedAttacks.All.Select(a => a.Family)];

    [Theory]
    [MemberData(nameof(PreparedFamilies))]
    public async Task A_document_that_was_prepared_for_it_is_green_when_it_is_signed_and_not_when_it_was_falsified(string family)
    {
        var attack = PreparedAttacks.All.Single(a => a.Family == family);
        Assert.True(IsGreen(await VerifyAsync(attack.Signed.Bytes)), "before the attack");
        var bytes = attack.Falsified();
        var verdict = await VerifyAsync(bytes);
        Assert.True(!IsGreen(verdict) && SaysWhy(verdict), $"{Say(verdict)} {Keep(family, attack.Signed, 0, bytes)}");
        output.WriteLine(Say(verdict));
    }

    private static string Say(FileVerdict verdict) =>
        $"{verdict.Verdict} {string.Join("; ", verdict.Signatures.Select(s => $"{s.Field} {s.Integrity} {s.LaterChanges} {string.Join(" | ", s.Changes.Select(c => c.Text.En))}"))}";

    private static bool IsGreen(FileVerdict verdict) =>
        verdict.Signatures.Count > 0 && verdict.Signatures.All(s => s.Integrity == Integrity.Intact && s.LaterChanges is LaterChange.None or LaterChange.Permitted);

    /// <summary>A suspicious change names its object and revision; anything else has its reason.</summary>
    private static bool SaysWhy(FileVerdict verdict) =>
        verdict.Signatures.Where(s => s is { Integrity: Integrity.Intact, LaterChanges: LaterChange.Suspicious }).All(s => s.Changes.Any(c => c is { Object.Length: > 0, Revision: > 0 }))
        && (verdict.Signatures.Any(s => s.Reasons.Count > 0) || verdict.Findings.Count > 0 || verdict.Verdict == FileOutcome.NoSignature);

    private static async Task<FileVerdict> VerifyAsync(byte[] bytes)
    {
        using var pdf = PdfBytes.Of(bytes);
        return await Verifier.VerifyAsync(pdf, "attack.pdf", cancellation: TestContext.Current.CancellationToken);
    }

    private static string Keep(string family, AttackSample sample, int seed, byte[] bytes)
    {
        var folder = Directory.CreateDirectory(Path.Combine(TestKit.Samples.Root, "artifacts", "attacks")).FullName;
        var path = Path.Combine(folder, $"{family}-{sample.Name}-{seed}.pdf");
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
