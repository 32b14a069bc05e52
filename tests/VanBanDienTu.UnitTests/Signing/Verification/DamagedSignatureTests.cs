using System.Text;
using VanBanDienTu.Pdf;
using VanBanDienTu.Signing;
using VanBanDienTu.UnitTests.Signing.Verification.TimeStories;

namespace VanBanDienTu.UnitTests.Signing.Verification;

/// <summary>Signature values that once made the verifier fail instead of the file (found by the fuzzer).</summary>
public sealed class DamagedSignatureTests
{
    private const string SigningCertificateV2 = "060b2a864886f70d010910022f";

    [Fact]
    public async Task Nonsense_deep_inside_a_signed_attribute_is_a_malformed_signature()
    {
        var pki = new StoryPki();
        using var file = new StoryFile(pki);
        file.Sign(pki.Person());
        var bytes = await File.ReadAllBytesAsync(file.Path, TestContext.Current.CancellationToken);
        // SEQUENCE { OID, SET { SEQUENCE { SEQUENCE { SEQUENCE …: the length of the innermost becomes one of nine bytes.
        var attribute = bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(SigningCertificateV2)) + SigningCertificateV2.Length;
        var third = attribute;
        for (var depth = 0; depth < 4; depth++)
            third += Header(bytes, third);
        "89"u8.CopyTo(bytes.AsSpan(third - 2));
        using var damaged = PdfBytes.Of(bytes);
        var verdict = await new PdfVerifier(pki.Trust, null, pki.Time).VerifyAsync(damaged, "a.pdf", cancellation: TestContext.Current.CancellationToken);
        var signature = Assert.Single(verdict.Signatures);
        Assert.Equal((Indication.TotalFailed, "FORMAT_FAILURE", Integrity.Malformed), (signature.Indication, signature.SubIndication, signature.Integrity));
        Assert.DoesNotContain(verdict.Findings, f => f.Code is "internal");
    }

    [Fact]
    public async Task What_was_signed_as_one_type_of_content_is_not_accepted_as_another()
    {
        var pki = new StoryPki();
        using var file = new StoryFile(pki);
        file.Sign(pki.Person());
        var bytes = await File.ReadAllBytesAsync(file.Path, TestContext.Current.CancellationToken);
        // encapContentInfo comes before the signed attributes, and no signature covers it: id-data becomes id-digestedData.
        var type = bytes.AsSpan().IndexOf("06092a864886f70d010701"u8);
        bytes[type + 21] = (byte)'5';
        using var damaged = PdfBytes.Of(bytes);
        var verdict = await new PdfVerifier(pki.Trust, null, pki.Time).VerifyAsync(damaged, "a.pdf", cancellation: TestContext.Current.CancellationToken);
        var signature = Assert.Single(verdict.Signatures);
        Assert.Equal((Indication.TotalFailed, "FORMAT_FAILURE", Integrity.Malformed), (signature.Indication, signature.SubIndication, signature.Integrity));
        Assert.Contains(signature.Reasons, r => r.Code == "content-type-mismatch");
    }

    // Hexadecimal digits that tag and length take.
    private static int Header(byte[] bytes, int at)
    {
        var length = Convert.ToByte(Encoding.ASCII.GetString(bytes, at + 2, 2), 16);
        return length < 0x80 ? 4 : 4 + 2 * (length & 0x7f);
    }
}
