using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using VanBanDienTu.Pdf;
using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Keys;
using VanBanDienTu.Signing.Trust;
using VanBanDienTu.TestKit;

namespace VanBanDienTu.UnitTests.Signing.Signer;

public sealed class PdfSignerTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 2, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();
    private readonly PdfSigner _signer = new(new FixedTime(Now));

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_input_is_kept_byte_for_byte_in_front_and_stays_untouched()
    {
        var before = await File.ReadAllBytesAsync(Samples.CongVan, Ct);
        var done = await _signer.SignAsync(Samples.CongVan, _folder["out.pdf"], TestKeys.P256, new SignatureRequest(), Ct);
        var after = await File.ReadAllBytesAsync(_folder["out.pdf"], Ct);

        Assert.Equal(before, await File.ReadAllBytesAsync(Samples.CongVan, Ct));
        Assert.True(after.AsSpan().StartsWith(before));
        Assert.Equal((after.Length, Convert.ToHexStringLower(SHA256.HashData(after))), ((int)done.Size, done.Sha256));
    }

    [Fact]
    public async Task An_invisible_signature_costs_at_most_two_kilobytes_beside_its_value_and_the_rewritten_objects()
    {
        var done = await _signer.SignAsync(Samples.CongVan, _folder["out.pdf"], TestKeys.P256, new SignatureRequest(), Ct);
        using var file = PdfFile.Open(_folder["out.pdf"]);
        var reserved = file.SignatureFields.Single().Signature!.ContentsSpan!.Value.Length;
        Assert.InRange(done.Size - new FileInfo(Samples.CongVan).Length - reserved, 1, 4096);
    }

    [Theory]
    [InlineData("rsa2048", "SHA256", SignaturePadding.Pkcs1)]
    [InlineData("rsa3072", "SHA384", SignaturePadding.Pss)]
    [InlineData("rsa4096", "SHA512", SignaturePadding.Pkcs1)]
    [InlineData("p256", "SHA256", SignaturePadding.Pkcs1)]
    [InlineData("p384", "SHA384", SignaturePadding.Pkcs1)]
    public async Task Every_key_type_signs_and_verifies_visible_and_invisible(string type, string digest, SignaturePadding padding)
    {
        using var key = TestKeys.Leaf(type);
        foreach (var rect in new PdfRectangle?[] { null, new PdfRectangle(50, 50, 250, 110) })
        {
            var output = _folder[$"{type}-{rect is null}.pdf"];
            await _signer.SignAsync(Samples.QuyetDinh, output, key, new SignatureRequest { Digest = new HashAlgorithmName(digest), Padding = padding, Rect = rect }, Ct);
            var verdict = await new PdfVerifier(TrustSnapshot.Empty, null, new FixedTime(Now)).VerifyAsync(output, cancellation: Ct);
            var signature = Assert.Single(verdict.Signatures);
            Assert.Equal((Integrity.Intact, SignatureValue.Valid, Coverage.WholeFile, "B-B"), (signature.Integrity, signature.SignatureValue, signature.Coverage, signature.Level));
            Assert.Equal((rect is not null, Now), (signature.Visible, signature.ClaimedTime));
        }
    }

    [Fact]
    public async Task Five_signatures_one_after_another_stay_intact()
    {
        var input = Samples.BaoCao;
        for (var i = 1; i <= 5; i++)
        {
            await _signer.SignAsync(input, _folder[$"{i}.pdf"], i % 2 == 0 ? TestKeys.P256 : TestKeys.Rsa2048, new SignatureRequest { Rect = i == 3 ? new PdfRectangle(10, 10, 90, 60) : null }, Ct);
            input = _folder[$"{i}.pdf"];
        }
        var verdict = await new PdfVerifier(TrustSnapshot.Empty, null, new FixedTime(Now)).VerifyAsync(input, cancellation: Ct);
        Assert.Equal(5, verdict.Signatures.Count);
        Assert.All(verdict.Signatures, s => Assert.Equal(Integrity.Intact, s.Integrity));
        Assert.Equal([LaterChange.Permitted, LaterChange.Permitted, LaterChange.Permitted, LaterChange.Permitted, LaterChange.None], verdict.Signatures.Select(s => s.LaterChanges));
    }

    [Fact]
    public async Task An_input_that_is_no_pdf_is_refused() => Assert.Equal(SigningFault.PdfUnreadable, await FaultAsync(_folder.Write("in.pdf", "Kính gửi"u8)));

    [Fact]
    public async Task A_missing_input_is_refused() => Assert.Equal(SigningFault.PdfUnreadable, await FaultAsync(_folder["không có.pdf"]));

    [Fact]
    public async Task A_truncated_pdf_is_refused()
    {
        var whole = await File.ReadAllBytesAsync(Samples.CongVan, Ct);
        var fault = await FaultAsync(_folder.Write("in.pdf", whole.AsSpan(0, whole.Length / 2)));
        Assert.True(fault is SigningFault.PdfUnreadable or SigningFault.PdfForbidsSigning, fault.ToString());
    }

    [Fact]
    public async Task An_encrypted_pdf_is_refused_as_such() =>
        Assert.Equal(SigningFault.PdfEncrypted, await FaultAsync(Path.Combine(Samples.Corpus, "dss/open_protected.pdf")));

    [Fact]
    public async Task A_certified_document_that_permits_no_change_is_refused() =>
        Assert.Equal(SigningFault.PdfForbidsSigning, await FaultAsync(Path.Combine(Samples.Corpus, "dss/certified-no-change-permitted.pdf")));

    [Fact]
    public async Task An_expired_certificate_is_refused()
    {
        using var key = TestKeys.Leaf("p256", Now.AddYears(-1), Now.AddDays(-1));
        Assert.Equal(SigningFault.CertificateExpired, await FaultAsync(Samples.CongVan, key));
    }

    [Fact]
    public async Task A_certificate_that_is_not_valid_yet_is_refused()
    {
        using var key = TestKeys.Leaf("p256", Now.AddDays(1), Now.AddYears(1));
        Assert.Equal(SigningFault.CertificateNotYetValid, await FaultAsync(Samples.CongVan, key));
    }

    [Fact]
    public async Task A_certificate_for_something_else_is_refused()
    {
        using var key = TestKeys.Leaf("rsa2048", usage: X509KeyUsageFlags.KeyEncipherment);
        Assert.Equal(SigningFault.CertificateUnusable, await FaultAsync(Samples.CongVan, key));
    }

    [Fact]
    public async Task An_output_that_is_the_input_is_refused()
    {
        var input = _folder.Write("same.pdf", await File.ReadAllBytesAsync(Samples.CongVan, Ct));
        var refused = await Assert.ThrowsAsync<SigningException>(() => _signer.SignAsync(input, Path.Combine(_folder.Path, ".", "same.pdf"), TestKeys.P256, new SignatureRequest(), Ct));
        Assert.Equal(SigningFault.OutputNotWritten, refused.Fault);
        Assert.Equal(await File.ReadAllBytesAsync(Samples.CongVan, Ct), await File.ReadAllBytesAsync(input, Ct));
    }

    [Fact]
    public async Task A_folder_that_is_not_there_is_named()
    {
        var refused = await Assert.ThrowsAsync<SigningException>(() => _signer.SignAsync(Samples.CongVan, _folder["no/such/out.pdf"], TestKeys.P256, new SignatureRequest(), Ct));
        Assert.Equal(SigningFault.OutputNotWritten, refused.Fault);
    }

    [Fact]
    public async Task A_key_that_fails_leaves_an_earlier_output_as_it_was()
    {
        var output = _folder.Write("out.pdf", "bản cũ"u8);
        await Assert.ThrowsAsync<SigningException>(() => _signer.SignAsync(Samples.CongVan, output, new BrokenKey(), new SignatureRequest(), Ct));
        Assert.Equal("bản cũ", await File.ReadAllTextAsync(output, Ct));
        Assert.Single(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public async Task A_key_that_answers_with_a_wrong_value_is_caught_before_anyone_gets_the_file()
    {
        var refused = await Assert.ThrowsAsync<SigningException>(() => _signer.SignAsync(Samples.CongVan, _folder["out.pdf"], new LyingKey(), new SignatureRequest(), Ct));
        Assert.Equal(SigningFault.OutputDoesNotVerify, refused.Fault);
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    private async Task<SigningFault> FaultAsync(string input, Pkcs12Key? key = null)
    {
        var refused = await Assert.ThrowsAsync<SigningException>(() => _signer.SignAsync(input, _folder["out.pdf"], key ?? TestKeys.P256, new SignatureRequest(), Ct));
        Assert.False(File.Exists(_folder["out.pdf"]));
        Assert.NotEmpty(refused.Vietnamese);
        return refused.Fault;
    }

    private sealed class FixedTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }

    /// <summary>A token that was pulled out.</summary>
    private sealed class BrokenKey : ISigningKey
    {
        public VanBanDienTu.Signing.Certificates.Certificate Certificate => TestKeys.P256.Certificate;
        public IReadOnlyList<VanBanDienTu.Signing.Certificates.Certificate> Chain => TestKeys.P256.Chain;
        public string KeyAlgorithm => "ECDSA";

        public ValueTask<byte[]> SignHashAsync(ReadOnlyMemory<byte> hash, HashAlgorithmName algorithm, SignaturePadding padding, CancellationToken cancellation) =>
            throw new SigningException(SigningFault.KeyFailed, "The token was removed.", "Thiết bị đã bị rút ra.");
    }

    /// <summary>A remote service that signs something else.</summary>
    private sealed class LyingKey : ISigningKey
    {
        public VanBanDienTu.Signing.Certificates.Certificate Certificate => TestKeys.P256.Certificate;
        public IReadOnlyList<VanBanDienTu.Signing.Certificates.Certificate> Chain => TestKeys.P256.Chain;
        public string KeyAlgorithm => "ECDSA";

        public ValueTask<byte[]> SignHashAsync(ReadOnlyMemory<byte> hash, HashAlgorithmName algorithm, SignaturePadding padding, CancellationToken cancellation) =>
            TestKeys.P256.SignHashAsync(SHA256.HashData(Encoding.UTF8.GetBytes("khác")), algorithm, padding, cancellation);
    }
}
