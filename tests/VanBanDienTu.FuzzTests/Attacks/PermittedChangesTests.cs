using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Trust;
using VanBanDienTu.Pdf;
using VanBanDienTu.TestKit;
using VanBanDienTu.TestKit.Pki;

namespace VanBanDienTu.FuzzTests.Attacks;

/// <summary>The other side of <see cref="PermissionAttacks"/>: what a certification permits is accepted, and named.</summary>
public sealed class PermittedChangesTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Honest_filling_and_signing_are_accepted_where_the_certification_permits_them()
    {
        var tried = 0;
        foreach (var sample in (await AttackSample.AllAsync()).Where(s => s is { IsForm: true, Certified: not 1 }))
        {
            foreach (var bytes in Enum.GetValues<Shape>().Select(shape => HonestChanges.Fill(sample, shape)).Append(HonestChanges.Sign(sample)))
            {
                using var pdf = PdfBytes.Of(bytes);
                var verdict = await new PdfVerifier(TrustSnapshot.Empty, null, TimeProvider.System).VerifyAsync(pdf, "honest.pdf", cancellation: Ct);
                Assert.All(verdict.Signatures, s => Assert.Equal(Integrity.Intact, s.Integrity));
                Assert.True(verdict.Signatures[0].LaterChanges == LaterChange.Permitted, $"{sample.Name}: {string.Join(" | ", verdict.Signatures[0].Changes.Select(c => c.Text.En))}");
                tried++;
            }
        }

        Assert.Equal(12, tried);
    }

    [Fact]
    public async Task An_archive_update_of_what_permits_no_changes_is_accepted_and_named()
    {
        await using var pki = await TestPki.StartAsync([]);
        using var key = pki.Open(pki.Signer("person"));
        using var folder = new TemporaryFolder();
        using var timestamps = new Signing.Timestamps.TimestampClient(new() { Authorities = [new Uri(pki.Authority.TsaUrl)] }, pki.Trust, pki.Time);
        await new PdfSigner(pki.Time, pki.Checker(), pki.Trust, timestamps).SignAsync(
            Samples.CongVan, folder["signed.pdf"], key, new SignatureRequest { Certify = 1, Level = BaselineLevel.Timestamped }, Ct);
        await new PdfExtender(pki.Time, pki.Trust, pki.Checker(), timestamps).ExtendAsync(folder["signed.pdf"], folder["archived.pdf"], BaselineLevel.Archived, Ct);
        var verdict = await new PdfVerifier(pki.Trust, null, pki.Time).VerifyAsync(folder["archived.pdf"], cancellation: Ct);
        Assert.Equal(FileOutcome.TotalPassed, verdict.Verdict);
        Assert.Equal((1, LaterChange.Permitted), (verdict.Signatures[0].DocMdp, verdict.Signatures[0].LaterChanges));
        Assert.Contains(verdict.Findings, f => f.Code == "archived-after-no-changes");
    }
}
