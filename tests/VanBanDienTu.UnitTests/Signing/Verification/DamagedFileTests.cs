using VanBanDienTu.Pdf;
using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Trust;
using VanBanDienTu.TestKit;

namespace VanBanDienTu.UnitTests.Signing.Verification;

/// <summary>Seeded damage to a signed file: an answer each time, never an internal error, never a pass.</summary>
public sealed class DamagedFileTests
{
    private static readonly PdfVerifier Verifier = new(TrustSnapshot.Empty, null, TimeProvider.System);

    [Fact]
    public async Task Random_damage_always_gets_an_answer_and_is_never_called_whole()
    {
        using var folder = new TemporaryFolder();
        await new PdfSigner(TimeProvider.System).SignAsync(Samples.CongVan, folder["1.pdf"], TestKeys.P256, new SignatureRequest(), TestContext.Current.CancellationToken);
        var good = await File.ReadAllBytesAsync(folder["1.pdf"], TestContext.Current.CancellationToken);
        var (gapStart, gapEnd) = Gap(good);
        var random = new Random(20261122);
        for (var round = 0; round < 400; round++)
        {
            var bad = good.ToArray();
            // Half of the rounds inside the signature value itself, where the ASN.1 is.
            var at = round % 2 == 0 ? random.Next((int)gapStart, (int)gapEnd) : random.Next(bad.Length);
            var damage = (byte)random.Next(256);
            if (bad[at] == damage)
                continue;
            bad[at] = damage;
            using var bytes = PdfBytes.Of(bad);
            var verdict = await Verifier.VerifyAsync(bytes, "hỏng.pdf", cancellation: TestContext.Current.CancellationToken);
            Assert.DoesNotContain(verdict.Findings, f => string.Equals(f.Code, "internal", StringComparison.Ordinal));
            var outside = at < gapStart || at >= gapEnd;
            Assert.False(outside && verdict.Signatures.Any(s => s is { Integrity: Integrity.Intact, LaterChanges: LaterChange.None or LaterChange.Permitted }), $"byte {at} became {damage:x2}");
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100)]
    public async Task A_file_of_few_bytes_is_unreadable(int length)
    {
        using var bytes = PdfBytes.Of(new byte[length]);
        var verdict = await Verifier.VerifyAsync(bytes, "rỗng.pdf", cancellation: TestContext.Current.CancellationToken);
        Assert.Equal((FileOutcome.Unreadable, "not-a-pdf"), (verdict.Verdict, verdict.Findings.Single().Code));
    }

    [Fact]
    public async Task An_unsigned_file_says_so()
    {
        var verdict = await Verifier.VerifyAsync(Samples.CongVan, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(FileOutcome.NoSignature, verdict.Verdict);
        Assert.Empty(verdict.Signatures);
    }

    private static (long Start, long End) Gap(byte[] signed)
    {
        using var file = PdfFile.Open(PdfBytes.Of(signed));
        var span = file.SignatureFields.Single().Signature!.ContentsSpan!.Value;
        return (span.Start, span.End);
    }
}
