using System.Security.Cryptography;
using System.Text;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Security;
using VanBanDienTu.Signing.Certificates;

namespace VanBanDienTu.UnitTests.Signing.Certificates;

public sealed class SignatureAlgorithmTests
{
    // Made once for this test: finding DSA parameters takes seconds.
    private const string DsaKey =
        "MIICXQIBADCCAjUGByqGSM44BAEwggIoAoIBAQCbdq1fCklTPuI4cujDxdFzVj5+eQUQxG7N988F2sTCoWhyeX5lwSqqoc9aXu+ur9P2ZEdYw86At1zL0Ans" +
        "L/3Dij3lljMgMkLCMiq2OrSXD+kVOYwAvgckXmumpu/J607fJAcNq1EyU8H1Sfqpa4KN8PNt1D+xXs/AAJ1d0oWIgoqZD3a+6e0JhOuRcDDZXoi5kDTR/O7d" +
        "9OEG8M+a10Lhf6F1sw/3kOvut1/rY0oCwjuQQRh9iKfh4lx1F/oQkyLlnvmymqwaRGisvq0F86+Wx7/ohC/o2HNDzVBBmt07mv8sgn/4ZjFW6dgREQ1uEYkl" +
        "9UfLNwRQIlKNPJNCkq9pAh0A0CIRsVBhE/sKaAD3sYEnN3xvz4WNFjZ8/LVXtwKCAQBf1Rtp87YNsDM+kkDFeVWRbGb8kXSPO79iiX+JONB12BABG3So339r" +
        "caFKv8gGLLeWBR7VLD+wdbWhvSrPxP0Kr/95WdKIrQBvaZ0zmgpKOcJvQvk7V/6JZhnLJLVuOiles0GvI2IGbzwd36r02uQs5b0uStkSGW8TUyuvYxV6TkpX" +
        "x5yPiORrG8gis0mePN7v9HJwuiQVoG+cD8lNVg5ptJYHNi4p5RKlB/WJJFofDVDqLFGMCka0oDXmbzTW5PtxK+4MqYWSHAo9n45ACe/1KgTzzr8YIyKbqh8r" +
        "MrxWPVS/HM1a4FDDaUjgeZNbFZVvY1B+bLpxpJUCyrrGEelTBB8CHQC50tjUUs3CixIOFLTLNnAo8w14Am3IbTBCD9A/";

    private static readonly RSA Rsa = RSA.Create(2048);
    private static readonly byte[] Data = Encoding.UTF8.GetBytes("Công văn số 1");
    private static readonly byte[] Other = Encoding.UTF8.GetBytes("Công văn số 2");

    [Theory]
    [InlineData("1.2.840.113549.1.1.5", "SHA1WITHRSA")]
    [InlineData("1.2.840.113549.1.1.14", "SHA224WITHRSA")]
    [InlineData("1.2.840.113549.1.1.11", "SHA256WITHRSA")]
    [InlineData("1.2.840.113549.1.1.12", "SHA384WITHRSA")]
    [InlineData("1.2.840.113549.1.1.13", "SHA512WITHRSA")]
    public void Verifies_what_Bouncy_Castle_signed_with_RSA(string oid, string name)
    {
        var signer = SignerUtilities.GetSigner(name);
        signer.Init(forSigning: true, PrivateKeyFactory.CreateKey(Rsa.ExportPkcs8PrivateKey()));
        signer.BlockUpdate(Data, 0, Data.Length);
        AssertJudges(Algorithm(oid, withNull: true), Key(Rsa), signer.GenerateSignature());
    }

    [Theory]
    [InlineData(0, 32)]
    [InlineData(20, 32)]
    [InlineData(32, 32)]
    [InlineData(64, 32)]
    [InlineData(222, 32)]
    [InlineData(32, 20)]
    [InlineData(48, 64)]
    public void Verifies_PSS_with_any_salt_and_mask(int salt, int maskBytes)
    {
        IDigest mask = maskBytes switch { 20 => new Sha1Digest(), 64 => new Sha512Digest(), _ => new Sha256Digest() };
        var signer = new PssSigner(new RsaBlindedEngine(), new Sha256Digest(), mask, salt);
        signer.Init(forSigning: true, new ParametersWithRandom(PrivateKeyFactory.CreateKey(Rsa.ExportPkcs8PrivateKey())));
        signer.BlockUpdate(Data, 0, Data.Length);
        var maskOid = maskBytes switch { 20 => MessageHash.Sha1, 64 => MessageHash.Sha512, _ => MessageHash.Sha256 };
        var algorithm = new SignatureAlgorithm("1.2.840.113549.1.1.10", SignatureFamily.RsaPss, MessageHash.Sha256, maskOid, salt);
        AssertJudges(algorithm, Key(Rsa), signer.GenerateSignature());
    }

    [Fact]
    public void A_PSS_signature_with_another_salt_than_stated_is_invalid()
    {
        var signature = Rsa.SignData(Data, HashAlgorithmName.SHA256, RSASignaturePadding.Pss);
        var algorithm = new SignatureAlgorithm("1.2.840.113549.1.1.10", SignatureFamily.RsaPss, MessageHash.Sha256, MessageHash.Sha256, 20);
        Assert.Equal(SignatureCheck.Invalid, algorithm.Verify(Key(Rsa), Data, signature));
    }

    [Theory]
    [InlineData("nistP256", "1.2.840.10045.4.3.2", "SHA256")]
    [InlineData("nistP384", "1.2.840.10045.4.3.3", "SHA384")]
    [InlineData("nistP521", "1.2.840.10045.4.3.4", "SHA512")]
    [InlineData("brainpoolP256r1", "1.2.840.10045.4.3.2", "SHA256")]
    [InlineData("brainpoolP384r1", "1.2.840.10045.4.3.3", "SHA384")]
    [InlineData("nistP256", "1.2.840.10045.4.3.4", "SHA512")]
    [InlineData("nistP521", "1.2.840.10045.4.3.2", "SHA256")]
    public void Verifies_ECDSA(string curve, string oid, string hash)
    {
        using var key = ECDsa.Create(ECCurve.CreateFromFriendlyName(curve));
        var signature = key.SignData(Data, new HashAlgorithmName(hash), DSASignatureFormat.Rfc3279DerSequence);
        AssertJudges(Algorithm(oid, withNull: false), Key(key), signature);
    }

    [Fact]
    public void Verifies_ECDSA_whose_integers_are_padded()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var fixedPair = key.SignData(Data, HashAlgorithmName.SHA256);
        byte[] padded = [0x30, 72, 0x02, 34, 0, 0, .. fixedPair[..32], 0x02, 34, 0, 0, .. fixedPair[32..]];
        AssertJudges(Algorithm("1.2.840.10045.4.3.2", withNull: false), Key(key), padded);
    }

    [Fact]
    public void Verifies_DSA()
    {
        using var key = DSA.Create();
        key.ImportPkcs8PrivateKey(Convert.FromBase64String(DsaKey), out _);
        var signature = key.SignData(Data, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        AssertJudges(Algorithm("2.16.840.1.101.3.4.3.2", withNull: false), Key(key), signature);
    }

    [Fact]
    public void Fills_the_hash_from_the_digest_algorithm_in_a_CMS()
    {
        var signature = Rsa.SignData(Data, HashAlgorithmName.SHA384, RSASignaturePadding.Pkcs1);
        var algorithm = SignatureAlgorithm.ForCms(Identifier("1.2.840.113549.1.1.1", withNull: true), MessageHash.Sha384);
        AssertJudges(algorithm, Key(Rsa), signature);
        Assert.Equal("SHA-384", algorithm.HashName);
    }

    [Fact]
    public void What_we_lack_is_unsupported_and_never_invalid()
    {
        byte[] ed25519 = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00, .. RandomNumberGenerator.GetBytes(32)];
        var key = PublicKeyInfo.Parse(ed25519);
        Assert.Equal("Ed25519", key.AlgorithmName);
        Assert.Equal(SignatureCheck.Unsupported, Algorithm("1.3.101.112", withNull: false).Verify(key, Data, new byte[64]));
        Assert.Equal(SignatureCheck.Unsupported, Algorithm("1.2.3.4.5", withNull: false).Verify(Key(Rsa), Data, new byte[256]));
        Assert.Equal(SignatureCheck.Unsupported, Algorithm("1.3.36.3.3.1.2", withNull: true).Verify(Key(Rsa), Data, new byte[256]));
    }

    [Fact]
    public void An_RSA_signature_never_belongs_to_an_elliptic_key()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.Equal(SignatureCheck.Invalid, Algorithm("1.2.840.113549.1.1.11", withNull: true).Verify(Key(key), Data, new byte[256]));
    }

    [Fact]
    public void A_curve_written_out_in_full_is_never_judged()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var explicitKey = ECDsa.Create(key.ExportExplicitParameters(includePrivateParameters: true));
        var signature = explicitKey.SignData(Data, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        Assert.Equal(SignatureCheck.Unsupported, Algorithm("1.2.840.10045.4.3.2", withNull: false).Verify(Key(explicitKey), Data, signature));
    }

    [Fact]
    public void One_key_serves_many_threads()
    {
        var key = Key(Rsa);
        var signature = Rsa.SignData(Data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var algorithm = Algorithm("1.2.840.113549.1.1.11", withNull: true);
        var answers = Enumerable.Range(0, 400).AsParallel().WithDegreeOfParallelism(8)
            .Select(i => algorithm.Verify(key, i % 2 == 0 ? Data : Other, signature) == SignatureCheck.Valid).Count(valid => valid);
        Assert.Equal(200, answers);
    }

    [Fact]
    public void SHA_224_is_that_of_Bouncy_Castle_at_every_length()
    {
        var data = RandomNumberGenerator.GetBytes(300);
        for (var length = 0; length <= data.Length; length++)
        {
            var digest = new Sha224Digest();
            digest.BlockUpdate(data, 0, length);
            var expected = new byte[28];
            digest.DoFinal(expected, 0);
            Assert.Equal(expected, Sha224.HashData(data.AsSpan(0, length)));
        }
        Assert.Equal("23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7", Convert.ToHexStringLower(Sha224.HashData("abc"u8)));
    }

    private static void AssertJudges(SignatureAlgorithm algorithm, PublicKeyInfo key, byte[] signature)
    {
        Assert.Equal(SignatureCheck.Valid, algorithm.Verify(key, Data, signature));
        Assert.Equal(SignatureCheck.Invalid, algorithm.Verify(key, Other, signature));
        var bent = (byte[])signature.Clone();
        bent[signature.Length / 2] ^= 1;
        Assert.Equal(SignatureCheck.Invalid, algorithm.Verify(key, Data, bent));
        Assert.Equal(SignatureCheck.Invalid, algorithm.Verify(key, Data, signature[..^1]));
        Assert.Equal(SignatureCheck.Invalid, algorithm.Verify(key, Data, []));
    }

    private static PublicKeyInfo Key(AsymmetricAlgorithm key) => PublicKeyInfo.Parse(key.ExportSubjectPublicKeyInfo());

    private static SignatureAlgorithm Algorithm(string oid, bool withNull) => SignatureAlgorithm.Parse(Identifier(oid, withNull));

    private static byte[] Identifier(string oid, bool withNull)
    {
        var writer = new System.Formats.Asn1.AsnWriter(System.Formats.Asn1.AsnEncodingRules.DER);
        DerWrite.Algorithm(writer, oid, withNull);
        return writer.Encode();
    }
}
