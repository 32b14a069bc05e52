using System.Text;
using VanBanDienTu.Signing.Certificates;
using VanBanDienTu.Signing.Evidence;
using VanBanDienTu.Signing.Trust;
using VanBanDienTu.TestKit;

namespace VanBanDienTu.UnitTests.Signing.Evidence;

public sealed class EvidenceTests
{
    private static readonly byte[] Receipt = Encoding.UTF8.GetBytes("""{"event":"Relayed","document":"Công văn 12/UBND"}""");
    private static readonly TrustSnapshot Trust = TrustSnapshot.Of([Certificate.Parse(TestKeys.Root.RawData)], allowSample: true);
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Evidence_signed_here_verifies_and_names_its_signer()
    {
        var verdict = EvidenceVerifier.Verify(Receipt, new EvidenceSigner(TestKeys.P256).Sign(Receipt), Trust, Now);
        Assert.True(verdict.Valid, verdict.Text?.En);
        Assert.Equal(TestKeys.P256.Certificate, verdict.Signer);
    }

    [Fact]
    public void Any_changed_byte_of_the_content_is_a_hash_failure()
    {
        var p7s = new EvidenceSigner(TestKeys.P256).Sign(Receipt);
        for (var i = 0; i < Receipt.Length; i++)
        {
            var changed = Receipt.ToArray();
            changed[i] ^= 0x20;
            Assert.Equal("hash-failure", EvidenceVerifier.Verify(changed, p7s, Trust, Now).Code);
        }
    }

    [Fact]
    public void Any_changed_byte_of_the_signature_is_refused_without_an_exception()
    {
        var good = new EvidenceSigner(TestKeys.P256).Sign(Receipt);
        for (var i = 0; i < good.Length; i += 3)
        {
            var p7s = good.ToArray();
            p7s[i] ^= 0x81;
            var verdict = EvidenceVerifier.Verify(Receipt, p7s, Trust, Now);
            Assert.True(!verdict.Valid || SameMeaning(good, p7s, i), $"byte {i}");
        }
    }

    [Fact]
    public void Without_an_anchor_nothing_is_valid() =>
        Assert.Equal("NO_CERTIFICATE_CHAIN_FOUND", EvidenceVerifier.Verify(Receipt, new EvidenceSigner(TestKeys.P256).Sign(Receipt), TrustSnapshot.Empty, Now).Code);

    [Fact]
    public void After_the_certificates_end_the_path_does_not_hold() =>
        Assert.Equal("OUT_OF_BOUNDS_NO_POE", EvidenceVerifier.Verify(Receipt, new EvidenceSigner(TestKeys.P256).Sign(Receipt), Trust, Now.AddYears(50)).Code);

    // Bytes outside the signed attributes and the value that change nothing of what is verified: version numbers, the
    // issuer's name beside the certificate's hash, the NULL-less algorithm list.
    private static bool SameMeaning(byte[] good, byte[] changed, int at)
    {
        var cms = VanBanDienTu.Signing.Cms.CmsSignedData.Parse(good);
        return !Inside(good, cms.Signers[0].SignatureValue, at) && !Inside(good, cms.Signers[0].SignedAttributesElement!.Value.Content, at)
            && !Inside(good, cms.Certificates[0], at) && changed.Length == good.Length;
    }

    private static bool Inside(byte[] whole, ReadOnlyMemory<byte> part, int at)
    {
        var start = whole.AsSpan().IndexOf(part.Span);
        return at >= start && at < start + part.Length;
    }
}
