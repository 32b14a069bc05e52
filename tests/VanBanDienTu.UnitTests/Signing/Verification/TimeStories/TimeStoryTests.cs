using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Authority;
using VanBanDienTu.Signing.Certificates;
using VanBanDienTu.Signing.Revocation;
using VanBanDienTu.Signing.Trust;
using VanBanDienTu.TestKit;

namespace VanBanDienTu.UnitTests.Signing.Verification.TimeStories;

/// <summary>
/// What EN 319 102-1 says of a signature whose certificates, authorities and algorithms grew old or fell, with and without
/// proofs that it is older. Each story is told by the document alone: nothing is asked over a network.
/// </summary>
public sealed class TimeStoryTests : IDisposable
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private readonly StoryPki _pki = new();
    private readonly StoryFile _file;
    private readonly SampleCa _person;

    public TimeStoryTests() => (_file, _person) = (new StoryFile(_pki), _pki.Person());

    /// <summary>One row: what the document has, what happened after, the indication, its sub-indication, the proof it rests on.</summary>
    public static TheoryData<string, string, Indication, string?, string?> Table => new()
    {
        { "signature, material", "an hour", Indication.TotalPassed, null, null },
        { "signature", "an hour", Indication.Indeterminate, "TRY_LATER", null },
        { "signature, material", "a week", Indication.Indeterminate, "TRY_LATER", null },
        { "timestamped, material", "an hour", Indication.TotalPassed, null, null },
        { "timestamped, material", "a week", Indication.TotalPassed, null, "signature-timestamp" },

        { "signature, material", "signer expires", Indication.Indeterminate, "OUT_OF_BOUNDS_NO_POE", null },
        { "timestamped", "signer expires", Indication.Indeterminate, "OUT_OF_BOUNDS_NO_POE", null },
        { "timestamped, material", "signer expires", Indication.TotalPassed, null, "signature-timestamp" },
        { "signature, material, stamped", "signer expires", Indication.TotalPassed, null, "document-timestamp" },

        { "signature, material", "signer revoked", Indication.Indeterminate, "REVOKED_NO_POE", null },
        { "timestamped, material", "signer revoked", Indication.TotalPassed, null, "signature-timestamp" },
        { "signature, material, stamped", "signer revoked", Indication.TotalPassed, null, "document-timestamp" },
        { "revoked, signature, material", "an hour", Indication.Indeterminate, "REVOKED_NO_POE", null },
        { "revoked, timestamped, material", "an hour", Indication.Indeterminate, "REVOKED_NO_POE", null },
        { "signature, revoked, material, stamped", "an hour", Indication.Indeterminate, "REVOKED_NO_POE", null },

        { "timestamped, material", "authorities of time expire", Indication.Indeterminate, "OUT_OF_BOUNDS_NO_POE", null },
        { "timestamped, material, stamped", "authorities of time expire", Indication.TotalPassed, null, "signature-timestamp" },
        { "timestamped, material", "authority of time revoked", Indication.Indeterminate, "TRY_LATER", null },
        { "timestamped, material, stamped", "authority of time revoked", Indication.TotalPassed, null, "signature-timestamp" },

        { "signature, material", "issuer revoked", Indication.Indeterminate, "REVOKED_CA_NO_POE", null },
        { "timestamped, material", "issuer revoked", Indication.Indeterminate, "REVOKED_CA_NO_POE", null },
        { "timestamped, material, stamped", "issuer revoked", Indication.TotalPassed, null, "signature-timestamp" },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public async Task The_verdict_is_what_the_standard_says(string document, string then, Indication indication, string? sub, string? proof)
    {
        foreach (var part in document.Split(", "))
            Write(part);
        Pass(then);
        var signature = (await _file.VerifyAsync()).Signatures[0];
        Assert.Equal((indication, sub, proof), (signature.Indication, signature.SubIndication, signature.Proofs.FirstOrDefault(p => p.Used)?.Kind));
        Assert.Equal(Integrity.Intact, signature.Integrity);
        // Whoever reads why it passed is told what is wrong with it today and what saves it.
        Assert.Equal(proof is not null, signature.Reasons.Any(r => string.Equals(r.Code, "proof-of-existence", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(false, Indication.Indeterminate, "CRYPTO_CONSTRAINTS_FAILURE_NO_POE", false)]
    [InlineData(true, Indication.TotalPassed, null, true)]
    public async Task An_algorithm_that_fell_is_good_for_what_is_proven_to_be_older(bool timestamped, Indication indication, string? sub, bool used)
    {
        // Today's table, but P-256 ends in half a year.
        var policy = AlgorithmPolicy.Default with { Version = "bảng thử", Rows = [new("ECDSA", 0, new DateOnly(2026, 6, 30)), .. AlgorithmPolicy.Default.Rows.Where(r => r.Algorithm != "ECDSA")] };
        Write(timestamped ? "timestamped" : "signature");
        _pki.Time.Advance(250 * Day);
        Write("material");
        var verdict = await _file.VerifyAsync(new VerifierOptions { Algorithms = policy });
        Assert.Equal((indication, sub), (verdict.Signatures[0].Indication, verdict.Signatures[0].SubIndication));
        Assert.Equal(used, verdict.Signatures[0].Proofs.Any(p => p.Used));
        Assert.Equal("2026-06-30", verdict.Signatures[0].Algorithm!.AcceptableUntil);
        Assert.Contains("bảng thử", new VerifierOptions { Algorithms = policy }.Policy.Version, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2025-01-01", Indication.TotalPassed)]
    [InlineData("2027-01-01", Indication.Indeterminate)]
    public async Task A_timestamp_ends_with_its_algorithm_but_not_by_a_forecast_alone(string updated, Indication indication)
    {
        // RSA ends in half a year: in a table of the year before that is a forecast, in one made after it a fact.
        var policy = AlgorithmPolicy.Default with { Updated = DateOnly.Parse(updated, CultureInfo.InvariantCulture), Rows = [new("RSA", 0, new DateOnly(2026, 6, 30)), .. AlgorithmPolicy.Default.Rows.Where(r => r.Algorithm != "RSA")] };
        Write("timestamped");
        Write("material");
        Pass("signer expires");
        Assert.Equal(indication, (await _file.VerifyAsync(new VerifierOptions { Algorithms = policy })).Signatures[0].Indication);
    }

    [Fact]
    public async Task Evidence_kept_elsewhere_proves_the_file_after_its_certificate_expired()
    {
        Write("signature");
        Write("material");
        var received = _pki.Time.GetUtcNow();
        Pass("signer expires");
        var before = await _file.VerifyAsync();
        var after = await _file.VerifyAsync(earlier: sha256 => sha256 == before.Sha256 ? new EarlierEvidence(received, [], []) : null);
        Assert.Equal((FileOutcome.Indeterminate, FileOutcome.TotalPassed), (before.Verdict, after.Verdict));
        Assert.Equal(new ProofVerdict("earlier-verdict", received, true), Assert.Single(after.Signatures[0].Proofs));
    }

    [Theory]
    [InlineData(true, Indication.TotalPassed, null)]
    [InlineData(false, Indication.Indeterminate, "CRYPTO_CONSTRAINTS_FAILURE_NO_POE")]
    public async Task A_list_signed_by_an_algorithm_that_fell_counts_when_it_is_proven_to_be_older(bool stamped, Indication indication, string? sub)
    {
        // The authority's list is signed with SHA-384, which falls the day after; the root's newer one is not.
        var policy = AlgorithmPolicy.Default with { Version = "bảng thử", Updated = new DateOnly(2027, 1, 1), Rows = [new("SHA-384", 0, new DateOnly(2026, 1, 5)), .. AlgorithmPolicy.Default.Rows.Where(r => r.Algorithm != "SHA-384")] };
        _pki.ListAlgorithm = "SHA384WITHRSA";
        Write("signature");
        Write("material");
        if (stamped)
            Write("stamped");
        Assert.Equal(Indication.TotalPassed, (await _file.VerifyAsync(new VerifierOptions { Algorithms = policy })).Signatures[0].Indication);
        _pki.ListAlgorithm = "SHA256WITHRSA";
        _pki.Time.Advance(TimeSpan.FromHours(23));
        _file.Embed(_pki.Root);
        var after = (await _file.VerifyAsync(new VerifierOptions { Algorithms = policy })).Signatures[0];
        Assert.Equal((indication, sub), (after.Indication, after.SubIndication));
        Assert.Equal(!stamped, after.Reasons.Any(r => r.Code == "revocation-algorithm-expired"));
    }

    [Fact]
    public async Task An_expired_certificate_that_is_known_never_to_have_been_revoked_has_a_word_of_its_own()
    {
        Write("signature");
        Pass("signer expires");
        _pki.KeepsExpired = true; // the list of today still names who expired (expiredCertsOnCRL)
        Write("material");
        Assert.Equal((Indication.Indeterminate, "OUT_OF_BOUNDS_NOT_REVOKED"), await WordAsync());
        _pki.Revoke(_pki.Ca, _person.Certificate, StoryPki.Start.AddDays(100));
        Write("material");
        Assert.Equal((Indication.Indeterminate, "REVOKED_NO_POE"), await WordAsync());
    }

    [Theory]
    [InlineData("before", "intact", Indication.TotalPassed, Indication.TotalPassed, null)]
    [InlineData("of other content", "broken", Indication.TotalFailed, Indication.TotalPassed, null)]
    [InlineData("after its proof", "intact", Indication.TotalPassed, Indication.Indeterminate, "TIMESTAMP_ORDER_FAILURE")]
    public async Task A_timestamp_over_the_content_is_judged_and_bounds_the_signature_from_below(string when, string integrity, Indication stamp, Indication indication, string? sub)
    {
        if (when == "after its proof")
        {
            // The authority over the content claims an hour that is after the one which proves the signature.
            var late = new StoryPki(_pki);
            late.Time.Advance(TimeSpan.FromHours(3));
            _file.SignContentStamped(_person, _pki.SecondTsa, _pki.Tsa, clockOf: late);
        }
        else
            _file.SignContentStamped(_person, _pki.SecondTsa, _pki.Tsa, otherContent: when == "of other content");
        Write("material");
        _pki.Time.Advance(TimeSpan.FromHours(6));
        var signature = (await _file.VerifyAsync()).Signatures[0];
        var content = signature.Timestamps.Single(t => t.Kind == "content");
        Assert.Equal((integrity, stamp), (content.Integrity.ToString().ToLowerInvariant(), content.Indication));
        Assert.Equal((indication, sub), (signature.Indication, signature.SubIndication));
        Assert.DoesNotContain(signature.Proofs, p => p.Time == content.Time && p.Kind == "content"); // it proves nothing of the signature's existence
    }

    /// <summary>What happened since, and what openssl and .NET say of the signer's certificate on that day. They know no proofs: both refuse what
    /// a timestamp saves for us, and both accept what is good today.</summary>
    [Theory]
    [InlineData("an hour", "ok", "")]
    [InlineData("signer expires", "certificate has expired", "NotTimeValid")]
    [InlineData("signer revoked", "certificate revoked", "")] // without a network X509Chain hears of no revocation
    [InlineData("issuer revoked", "certificate revoked", "")]
    public void Openssl_and_X509Chain_say_of_the_certificate_what_our_verdict_without_proofs_says(string then, string openssl, string chain)
    {
        Pass(then);
        using var folder = new TemporaryFolder();
        foreach (var (name, certificate) in new[] { ("root", _pki.Root.Certificate), ("ca", _pki.Ca.Certificate), ("leaf", _person.Certificate) })
            folder.Write(name + ".pem", System.Text.Encoding.ASCII.GetBytes(certificate.ToPem()));
        folder.Write("lists.pem", System.Text.Encoding.ASCII.GetBytes(string.Join('\n', new[] { _pki.Root, _pki.Ca }.Select(a => new string(PemEncoding.Write("X509 CRL", _pki.Crl(a)))))));
        var now = _pki.Time.GetUtcNow();
        var answer = ExternalTool.Run("openssl", "verify", "-attime", now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), "-crl_check_all",
            "-CAfile", folder["root.pem"], "-untrusted", folder["ca.pem"], "-CRLfile", folder["lists.pem"], folder["leaf.pem"]);
        Assert.Contains(openssl == "ok" ? ": OK" : openssl, answer.Output, StringComparison.Ordinal);

        using var net = new X509Chain();
        net.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        net.ChainPolicy.CustomTrustStore.Add(_pki.Root.Certificate.ToX509());
        net.ChainPolicy.ExtraStore.Add(_pki.Ca.Certificate.ToX509());
        net.ChainPolicy.VerificationTime = now.LocalDateTime;
        net.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        net.Build(_person.Certificate.ToX509());
        Assert.Equal(chain, string.Join(',', net.ChainStatus.Select(s => s.Status)));
    }

    private async Task<(Indication, string?)> WordAsync()
    {
        var signature = (await _file.VerifyAsync()).Signatures[0];
        return (signature.Indication, signature.SubIndication);
    }

    [Fact]
    public async Task A_certificate_on_hold_is_undecided_until_its_authority_has_decided()
    {
        Write("signature");
        _pki.Revoke(_pki.Ca, _person.Certificate, reason: RevocationReasons.CertificateHold);
        Write("material");
        var held = (await _file.VerifyAsync()).Signatures[0];
        Assert.Equal((Indication.Indeterminate, "TRY_LATER", "certificate-on-hold"), (held.Indication, held.SubIndication, held.Reasons[0].Code));
        Assert.Equal(("revoked", "certificateHold"), (held.Revocation[0].Status, held.Revocation[0].Reason));
        _pki.Lift(_person.Certificate);
        Write("material"); // a later list, without the entry
        Assert.Equal(Indication.TotalPassed, (await _file.VerifyAsync()).Signatures[0].Indication);
    }

    [Fact]
    public async Task A_path_through_a_cross_certificate_passes()
    {
        // The agency trusts another root than the one the signer's own chain leads to; that root certified the same issuer.
        var other = StoryPki.SelfSigned("Gốc khác", RSA.Create(2048));
        var cross = StoryPki.Below(other, "CA công vụ", (RSA)_pki.Ca.Key);
        _pki.Trust = TrustSnapshot.Of([other.Certificate], allowSample: true);
        _file.Sign(_person);
        _file.EmbedData("CRLs", [_pki.Crl(_pki.Ca), _pki.Crl(other)], cross.Certificate);
        var signature = (await _file.VerifyAsync()).Signatures[0];
        Assert.Equal(Indication.TotalPassed, signature.Indication);
        Assert.Equal(cross.Certificate.Sha256, signature.Chain[1].Sha256);
    }

    [Theory]
    [InlineData(false, Indication.TotalPassed, null)]
    [InlineData(true, Indication.Indeterminate, "TRY_LATER")]
    public async Task A_delegated_responder_is_believed_when_this_issuer_delegated_it(bool byAnother, Indication indication, string? sub)
    {
        using var folder = new TemporaryFolder();
        var authority = SampleAuthority.Init(folder["pki"], new SampleAuthorityOptions { Profiles = [], AuthorityKey = SampleKeyType.P256 }, _pki.Time);
        if (byAnother)
        {
            foreach (var end in new[] { ".key", ".pem" })
                File.Copy(folder["pki/authority/ocsp-nodes" + end], folder["pki/authority/ocsp-officials" + end], overwrite: true);
            authority = SampleAuthority.Open(folder["pki"], _pki.Time);
        }
        var officials = authority.Authorities[1];
        var key = authority.Issue(SampleProfiles.Person("signer") with { Key = SampleKeyType.P256 });
        using var pkcs12 = System.Security.Cryptography.X509Certificates.X509CertificateLoader.LoadPkcs12FromFile(key.File, authority.Password);
        _pki.Trust = TrustSnapshot.Load(authority.TrustFolder, allowSample: true);
        _file.Sign(new SampleCa("signer", key.Certificate, System.Security.Cryptography.X509Certificates.ECDsaCertificateExtensions.GetECDsaPrivateKey(pkcs12)!), null, officials.Certificate);
        _file.EmbedData("OCSPs", [.. new[] { (key.Certificate, officials.Certificate), (officials.Certificate, authority.Root) }.Select(p => authority.AnswerOcsp(OcspRequest.For(p.Item1, p.Item2).Der))]);
        var signature = (await _file.VerifyAsync()).Signatures[0];
        Assert.Equal((indication, sub), (signature.Indication, signature.SubIndication));
    }

    [Fact]
    public async Task Timestamps_that_contradict_each_other_prove_nothing()
    {
        Write("timestamped");
        Write("material");
        _pki.Time.SetClock(StoryPki.Start - TimeSpan.FromHours(3));
        _file.Stamp(_pki.SecondTsa);
        _pki.Time.SetClock(StoryPki.Start.AddHours(1));
        var signature = (await _file.VerifyAsync()).Signatures[0];
        Assert.Equal((Indication.Indeterminate, "TIMESTAMP_ORDER_FAILURE"), (signature.Indication, signature.SubIndication));
    }

    [Fact]
    public async Task Judged_as_of_an_earlier_day_a_later_revocation_has_not_happened_yet()
    {
        Write("signature");
        Write("material");
        var then = _pki.Time.GetUtcNow();
        Pass("signer revoked");
        Assert.Equal(FileOutcome.Indeterminate, (await _file.VerifyAsync()).Verdict);
        Assert.Equal(FileOutcome.TotalPassed, (await _file.VerifyAsync(at: then)).Verdict);
    }

    public void Dispose() => _file.Dispose();

    private void Write(string part)
    {
        _pki.Time.Advance(TimeSpan.FromMinutes(10));
        switch (part)
        {
            case "signature": _file.Sign(_person); break;
            case "timestamped": _file.Sign(_person, _pki.Tsa); break;
            case "material": _file.Embed(); break;
            case "stamped": _file.Stamp(_pki.SecondTsa); break;
            case "revoked": _pki.Revoke(_pki.Ca, _person.Certificate); break;
            default: throw new ArgumentException(part, nameof(part));
        }
    }

    // What happens after; the news of a revocation reaches the document as one more update.
    private void Pass(string then)
    {
        switch (then)
        {
            case "an hour": _pki.Time.Advance(TimeSpan.FromHours(1)); break;
            case "a week": _pki.Time.Advance(7 * Day); break;
            case "signer expires": _pki.Time.Advance(400 * Day); break;
            case "authorities of time expire": _pki.Time.Advance(800 * Day); break;
            case "signer revoked": Revoke(_pki.Ca, _person.Certificate); break;
            case "issuer revoked": Revoke(_pki.Root, _pki.Ca.Certificate); break;
            case "authority of time revoked": Revoke(_pki.Root, _pki.Tsa.Certificate); break;
            default: throw new ArgumentException(then, nameof(then));
        }
    }

    private void Revoke(SampleCa issuer, Certificate certificate)
    {
        _pki.Time.Advance(30 * Day);
        _pki.Revoke(issuer, certificate);
        _pki.Time.Advance(TimeSpan.FromHours(1));
        _file.Embed(issuer);
    }
}
