using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Trust;
using VanBanDienTu.TestKit;

namespace VanBanDienTu.UnitTests.Signing.Verification;

/// <summary>What the caller remembers of earlier verdicts may be away for a moment; the file cannot help it.</summary>
public sealed class CallersMemoryTests
{
    /// <summary>Seen while PostgreSQL was killed: an accepted document was refused as unreadable.</summary>
    [Fact]
    public async Task A_memory_that_fails_is_the_callers_to_hear_and_no_verdict_on_the_file()
    {
        using var folder = new TemporaryFolder();
        var output = folder["signed.pdf"];
        await new PdfSigner(TimeProvider.System).SignAsync(
            Samples.CongVan, output, TestKeys.P256, new SignatureRequest { Role = SignatureRole.Invisible }, TestContext.Current.CancellationToken);
        var verifier = new PdfVerifier(TrustSnapshot.Empty, null, TimeProvider.System);
        var order = new VerificationOrder { Earlier = (_, _) => throw new TimeoutException("The database does not answer.") };
        await Assert.ThrowsAsync<TimeoutException>(() => verifier.ExamineAsync(output, order, TestContext.Current.CancellationToken));
    }
}
