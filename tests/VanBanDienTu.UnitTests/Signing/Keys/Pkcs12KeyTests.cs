using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Keys;
using VanBanDienTu.TestKit;

namespace VanBanDienTu.UnitTests.Signing.Keys;

public sealed class Pkcs12KeyTests
{
    [Fact]
    public void The_leaf_comes_with_its_issuers_and_without_the_root()
    {
        Assert.Equal("ECDSA", TestKeys.P256.KeyAlgorithm);
        Assert.Equal("Intermediate of tests", Assert.Single(TestKeys.P256.Chain).CommonName);
    }

    [Fact]
    public void A_wrong_password_is_named_and_never_repeated()
    {
        var refused = Refused(TestKeys.LeafPkcs12("p256"), "không đúng");
        Assert.Equal(SigningFault.WrongPassword, refused.Fault);
        Assert.DoesNotContain("không đúng", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_pkcs12_is_named() => Assert.Equal(SigningFault.KeyUnreadable, Refused("%PDF-1.7"u8.ToArray()).Fault);

    [Fact]
    public void A_missing_file_is_named() =>
        Assert.Equal(SigningFault.KeyUnreadable, Assert.Throws<SigningException>(() => Pkcs12Key.Load("/no/such/key.p12", "x")).Fault);

    [Fact]
    public void A_file_without_private_key_is_named()
    {
        using var leaf = TestKeys.LeafCertificate("p256");
        using var bare = X509CertificateLoader.LoadCertificate(leaf.RawData);
        Assert.Equal(SigningFault.NoPrivateKey, Refused(bare.Export(X509ContentType.Pkcs12, TestKeys.Password)).Fault);
    }

    [Fact]
    public void A_file_without_certificate_is_named()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.Equal(SigningFault.NoCertificate, Refused(Pkcs12(contents => AddKey(contents, key, []))).Fault);
    }

    [Fact]
    public void A_key_beside_a_strangers_certificate_is_named()
    {
        using var leaf = TestKeys.LeafCertificate("p256");
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var refused = Refused(Pkcs12(contents =>
        {
            contents.AddCertificate(leaf).Attributes.Add(new Pkcs9LocalKeyId([1]));
            AddKey(contents, other, [1]);
        }));
        Assert.Equal(SigningFault.KeyDoesNotMatch, refused.Fault);
    }

    [Theory]
    [InlineData("rsa1024")]
    [InlineData("brainpool")]
    public void Keys_that_are_too_weak_or_strange_are_refused(string type) =>
        Assert.Equal(SigningFault.KeyUnsupported, Refused(TestKeys.LeafPkcs12(type)).Fault);

    private static SigningException Refused(byte[] pkcs12, string password = TestKeys.Password) =>
        Assert.Throws<SigningException>(() => Pkcs12Key.Load(pkcs12, password, "khóa.p12"));

    private static void AddKey(Pkcs12SafeContents contents, ECDsa key, byte[] id)
    {
        var bag = contents.AddShroudedKey(key, TestKeys.Password, new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 2000));
        if (id.Length > 0)
            bag.Attributes.Add(new Pkcs9LocalKeyId(id));
    }

    private static byte[] Pkcs12(Action<Pkcs12SafeContents> fill)
    {
        var contents = new Pkcs12SafeContents();
        fill(contents);
        var builder = new Pkcs12Builder();
        builder.AddSafeContentsUnencrypted(contents);
        builder.SealWithMac(TestKeys.Password, HashAlgorithmName.SHA256, 2000);
        return builder.Encode();
    }
}
