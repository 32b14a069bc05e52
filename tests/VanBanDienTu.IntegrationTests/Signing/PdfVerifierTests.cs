using System.Security.Cryptography;
using System.Text.Json;
using VanBanDienTu.Pdf;
using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Authority;
using VanBanDienTu.Signing.Certificates;
using VanBanDienTu.Signing.Reports;
using VanBanDienTu.Signing.Timestamps;
using VanBanDienTu.Signing.Trust;
using VanBanDienTu.TestKit;
using VanBanDienTu.TestKit.Pki;

namespace VanBanDienTu.IntegrationTests.Signing;

/// <summary>Sign, then verify with a real authority behind: what a recipient is told.</summary>
public sealed class PdfVerifierTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private TestPki _pki = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _pki = await TestPki.StartAsync([]);

    public async ValueTask DisposeAsync()
    {
        await _pki.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Person_then_organisation_pass_in_full_with_the_later_signature_permitted()
    {
        await SignAsync(Samples.CongVan, _folder["1.pdf"], Person());
        await SignAsync(_folder["1.pdf"], _folder["2.pdf"], Organization());
        var verdict = await Online().VerifyAsync(_folder["2.pdf"], cancellation: Ct);

        Assert.Equal(FileOutcome.TotalPassed, verdict.Verdict);
        Assert.Equal((Coverage.EarlierRevision, LaterChange.Permitted, "personal"), (verdict.Signatures[0].Coverage, verdict.Signatures[0].LaterChanges, verdict.Signatures[0].Role));
        Assert.Equal((Coverage.WholeFile, LaterChange.None, "organization"), (verdict.Signatures[1].Coverage, verdict.Signatures[1].LaterChanges, verdict.Signatures[1].Role));
        Assert.All(verdict.Signatures, s => Assert.Equal(("B-B", Indication.TotalPassed, Integrity.Intact), (s.Level, s.EtsiIndication, s.Integrity)));
        Assert.All(verdict.Signatures, s => Assert.All(s.Revocation, r => Assert.Equal("good", r.Status)));
        Assert.All(verdict.Signatures, s => Assert.Equal(["signature-timestamp"], s.MissingForNextLevel));
        Assert.Equal("G99.63", verdict.Signatures[1].Signer!.OrganId);
    }

    [Fact]
    public async Task Without_revocation_nothing_passes()
    {
        await SignAsync(Samples.CongVan, _folder["1.pdf"], Person());
        var verdict = await new PdfVerifier(_pki.Trust, null, _pki.Time).VerifyAsync(_folder["1.pdf"], cancellation: Ct);
        Assert.Equal((FileOutcome.Indeterminate, "TRY_LATER"), (verdict.Verdict, verdict.Signatures[0].SubIndication));
        Assert.True(verdict.Signatures[0].Trusted);
    }

    [Fact]
    public async Task Without_anchors_nothing_passes()
    {
        await SignAsync(Samples.CongVan, _folder["1.pdf"], Person());
        var verdict = await new PdfVerifier(TrustSnapshot.Empty, _pki.Checker(), _pki.Time).VerifyAsync(_folder["1.pdf"], cancellation: Ct);
        Assert.Equal((FileOutcome.Indeterminate, "NO_CERTIFICATE_CHAIN_FOUND", Integrity.Intact), (verdict.Verdict, verdict.Signatures[0].SubIndication, verdict.Signatures[0].Integrity));
    }

    [Fact]
    public async Task A_revoked_certificate_is_refused_for_signing_and_its_old_signature_is_without_proof()
    {
        var person = Person();
        await SignAsync(Samples.CongVan, _folder["1.pdf"], person);
        _pki.Authority.Revoke(person.Certificate);

        var verdict = await Online().VerifyAsync(_folder["1.pdf"], cancellation: Ct);
        Assert.Equal((FileOutcome.Indeterminate, "REVOKED_NO_POE"), (verdict.Verdict, verdict.Signatures[0].SubIndication));
        Assert.Equal("revoked", verdict.Signatures[0].Revocation[0].Status);

        using var key = _pki.Open(person);
        var refused = await Assert.ThrowsAsync<SigningException>(() =>
            new PdfSigner(_pki.Time, _pki.Checker(), _pki.Trust).SignAsync(Samples.CongVan, _folder["2.pdf"], key, new SignatureRequest(), Ct));
        Assert.Equal(SigningFault.CertificateRevoked, refused.Fault);
        Assert.False(File.Exists(_folder["2.pdf"]));
    }

    [Fact]
    public async Task After_the_certificate_expired_the_signature_is_out_of_bounds()
    {
        await SignAsync(Samples.CongVan, _folder["1.pdf"], Person());
        var verdict = await Online().VerifyAsync(_folder["1.pdf"], at: _pki.Time.GetUtcNow().AddYears(60), cancellation: Ct);
        Assert.Equal((FileOutcome.Indeterminate, "OUT_OF_BOUNDS_NO_POE"), (verdict.Verdict, verdict.Signatures[0].SubIndication));
    }

    [Fact]
    public async Task A_changed_byte_anywhere_in_the_signed_content_is_a_hash_failure()
    {
        await SignAsync(Samples.CongVan, _folder["1.pdf"], Person());
        var bytes = await File.ReadAllBytesAsync(_folder["1.pdf"], Ct);
        bytes[2000] ^= 1;
        using var changed = PdfBytes.Of(bytes);
        var verdict = await Online().VerifyAsync(changed, "đã sửa.pdf", cancellation: Ct);
        Assert.Equal((FileOutcome.TotalFailed, "HASH_FAILURE", Integrity.Broken), (verdict.Verdict, verdict.Signatures[0].SubIndication, verdict.Signatures[0].Integrity));
    }

    [Fact]
    public async Task Bytes_appended_after_signing_are_suspicious_while_the_standard_still_passes_it()
    {
        await SignAsync(Samples.CongVan, _folder["1.pdf"], Person());
        using var longer = PdfBytes.Of((byte[])[.. await File.ReadAllBytesAsync(_folder["1.pdf"], Ct), .. "\n1 0 obj <</Type/Page>> endobj\n"u8]);
        var verdict = await Online().VerifyAsync(longer, "thêm.pdf", cancellation: Ct);
        var signature = Assert.Single(verdict.Signatures);
        Assert.Equal((FileOutcome.TotalFailed, Integrity.Intact, LaterChange.Suspicious), (verdict.Verdict, signature.Integrity, signature.LaterChanges));
        Assert.Equal(Indication.TotalPassed, signature.EtsiIndication);
        Assert.NotEmpty(signature.Changes);
    }

    [Fact]
    public async Task The_report_keeps_to_its_schema_and_to_the_page_for_people()
    {
        await SignAsync(Samples.CongVan, _folder["1.pdf"], Person("<script>alert(1)</script>"));
        var verifier = Online();
        var report = verifier.Report([await verifier.VerifyAsync(_folder["1.pdf"], cancellation: Ct), await verifier.VerifyAsync(_folder["none.pdf"], cancellation: Ct)]);

        using var json = JsonDocument.Parse(ReportJson.Utf8(report));
        Assert.Empty(JsonSchemaCheck.Problems(json.RootElement, ReportJson.Schema));
        Assert.True(json.RootElement.GetProperty("trust").GetProperty("sample").GetBoolean());
        Assert.Equal("TOTAL-PASSED", json.RootElement.GetProperty("files")[0].GetProperty("verdict").GetString());
        Assert.Equal("UNREADABLE", json.RootElement.GetProperty("files")[1].GetProperty("verdict").GetString());
        Assert.Equal(ReportJson.Text(report), ReportJson.Text(ReportJson.Read(ReportJson.Utf8(report))));

        var page = ReportHtml.Write(report);
        Assert.DoesNotContain("<script>", page, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;", page, StringComparison.Ordinal);
        Assert.Contains("Nguồn tin cậy MẪU", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_document_timestamp_proves_the_time_so_that_a_later_revocation_does_not_matter()
    {
        var person = Person();
        await SignAsync(Samples.CongVan, _folder["1.pdf"], person);
        Stamp(_folder["1.pdf"], _folder["2.pdf"]);
        await Task.Delay(TimeSpan.FromSeconds(2), Ct); // times in OCSP answers are whole seconds
        _pki.Authority.Revoke(person.Certificate);

        var verdict = await Online().VerifyAsync(_folder["2.pdf"], cancellation: Ct);
        var (signature, timestamp) = (verdict.Signatures[0], verdict.Signatures[1]);
        Assert.Equal((SignatureKind.Timestamp, Indication.TotalPassed, Coverage.WholeFile), (timestamp.Kind, timestamp.Indication, timestamp.Coverage));
        Assert.Equal((Indication.TotalPassed, "B-T", LaterChange.Permitted), (signature.Indication, signature.Level, signature.LaterChanges));
        Assert.Equal(("document-timestamp", true), (signature.Proofs.Single().Kind, signature.Proofs.Single().Used));
        Assert.Equal(timestamp.ClaimedTime, signature.BestTime);
    }

    [Fact]
    public async Task A_timestamp_of_something_else_is_broken_and_proves_nothing()
    {
        await SignAsync(Samples.CongVan, _folder["1.pdf"], Person());
        Stamp(_folder["1.pdf"], _folder["2.pdf"], wrong: true);
        var verdict = await Online().VerifyAsync(_folder["2.pdf"], cancellation: Ct);
        Assert.Equal((FileOutcome.TotalFailed, Integrity.Broken, "HASH_FAILURE"), (verdict.Verdict, verdict.Signatures[1].Integrity, verdict.Signatures[1].SubIndication));
        Assert.Empty(verdict.Signatures[0].Proofs);
        Assert.Equal("B-B", verdict.Signatures[0].Level);
    }

    private void Stamp(string input, string output, bool wrong = false)
    {
        using var file = PdfFile.Open(input);
        var prepared = new SignaturePlaceholder { Type = "DocTimeStamp", SubFilter = "ETSI.RFC3161" }.Prepare(file);
        using var stream = new FileStream(output, FileMode.CreateNew, FileAccess.ReadWrite);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        prepared.WriteTo(stream, hash.AppendData);
        if (wrong)
            hash.AppendData([1]);
        var request = TimestampRequest.For(MessageHash.Sha256, hash.GetHashAndReset());
        prepared.Fill(stream, TimestampResponse.Parse(_pki.Authority.AnswerTimestamp(request.Encode())).Token!.Value.Span);
    }

    private SampleKey Person(string name = "Nguyễn Văn An") => _pki.Signer("person", p => p with { CommonName = name, UserId = "CCCD:001" });

    private SampleKey Organization() => _pki.Signer("tổ chức", p => p with { Kind = SampleKind.Organization, CommonName = "Sở Tư pháp", Organization = "Sở Tư pháp", UserId = "MST:0101", OrganId = "G99.63", Key = SampleKeyType.P256 });

    private PdfVerifier Online() => new(_pki.Trust, _pki.Checker(), _pki.Time);

    private async Task SignAsync(string input, string output, SampleKey sample)
    {
        using var key = _pki.Open(sample);
        await new PdfSigner(_pki.Time).SignAsync(input, output, key, new SignatureRequest(), Ct);
    }
}
