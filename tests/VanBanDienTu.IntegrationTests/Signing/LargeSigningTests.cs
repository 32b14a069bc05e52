using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Trust;
using VanBanDienTu.TestKit;

namespace VanBanDienTu.IntegrationTests.Signing;

/// <summary>A file beyond what is held in memory; with VBDT_LONG=1 one of 5 GiB, whose byte range passes 2^31.</summary>
public sealed class LargeSigningTests
{
    private static readonly long Hole = Environment.GetEnvironmentVariable("VBDT_LONG") is "1" ? 5L << 30 : 40L << 20;

    [Fact]
    public async Task A_large_file_is_signed_twice_and_verified()
    {
        var ct = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        LargeFiles.WritePdf(folder["large.pdf"], Hole);
        var signer = new PdfSigner(TimeProvider.System);
        await signer.SignAsync(folder["large.pdf"], folder["once.pdf"], TestKeys.Rsa2048, new SignatureRequest(), ct);
        var twice = await signer.SignAsync(folder["once.pdf"], folder["twice.pdf"], TestKeys.P256, new SignatureRequest(), ct);

        var verdict = await new PdfVerifier(TrustSnapshot.Empty, null, TimeProvider.System).VerifyAsync(folder["twice.pdf"], cancellation: ct);
        Assert.Equal((2, twice.Sha256), (verdict.Signatures.Count, verdict.Sha256));
        Assert.All(verdict.Signatures, s => Assert.Equal(Integrity.Intact, s.Integrity));
        Assert.Equal([LaterChange.Permitted, LaterChange.None], verdict.Signatures.Select(s => s.LaterChanges));
        Assert.All(verdict.Signatures, s => Assert.InRange(s.ByteRange[1], Hole, Hole + (1 << 20)));
    }
}
