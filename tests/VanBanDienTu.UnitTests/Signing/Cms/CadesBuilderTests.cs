using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Text;
using Org.BouncyCastle.Cms;
using Org.BouncyCastle.X509.Store;
using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Certificates;
using VanBanDienTu.Signing.Cms;
using VanBanDienTu.Signing.Keys;
using VanBanDienTu.TestKit;

namespace VanBanDienTu.UnitTests.Signing.Cms;

public sealed class CadesBuilderTests
{
    private static readonly byte[] Content = Encoding.UTF8.GetBytes("Quyết định số 01/QĐ-UBND");

    public static TheoryData<string, string, bool> Matrix => new()
    {
        { "rsa2048", "SHA256", false }, { "rsa2048", "SHA512", true }, { "rsa3072", "SHA384", false },
        { "p256", "SHA256", false }, { "p384", "SHA384", false }, { "p521", "SHA512", false },
    };

    [Theory]
    [MemberData(nameof(Matrix))]
    public async Task Every_key_type_makes_a_signature_that_we_dotnet_and_bouncycastle_accept(string type, string digest, bool pss)
    {
        using var key = TestKeys.Leaf(type);
        var cms = await SignAsync(key, new HashAlgorithmName(digest), pss ? SignaturePadding.Pss : SignaturePadding.Pkcs1);

        Assert.Equal(Integrity.Intact, Check(cms, Content).Integrity);

        var dotnet = new SignedCms(new ContentInfo(Content), detached: true);
        dotnet.Decode(cms);
        dotnet.CheckSignature(verifySignatureOnly: true);

        var bouncy = new Org.BouncyCastle.Cms.CmsSignedData(new CmsProcessableByteArray(Content), cms);
        var signer = bouncy.GetSignerInfos().GetSigners().Cast<SignerInformation>().Single();
        var certificate = bouncy.GetCertificates("Collection").GetMatches(signer.SignerID).Cast<Org.BouncyCastle.X509.X509Certificate>().Single();
        Assert.True(signer.Verify(certificate));
    }

    [Fact]
    public async Task Every_byte_is_der_and_the_lengths_fit_for_short_and_long_parts()
    {
        foreach (var key in new[] { TestKeys.P256, TestKeys.Rsa2048 })
        {
            var cms = await SignAsync(key, HashAlgorithmName.SHA256, SignaturePadding.Pkcs1);
            Assert.Equal(DerEncoding.Of(BerElement.Read(cms)), cms);
            AsnDecoder.ReadSequence(cms, AsnEncodingRules.DER, out _, out _, out var consumed);
            Assert.Equal(cms.Length, consumed);
        }
    }

    [Fact]
    public async Task The_signed_attributes_are_the_three_of_pades_and_no_signing_time()
    {
        var signer = CmsSigned(await SignAsync(TestKeys.P256, HashAlgorithmName.SHA256, SignaturePadding.Pkcs1)).Signers.Single();
        Assert.Equivalent(new[] { Oids.ContentType, Oids.MessageDigest, Oids.SigningCertificateV2 }, signer.SignedAttributes.Select(a => a.Oid), strict: true);
        Assert.True(signer.SigningCertificate!.Matches(TestKeys.P256.Certificate));
        Assert.Null(signer.SigningTime);
        Assert.Equal(Oids.Data, signer.ContentType);
    }

    [Fact]
    public async Task The_chain_up_to_the_roots_child_is_inside_and_the_root_is_not()
    {
        var certificates = CmsSigned(await SignAsync(TestKeys.P256, HashAlgorithmName.SHA256, SignaturePadding.Pkcs1)).Certificates.Select(c => Certificate.Parse(c)).ToList();
        Assert.Equal(2, certificates.Count);
        Assert.DoesNotContain(certificates, c => c.Der.Span.SequenceEqual(TestKeys.Root.RawData));
    }

    [Fact]
    public async Task One_changed_byte_of_the_content_breaks_it_as_a_hash_failure()
    {
        var cms = await SignAsync(TestKeys.P256, HashAlgorithmName.SHA256, SignaturePadding.Pkcs1);
        var changed = Content.ToArray();
        changed[3] ^= 1;
        var check = Check(cms, changed);
        Assert.Equal((Integrity.Broken, "HASH_FAILURE"), (check.Integrity, check.SubIndication));
    }

    [Fact]
    public async Task A_changed_signed_attribute_breaks_the_signature_value()
    {
        var cms = await SignAsync(TestKeys.Rsa2048, HashAlgorithmName.SHA256, SignaturePadding.Pkcs1);
        // The hash inside signing-certificate-v2 is under the signature but not under the content's digest.
        var hash = SHA256.HashData(TestKeys.Rsa2048.Certificate.Der.Span);
        cms[cms.AsSpan().IndexOf(hash) + 5] ^= 1;
        var check = Check(cms, Content);
        Assert.Equal((Integrity.Broken, "SIG_CRYPTO_FAILURE"), (check.Integrity, check.SubIndication));
    }

    [Fact]
    public void Weak_digests_are_refused_for_signing()
    {
        var refused = Assert.Throws<SigningException>(() => new CadesBuilder(TestKeys.P256, HashAlgorithmName.SHA1, SignaturePadding.Pkcs1));
        Assert.Equal(SigningFault.BadRequest, refused.Fault);
    }

    internal static async Task<byte[]> SignAsync(ISigningKey key, HashAlgorithmName digest, SignaturePadding padding)
    {
        var builder = new CadesBuilder(key, digest, padding);
        var attributes = builder.SignedAttributes(CryptographicOperations.HashData(digest, Content));
        var value = await key.SignHashAsync(CryptographicOperations.HashData(digest, attributes), digest, padding, TestContext.Current.CancellationToken);
        return builder.Assemble(attributes, value);
    }

    internal static CmsCheck Check(byte[] bytes, byte[] content)
    {
        var cms = CmsSigned(bytes);
        var pool = cms.Certificates.Select(c => Certificate.Parse(c)).ToList();
        return CmsCheck.Of(cms.Signers.Single(), pool, oid => MessageHash.TryCompute(oid, content, out var hash) ? hash : null);
    }

    private static VanBanDienTu.Signing.Cms.CmsSignedData CmsSigned(byte[] bytes) => VanBanDienTu.Signing.Cms.CmsSignedData.Parse(bytes);
}
