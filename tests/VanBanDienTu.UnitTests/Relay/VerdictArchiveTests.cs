using System.Text;
using VanBanDienTu.Relay;
using VanBanDienTu.Relay.Incoming;
using VanBanDienTu.Relay.Verification;
using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Authority;
using VanBanDienTu.Signing.Reports;
using VanBanDienTu.Signing.Timestamps;
using VanBanDienTu.Signing.Trust;
using VanBanDienTu.TestKit;
using VanBanDienTu.TestKit.Pki;
using VanBanDienTu.UnitTests.Relay.Rig;

namespace VanBanDienTu.UnitTests.Relay;

/// <summary>What a node keeps of its verdicts, and what that is worth years later. Its own PKI: here years pass.</summary>
public sealed class VerdictArchiveTests : IAsyncLifetime
{
    private static readonly TimeSpan Year = TimeSpan.FromDays(365);

    private readonly RelayKeys _keys = new();
    private readonly TemporaryFolder _folder = new();
    private readonly List<IDisposable> _owned = [];
    private TestNode _node = null!;

    public async ValueTask InitializeAsync()
    {
        await _keys.InitializeAsync();
        _node = new TestNode(_keys, "ministry", "G99", _folder["node"]) { Timestamps = Stamping(_keys.Pki) };
        _node.Hosts("G99");
        await _node.OpenAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _node.DisposeAsync();
        foreach (var one in _owned)
            one.Dispose();
        await _keys.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_verdict_is_given_again_byte_for_byte_whatever_became_of_the_certificate_and_the_anchors()
    {
        var (file, person) = await SignedAsync();
        var then = await VerifyAsync(file);
        _keys.Pki.Authority.Revoke(person.Certificate);
        _keys.Time.Advance(TimeSpan.FromDays(2));
        var now = await VerifyAsync(file);
        Assert.Equal((FileOutcome.TotalPassed, FileOutcome.Indeterminate), (then.Files[0].Verdict, now.Files[0].Verdict));
        Assert.NotEqual(then.Files[0].ReportId, now.Files[0].ReportId);

        _node.Node.Use(TrustSnapshot.Empty, _keys.Signer(), _keys.Verifier(TrustSnapshot.Empty));
        var asked = _keys.Pki.Requests.Count;
        foreach (var report in new[] { then, now })
        {
            var again = await Archive.VerifyAgainAsync(file, report.Files[0].ReportId, "G99", Ct);
            Assert.Equal(ReportJson.Text(report), ReportJson.Text(again));
            Assert.Equal(ReportJson.Utf8(report), (await Archive.GetAsync(report.Files[0].ReportId, "G99", Ct)).Report);
        }

        Assert.Equal(asked, _keys.Pki.Requests.Count); // nobody was asked
    }

    [Fact]
    public async Task Silence_is_evidence_too_what_no_authority_answered_then_is_not_asked_now()
    {
        var (file, _) = await SignedAsync();
        (_keys.Pki.OcspLie, _keys.Pki.CrlLie) = (PkiLie.ServerError, PkiLie.ServerError);
        var then = await VerifyAsync(file);
        (_keys.Pki.OcspLie, _keys.Pki.CrlLie) = (PkiLie.None, PkiLie.None);
        Assert.Equal("TRY_LATER", then.Files[0].Signatures[0].SubIndication);
        Assert.Equal(ReportJson.Text(then), ReportJson.Text(await Archive.VerifyAgainAsync(file, then.Files[0].ReportId, "G99", Ct)));
    }

    [Fact]
    public async Task The_record_names_all_that_the_verdict_rests_on_and_each_can_be_had()
    {
        var (file, person) = await SignedAsync();
        var verdict = (await VerifyAsync(file)).Files[0];
        var kept = await Archive.GetAsync(verdict.ReportId, "G99", Ct);
        var record = VerdictRecord.Read(kept.Record);
        Assert.Equal((verdict.Sha256, verdict.EvidenceSet, _keys.Pki.Trust.Id), (record.File.Sha256, record.EvidenceSet, record.Trust.Id));
        Assert.NotEmpty(record.Program);
        Assert.Contains(record.Evidence, e => e.Data.Sha256 == person.Certificate.Sha256);
        Assert.All(verdict.Signatures[0].Revocation, r => Assert.Contains(record.Evidence, e => e.Kind == "Ocsp" && e.Data.Sha256 == r.Sha256));
        foreach (var item in record.Evidence)
        {
            await using var stream = await Archive.OpenEvidenceAsync(verdict.ReportId, item.Data.Sha256, "G99", Ct);
            using var bytes = new MemoryStream();
            await stream.CopyToAsync(bytes, Ct);
            Assert.Equal(item.Data.Sha256, VerdictRecord.Sha256Of(bytes.ToArray()));
        }
    }

    [Fact]
    public async Task A_report_is_its_organs_own_and_about_its_file_only()
    {
        var (file, _) = await SignedAsync();
        var id = (await VerifyAsync(file)).Files[0].ReportId;
        Assert.Equal(RelayFault.DocumentUnknown, (await Assert.ThrowsAsync<RelayException>(() => Archive.GetAsync(id, "G98", Ct))).Fault);
        Assert.Equal(id, (await Archive.GetAsync(id, null, Ct)).ReportId); // an auditor
        Assert.Equal(RelayFault.DigestMismatch, (await Assert.ThrowsAsync<RelayException>(() => Archive.VerifyAgainAsync(Samples.CongVan, id, "G99", Ct))).Fault);
        Assert.Equal(RelayFault.DocumentUnknown, (await Assert.ThrowsAsync<RelayException>(() => Archive.OpenEvidenceAsync(id, new string('0', 64), null, Ct))).Fault);
    }

    [Fact]
    public async Task A_signature_without_timestamp_that_came_in_time_stays_provable_after_its_certificate_expired()
    {
        var (file, _) = await SignedAsync(TimeSpan.FromDays(30));
        var received = (await VerifyAsync(file)).Files[0];
        await StampAsync();
        var stamp = (await Archive.GetAsync(received.ReportId, "G99", Ct)).Stamp!;
        Assert.Contains(VerdictRecord.Sha256Of((await Archive.GetAsync(received.ReportId, "G99", Ct)).Record), Encoding.UTF8.GetString(stamp.List), StringComparison.Ordinal);

        await YearsLaterAsync(1);
        var signature = (await VerifyAsync(file)).Files[0].Signatures[0];
        Assert.Equal((Indication.TotalPassed, null), (signature.Indication, signature.SubIndication));
        Assert.Equal(new ProofVerdict("earlier-verdict", stamp.Time, true), Assert.Single(signature.Proofs));
        Assert.Contains(signature.Reasons, r => r.Code == "proof-of-existence");
        Assert.All(signature.Revocation, r => Assert.False(r.Embedded)); // the document brought nothing

        // Whoever did not keep that verdict cannot know.
        var stranger = await _keys.Verifier().VerifyAsync(file, cancellation: Ct);
        Assert.Equal("OUT_OF_BOUNDS_NO_POE", stranger.Signatures[0].SubIndication);
    }

    [Fact]
    public async Task A_verdict_that_no_authority_has_stamped_proves_nothing()
    {
        var (file, _) = await SignedAsync(TimeSpan.FromDays(30));
        await VerifyAsync(file);
        await YearsLaterAsync(1);
        Assert.Equal("OUT_OF_BOUNDS_NO_POE", (await VerifyAsync(file)).Files[0].Signatures[0].SubIndication);
    }

    [Fact]
    public async Task The_days_CRLs_speak_for_a_document_whose_authority_was_silent_when_it_came()
    {
        var (file, _) = await SignedAsync(TimeSpan.FromDays(30));
        (_keys.Pki.OcspLie, _keys.Pki.CrlLie) = (PkiLie.ServerError, PkiLie.ServerError);
        Assert.Equal("TRY_LATER", (await VerifyAsync(file)).Files[0].Signatures[0].SubIndication);
        (_keys.Pki.OcspLie, _keys.Pki.CrlLie) = (PkiLie.None, PkiLie.None);
        _keys.Time.Advance(TimeSpan.FromHours(12));
        await Archive.KeepCrlsAsync([.. _keys.Pki.Authority.AuthorityNames.Select(n => ($"{_keys.Pki.Authority.BaseUrl}/crl/{n}.crl", (ReadOnlyMemory<byte>)_keys.Pki.Authority.CurrentCrl(n)!))], Ct);
        await YearsLaterAsync(1);
        var signature = (await VerifyAsync(file)).Files[0].Signatures[0];
        Assert.Equal((Indication.TotalPassed, "crl"), (signature.Indication, signature.Revocation[0].Source));
    }

    [Theory]
    [InlineData(true, Indication.TotalPassed)]
    [InlineData(false, Indication.Indeterminate)]
    public async Task A_timestamp_whose_authority_has_expired_is_good_under_a_later_one_that_holds(bool renewed, Indication indication)
    {
        await using var passing = await TestPki.StartAsync([], _keys.Time, 2 * Year);
        _node.Trust = TrustSnapshot.Of([.. _keys.Pki.Trust.Anchors, .. passing.Trust.Anchors], allowSample: true);
        _node.Timestamps = Stamping(passing);
        await _node.KillAndReopenAsync();
        var (file, _) = await SignedAsync(TimeSpan.FromDays(30));
        await VerifyAsync(file);
        await StampAsync();

        _keys.Time.Advance(Year);
        _node.Timestamps = Stamping(_keys.Pki);
        await _node.KillAndReopenAsync();
        if (renewed)
            await Archive.KeepCrlsAsync([], Ct);
        _keys.Time.Advance(2 * Year); // the first timestamp authority is gone
        await passing.StopServingAsync();
        var signature = (await VerifyAsync(file)).Files[0].Signatures[0];
        Assert.Equal(indication, signature.Indication);
    }

    [Fact]
    public async Task What_arrives_over_the_axis_is_kept_and_its_unit_can_ask_for_the_report()
    {
        var message = Messages.Document("G99.63", "G99", await _keys.SignedAsync(Samples.CongVan));
        await Messages.HandAsync(_node, message, new PeerNode("unit", "G99.63", new string('a', 64)));
        await _node.RunAsync();
        await StampAsync();
        var verdict = Assert.Single(Assert.Single(await _node.ArrivedAsync("G99")).Verdicts);
        var kept = await Archive.GetAsync(verdict.ReportId, "G99", Ct);
        Assert.NotNull(kept.Stamp);
        Assert.Equal(verdict.Sha256, ReportJson.Read(kept.Report).Files[0].Sha256);
    }

    private VerdictArchive Archive => _node.Node.Verdicts;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private Task<VerificationReport> VerifyAsync(string file) => Archive.VerifyAsync(file, "văn bản.pdf", "G99", Ct);

    private async Task<(string File, SampleKey Person)> SignedAsync(TimeSpan? validFor = null)
    {
        var person = _keys.Pki.Signer("person", p => p with { ValidFor = validFor ?? Year });
        using var key = _keys.Pki.Open(person);
        var file = _folder[Guid.NewGuid() + ".pdf"];
        await _keys.Signer().SignAsync(Samples.CongVan, file, key, new SignatureRequest { Role = SignatureRole.Invisible }, Ct);
        return (file, person);
    }

    private async Task StampAsync()
    {
        _keys.Time.Advance(_node.Options.StampEvery);
        await _node.RunAsync();
    }

    // A new process in another year; by then OCSP answers no longer, as authorities do for certificates that are gone.
    private async Task YearsLaterAsync(int years)
    {
        _keys.Time.Advance(years * Year);
        _keys.Pki.OcspLie = PkiLie.ServerError;
        await _node.KillAndReopenAsync();
    }

    private TimestampClient Stamping(TestPki pki)
    {
        var client = new TimestampClient(new TimestampOptions { Authorities = [new Uri(pki.Authority.TsaUrl)] }, pki.Trust, _keys.Time);
        _owned.Add(client);
        return client;
    }
}
