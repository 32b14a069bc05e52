using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Revocation;
using VanBanDienTu.TestKit;
using VanBanDienTu.TestKit.Faults;
using VanBanDienTu.TestKit.Pki;

namespace VanBanDienTu.IntegrationTests.Signing.Levels;

/// <summary>Every way in which an authority fails has its own sentence, and nothing is left behind; afterwards the same signer succeeds.</summary>
public sealed class AuthorityFailureTests : LevelRig
{
    [Theory]
    [InlineData(PkiLie.WrongNonce, "nonce")]
    [InlineData(PkiLie.WrongImprint, "imprint")]
    [InlineData(PkiLie.ExpiredCertificate, "TSA hết hạn")]
    [InlineData(PkiLie.WrongSignature, "signature")]
    [InlineData(PkiLie.Refusal, "refused: rejection")]
    [InlineData(PkiLie.Stale, "clock")]
    [InlineData(PkiLie.FromTheFuture, "clock")]
    [InlineData(PkiLie.ServerError, "HTTP 500")]
    [InlineData(PkiLie.Garbage, "cannot be read")]
    [InlineData(PkiLie.CutOff, "cannot be read")]
    [InlineData(PkiLie.Endless, "longer than")]
    [InlineData(PkiLie.Silent, "no answer within 0.5 s")]
    public async Task A_bad_timestamp_is_refused_with_what_is_wrong_with_it(PkiLie lie, string word)
    {
        Pki.TimestampLie = lie;
        var timestamps = Timestamps(o => o with { Timeout = TimeSpan.FromMilliseconds(lie == PkiLie.Silent ? 500 : 5000) });
        foreach (var level in new[] { BaselineLevel.Timestamped, BaselineLevel.Archived })
        {
            var refused = await RefusedAsync(level, SigningFault.TimestampUnavailable, timestamps);
            Assert.Contains(Pki.Authority.TsaUrl, refused.Message, StringComparison.Ordinal);
            Assert.Contains(word, refused.Message, StringComparison.OrdinalIgnoreCase);
        }
        Pki.TimestampLie = PkiLie.None;
        Assert.Equal("B-T", (await OfflineAsync(await SignAsync(BaselineLevel.Timestamped))).Signatures[0].Level);
    }

    [Fact]
    public async Task An_authority_that_nobody_answers_for_is_refused_by_its_address()
    {
        var refused = await RefusedAsync(BaselineLevel.Archived, SigningFault.TimestampUnavailable, Timestamps(null, new Uri("http://127.0.0.1:1/")));
        Assert.Contains("http://127.0.0.1:1/: it could not be reached", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(PkiLie.TryLater, "tryLater")]
    [InlineData(PkiLie.Stale, "stale")]
    [InlineData(PkiLie.FromTheFuture, "future")]
    [InlineData(PkiLie.AnotherResponder, "not authorised")]
    [InlineData(PkiLie.WrongSignature, "signature")]
    [InlineData(PkiLie.AnotherCertificate, "another certificate")]
    [InlineData(PkiLie.Silent, "did not answer")]
    [InlineData(PkiLie.Garbage, "OCSP")]
    public async Task Without_a_good_answer_of_ocsp_or_crl_the_level_is_refused_by_the_name_of_the_certificate(PkiLie lie, string word)
    {
        Pki.OcspLie = lie;
        Pki.CrlLie = PkiLie.ServerError;
        var refused = await RefusedAsync(BaselineLevel.LongTerm, SigningFault.ValidationDataUnavailable);
        Assert.StartsWith($"OCSP of «{Key.Certificate.CommonName}»", refused.Message, StringComparison.Ordinal);
        Assert.Contains(word, refused.Message, StringComparison.Ordinal);
        Assert.Contains("HTTP 500", refused.Message, StringComparison.Ordinal); // what became of the CRL is told too
    }

    [Theory]
    [InlineData(PkiLie.Stale, "stale")]
    [InlineData(PkiLie.WrongSignature, "signature of the CRL")]
    [InlineData(PkiLie.Garbage, "CRL")]
    [InlineData(PkiLie.CutOff, "CRL")]
    public async Task A_bad_crl_does_not_help_when_ocsp_is_down(PkiLie lie, string word)
    {
        Pki.OcspLie = PkiLie.ServerError;
        Pki.CrlLie = lie;
        var refused = await RefusedAsync(BaselineLevel.LongTerm, SigningFault.ValidationDataUnavailable);
        Assert.Contains(word, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_crl_of_50_MB_over_a_slow_line_is_read_to_its_last_entry_but_not_put_into_a_file()
    {
        using var revoked = Pki.Open(Pki.Signer("revoked"));
        Pki.OcspLie = PkiLie.ServerError;
        Pki.CrlLie = PkiLie.Huge;
        Pki.ListLast(revoked.Certificate);
        Pki.HugePause = TimeSpan.FromMilliseconds(125);
        var patient = Pki.Checker(new RevocationOptions { Timeout = TimeSpan.FromSeconds(5) }); // 48 MiB: longer in all
        foreach (var (certificate, status) in new[] { (Key.Certificate, RevocationStatus.Good), (revoked.Certificate, RevocationStatus.Revoked) })
        {
            var answer = await patient.CheckAsync(certificate, Pki.IssuerOf(certificate), EmbeddedRevocation.None, Pki.Time.GetUtcNow(), Ct);
            Assert.Equal((status, RevocationSource.Crl), (answer.Status, answer.Source!.Value));
            Assert.True(answer.Raw.Length > 50_000_000);
        }
        var refused = await Assert.ThrowsAsync<SigningException>(() =>
            new PdfSigner(Pki.Time, patient, Pki.Trust, Timestamps()).SignAsync(Samples.CongVan, Folder["x.pdf"], Key, new SignatureRequest { Level = BaselineLevel.LongTerm }, Ct));
        Assert.Equal(SigningFault.ValidationDataUnavailable, refused.Fault);
        Assert.Contains($"CRL of «{Key.Certificate.CommonName}»", refused.Message, StringComparison.Ordinal);
        Assert.Contains("are put into a file", refused.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(Folder.Path));
    }

    [Fact]
    public async Task A_disk_that_is_full_at_any_point_leaves_nothing_and_room_made_is_room_used()
    {
        using var disk = SmallDisk.TryMount(Folder["disk"], "400k", out var why);
        Assert.SkipWhen(disk is null, $"This machine does not let the tests mount a small disk: {why}");
        var output = Path.Combine(disk.Path, "out.pdf");
        var (failed, done) = (0, 0);
        // From no room at all to enough for the signature, the store and the archive timestamp: each write is the one that fails once.
        for (var room = 0; room <= 360 && done == 0; room += 24)
        {
            File.WriteAllBytes(Path.Combine(disk.Path, "ballast"), new byte[(360 - room) * 1024]);
            try
            {
                await Signer().SignAsync(Samples.CongVan, output, Key, new SignatureRequest { Level = BaselineLevel.Archived }, Ct);
                done++;
            }
            catch (SigningException e)
            {
                Assert.Equal(SigningFault.OutputNotWritten, e.Fault);
                Assert.Contains("dung lượng trống", e.Vietnamese, StringComparison.Ordinal);
                Assert.Equal(["ballast"], Directory.GetFileSystemEntries(disk.Path).Select(Path.GetFileName));
                failed++;
            }
        }
        Assert.Equal(1, done);
        Assert.True(failed >= 6, $"{failed}");
        Assert.Equal("B-LTA", (await OfflineAsync(output)).Signatures[0].Level);
    }

    [Fact]
    public async Task A_good_crl_stands_in_for_ocsp()
    {
        Pki.OcspLie = PkiLie.ServerError;
        var verdict = await OfflineAsync(await SignAsync(BaselineLevel.Archived));
        Assert.Equal(("B-LTA", Indication.TotalPassed), (verdict.Signatures[0].Level, verdict.Signatures[0].Indication));
        Assert.All(verdict.Signatures[0].Revocation, r => Assert.Equal(("crl", true), (r.Source, r.Embedded)));
    }

    [Fact]
    public async Task A_certificate_that_ocsp_does_not_know_is_refused_as_unknown()
    {
        Pki.Forget(Person.Certificate);
        Pki.CrlLie = PkiLie.ServerError;
        var refused = await RefusedAsync(BaselineLevel.LongTerm, SigningFault.ValidationDataUnavailable);
        Assert.Contains("does not know this certificate", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_revoked_signer_is_refused_at_every_level()
    {
        Pki.Authority.Revoke(Person.Certificate);
        foreach (var level in Enum.GetValues<BaselineLevel>())
            await RefusedAsync(level, SigningFault.CertificateRevoked);
    }

    [Fact]
    public async Task A_revoked_timestamp_authority_is_refused_by_its_name()
    {
        Pki.Authority.Revoke(Pki.Authority.TimestampCertificate);
        var refused = await RefusedAsync(BaselineLevel.LongTerm, SigningFault.CertificateRevoked);
        Assert.Contains(Pki.Authority.TimestampCertificate.CommonName, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_signer_of_a_stranger_is_refused_by_the_missing_path()
    {
        using var stranger = Pki.Open(Pki.Signer("stranger", p => p with { Foreign = true }));
        var refused = await Assert.ThrowsAsync<SigningException>(() =>
            Signer().SignAsync(Samples.CongVan, Folder["x.pdf"], stranger, new SignatureRequest { Level = BaselineLevel.LongTerm }, Ct));
        Assert.Equal(SigningFault.ValidationDataUnavailable, refused.Fault);
        Assert.Contains("path", refused.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(Folder.Path));
    }
}
