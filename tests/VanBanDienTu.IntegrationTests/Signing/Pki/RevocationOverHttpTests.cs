using VanBanDienTu.Signing.Authority;
using VanBanDienTu.Signing.Certificates;
using VanBanDienTu.Signing.Paths;
using VanBanDienTu.Signing.Revocation;
using VanBanDienTu.TestKit.Pki;

namespace VanBanDienTu.IntegrationTests.Signing.Pki;

public sealed class RevocationOverHttpTests : IAsyncLifetime
{
    private TestPki _pki = null!;
    private SampleKey _signer = null!;

    public async ValueTask InitializeAsync()
    {
        _pki = await TestPki.StartAsync();
        _signer = _pki.Signer("signer");
    }

    public ValueTask DisposeAsync() => _pki.DisposeAsync();

    [Fact]
    public async Task A_good_certificate_is_good_by_OCSP()
    {
        var answer = await AskAsync(_pki.Checker());
        Assert.Equal((RevocationStatus.Good, RevocationSource.Ocsp), (answer.Status, answer.Source));
        Assert.Equal(_pki.Authority.OcspUrl, answer.Url);
        Assert.Contains("VBDT SAMPLE OCSP officials", answer.Responder, StringComparison.Ordinal);
        Assert.NotNull(answer.ResponderCertificate);
        Assert.False(answer.Embedded);
        Assert.Equal(TimeSpan.Zero, answer.CacheAge);
        Assert.Equal(["/ocsp"], _pki.Requests);
    }

    [Fact]
    public async Task A_revocation_by_another_process_is_seen_at_once()
    {
        var at = DateTimeOffset.UtcNow.AddMinutes(-3);
        SampleAuthority.Open(_pki.Folder).Revoke(_signer.Certificate.SerialHex, at, "keyCompromise");
        var answer = await AskAsync(_pki.Checker());
        Assert.Equal(RevocationStatus.Revoked, answer.Status);
        Assert.Equal("keyCompromise", answer.Reason);
        Assert.Equal(at.ToUnixTimeSeconds(), answer.RevokedAt!.Value.ToUnixTimeSeconds());
    }

    [Theory]
    [InlineData(PkiLie.WrongSignature)]
    [InlineData(PkiLie.Stale)]
    [InlineData(PkiLie.FromTheFuture)]
    [InlineData(PkiLie.WrongNonce)]
    [InlineData(PkiLie.AnotherCertificate)]
    [InlineData(PkiLie.AnotherResponder)]
    [InlineData(PkiLie.TryLater)]
    [InlineData(PkiLie.ServerError)]
    [InlineData(PkiLie.Silent)]
    [InlineData(PkiLie.Garbage)]
    [InlineData(PkiLie.CutOff)]
    [InlineData(PkiLie.Endless)]
    public async Task When_OCSP_lies_the_CRL_decides(PkiLie lie)
    {
        _pki.OcspLie = lie;
        var answer = await AskAsync(Impatient());
        Assert.Equal((RevocationStatus.Good, RevocationSource.Crl), (answer.Status, answer.Source));

        _pki.Authority.Revoke(_signer.Certificate);
        // A stale answer that says «revoked» counts as well, so either may be the source.
        Assert.Equal(RevocationStatus.Revoked, (await AskAsync(Impatient())).Status);
    }

    [Theory]
    [InlineData(PkiLie.WrongSignature)]
    [InlineData(PkiLie.Stale)]
    [InlineData(PkiLie.FromTheFuture)]
    [InlineData(PkiLie.ServerError)]
    [InlineData(PkiLie.Silent)]
    [InlineData(PkiLie.Garbage)]
    [InlineData(PkiLie.CutOff)]
    public async Task When_both_lie_the_status_is_unknown_and_says_why(PkiLie lie)
    {
        _pki.OcspLie = _pki.CrlLie = lie;
        var answer = await AskAsync(Impatient());
        Assert.Equal(RevocationStatus.Unknown, answer.Status);
        Assert.NotEmpty(answer.Why!.Vi);
        Assert.NotEmpty(answer.Why.En);
    }

    [Fact]
    public async Task An_old_answer_that_says_revoked_still_counts()
    {
        _pki.Authority.Revoke(_signer.Certificate, DateTimeOffset.UtcNow.AddDays(-3));
        _pki.OcspLie = PkiLie.Stale;
        Assert.Equal(RevocationStatus.Revoked, (await AskAsync(_pki.Checker())).Status);
    }

    [Fact]
    public async Task An_answer_is_asked_for_once_and_then_remembered()
    {
        var checker = _pki.Checker();
        await AskAsync(checker);
        var second = await AskAsync(checker);
        Assert.Equal(RevocationStatus.Good, second.Status);
        Assert.True(second.CacheAge > TimeSpan.Zero);
        Assert.Single(_pki.Requests);
    }

    [Fact]
    public async Task A_place_that_failed_is_left_alone_for_a_while()
    {
        _pki.OcspLie = _pki.CrlLie = PkiLie.ServerError;
        var checker = _pki.Checker();
        for (var i = 0; i < 3; i++)
            Assert.Equal(RevocationStatus.Unknown, (await AskAsync(checker)).Status);
        Assert.Equal(2, _pki.Requests.Count);
    }

    [Fact]
    public async Task What_is_embedded_is_used_first_and_offline_asks_nobody()
    {
        var online = await AskAsync(_pki.Checker());
        var embedded = new EmbeddedRevocation([online.Raw], []);
        var before = _pki.Requests.Count;
        var offline = _pki.Checker(new RevocationOptions { Offline = true });
        var answer = await offline.CheckAsync(_signer.Certificate, Issuer, embedded, DateTimeOffset.UtcNow);
        Assert.Equal((RevocationStatus.Good, true), (answer.Status, answer.Embedded));
        Assert.Equal(online.Sha256, answer.Sha256);

        var crl = _pki.Authority.CurrentCrl("officials")!;
        var byCrl = await offline.CheckAsync(_signer.Certificate, Issuer, new EmbeddedRevocation([], [crl]), DateTimeOffset.UtcNow);
        Assert.Equal((RevocationStatus.Good, RevocationSource.Crl), (byCrl.Status, byCrl.Source));

        var nothing = await offline.CheckAsync(_signer.Certificate, Issuer, EmbeddedRevocation.None, DateTimeOffset.UtcNow);
        Assert.Equal(RevocationStatus.Unknown, nothing.Status);
        Assert.Equal(before, _pki.Requests.Count);
    }

    [Fact]
    public async Task An_embedded_answer_is_too_old_for_a_later_day()
    {
        var online = await AskAsync(_pki.Checker());
        var offline = _pki.Checker(new RevocationOptions { Offline = true });
        var later = await offline.CheckAsync(_signer.Certificate, Issuer, new EmbeddedRevocation([online.Raw], []), DateTimeOffset.UtcNow.AddDays(2));
        Assert.Equal(RevocationStatus.Unknown, later.Status);
        Assert.Contains("stale", later.Why!.En, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_that_is_not_allowed_is_not_asked()
    {
        var answer = await AskAsync(_pki.Checker(new RevocationOptions { AllowedHosts = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "ocsp.ca.gov.vn" } }));
        Assert.Equal(RevocationStatus.Unknown, answer.Status);
        Assert.Contains("127.0.0.1", answer.Why!.En, StringComparison.Ordinal);
        Assert.Empty(_pki.Requests);
    }

    [Fact]
    public async Task A_private_name_can_be_rewritten_to_a_public_one()
    {
        var options = new RevocationOptions { UrlRewrites = new Dictionary<string, string>(StringComparer.Ordinal) { [_pki.Authority.OcspUrl] = _pki.Authority.BaseUrl + "/nowhere" } };
        var answer = await AskAsync(_pki.Checker(options));
        Assert.Equal(RevocationSource.Crl, answer.Source);
        Assert.DoesNotContain("/ocsp", _pki.Requests);
    }

    [Fact]
    public async Task The_whole_path_is_checked_up_to_the_anchor()
    {
        var path = new PathValidator().Validate(_signer.Certificate, _pki.Authority.Issuers, _pki.Trust, DateTimeOffset.UtcNow, PathPurpose.Signing);
        var answers = await _pki.Checker().CheckPathAsync(path, EmbeddedRevocation.None, DateTimeOffset.UtcNow);
        Assert.Equal([RevocationStatus.Good, RevocationStatus.Good], answers.Select(a => a.Status));

        _pki.Authority.Revoke(_pki.Authority.Issuers[0], reason: "cACompromise");
        answers = await _pki.Checker().CheckPathAsync(path, EmbeddedRevocation.None, DateTimeOffset.UtcNow);
        Assert.Equal([RevocationStatus.Good, RevocationStatus.Revoked], answers.Select(a => a.Status));
        Assert.Equal("cACompromise", answers[1].Reason);
    }

    [Fact]
    public async Task A_certificate_that_the_authority_never_issued_is_unknown()
    {
        File.Delete(Path.Combine(_pki.Folder, "authority", "issued", _signer.Certificate.SerialHex + ".cer"));
        _pki.CrlLie = PkiLie.ServerError;
        var answer = await AskAsync(_pki.Checker());
        Assert.Equal(RevocationStatus.Unknown, answer.Status);
        Assert.Contains("does not know", answer.Why!.En, StringComparison.Ordinal);
    }

    private Certificate Issuer => _pki.IssuerOf(_signer.Certificate);

    /// <summary>Only silence is waited for to its end; an answer that comes has all the time it needs, and the CRL after a silence most of it.</summary>
    private RevocationChecker Impatient() => _pki.Checker(new RevocationOptions { Timeout = TimeSpan.FromSeconds(_pki.OcspLie == PkiLie.Silent ? 4 : 60) });

    private Task<RevocationAnswer> AskAsync(RevocationChecker checker) =>
        checker.CheckAsync(_signer.Certificate, Issuer, EmbeddedRevocation.None, DateTimeOffset.UtcNow);
}
