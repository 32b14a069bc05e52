using System.Security.Cryptography;
using System.Text.Json;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.Cms;
using Org.BouncyCastle.Asn1.Pkcs;
using Org.BouncyCastle.Cms;
using Org.BouncyCastle.Ocsp;
using Org.BouncyCastle.Tsp;
using Org.BouncyCastle.X509;
using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Authority;
using VanBanDienTu.TestKit;

namespace VanBanDienTu.IntegrationTests.Signing.Levels;

/// <summary>What ETSI EN 319 142-1 says a baseline signature shall be, checked on our output by qpdf, BouncyCastle and openssl: none of it by our own readers.</summary>
public sealed class BaselineProfileTests : LevelRig
{
    private const string SigningCertificateV2 = "1.2.840.113549.1.9.16.2.47";
    private const string SignatureTimestamp = "1.2.840.113549.1.9.16.2.14";

    [Theory]
    [InlineData(BaselineLevel.Basic)]
    [InlineData(BaselineLevel.Timestamped)]
    [InlineData(BaselineLevel.LongTerm)]
    [InlineData(BaselineLevel.Archived)]
    public async Task The_signature_dictionary_and_its_cms_are_as_the_profile_says(BaselineLevel level)
    {
        var file = await SignAsync(level);
        var signature = new QpdfReader(file).Signatures[0];
        Assert.Equal("/Adobe.PPKLite", signature.GetProperty("/Filter").GetString());
        Assert.Equal("/ETSI.CAdES.detached", signature.GetProperty("/SubFilter").GetString());
        Assert.True(signature.TryGetProperty("/M", out _));
        Assert.False(signature.TryGetProperty("/Cert", out _));
        var range = Range(signature);
        Assert.Equal((0, 4), (range[0], range.Length));

        var cms = new CmsSignedData(new CmsProcessableByteArray(Covered(file, range)), Der(signature));
        var signer = Assert.Single(cms.GetSignerInfos().GetSigners().Cast<SignerInformation>());
        var certificates = cms.GetCertificates("Collection").GetMatches(null).Cast<X509Certificate>().ToList();
        var own = Assert.Single(certificates, c => c.GetEncoded().AsSpan().SequenceEqual(Person.Certificate.Der.Span));
        Assert.True(signer.Verify(own));
        Assert.Equal(CmsObjectIdentifiers.Data.Id, ((DerObjectIdentifier)signer.SignedAttributes[CmsAttributes.ContentType].AttrValues[0]).Id);
        Assert.NotNull(signer.SignedAttributes[CmsAttributes.MessageDigest]);
        var named = SigningCertificateV2OfFirst(signer);
        Assert.Equal(SHA256.HashData(own.GetEncoded()), named.GetCertHash()); // ESSCertIDv2 of the signer's own certificate, SHA-256 by default
        Assert.Equal(own.SerialNumber, named.IssuerSerial.Serial.Value);
        Assert.Equal(1, signer.Version); // issuerAndSerialNumber: the certificate is named, and it is in there
        Assert.Equal(SHA256.HashData(Covered(file, range)), ((Asn1OctetString)signer.SignedAttributes[CmsAttributes.MessageDigest].AttrValues[0]).GetOctets());
        Assert.All(signer.SignedAttributes.ToAsn1EncodableVector().Cast<Org.BouncyCastle.Asn1.Cms.Attribute>().GroupBy(a => a.AttrType.Id, StringComparer.Ordinal), g => Assert.Single(g));
        // Detached: what is signed is in the file, not in the CMS.
        Assert.Null(Org.BouncyCastle.Asn1.Cms.ContentInfo.GetInstance(Asn1Object.FromByteArray(Der(signature))).Content is Asn1Sequence all ? Org.BouncyCastle.Asn1.Cms.SignedData.GetInstance(all).EncapContentInfo.Content : null);
        Assert.Null(signer.SignedAttributes[CmsAttributes.SigningTime]);
        Assert.Null(signer.SignedAttributes[new DerObjectIdentifier("1.2.840.113583.1.1.8")]); // Adobe's revocation archive
        Assert.Equal(level >= BaselineLevel.Timestamped, signer.UnsignedAttributes?[new DerObjectIdentifier(SignatureTimestamp)] is not null);
    }

    [Fact]
    public async Task The_signature_timestamp_is_over_the_signature_value_and_openssl_verifies_it()
    {
        var signature = new QpdfReader(await SignAsync(BaselineLevel.Timestamped)).Signatures[0];
        var signer = new CmsSignedData(Der(signature)).GetSignerInfos().GetSigners().Cast<SignerInformation>().Single();
        var token = signer.UnsignedAttributes[new DerObjectIdentifier(SignatureTimestamp)].AttrValues[0].GetDerEncoded();
        var stamp = new TimeStampToken(new CmsSignedData(token));
        Assert.Equal(SHA256.HashData(signer.GetSignature()), stamp.TimeStampInfo.GetMessageImprintDigest());
        OpensslVerifies(token, signer.GetSignature());
    }

    [Fact]
    public async Task A_document_timestamp_is_over_the_whole_file_and_openssl_verifies_it()
    {
        var file = await SignAsync(BaselineLevel.Archived);
        var raised = await Extender().ExtendAsync(file, Folder["renewed.pdf"], BaselineLevel.Archived, Ct);
        var stamps = new QpdfReader(raised.Path).Signatures.Skip(1).ToList();
        Assert.Equal(2, stamps.Count);
        foreach (var stamp in stamps)
        {
            Assert.Equal(("/DocTimeStamp", "/ETSI.RFC3161"), (stamp.GetProperty("/Type").GetString(), stamp.GetProperty("/SubFilter").GetString()));
            foreach (var key in new[] { "/Cert", "/Reference", "/Changes", "/R", "/Prop_AuthTime", "/Prop_AuthType" }) // EN 319 142-1, 5.4.3: of no meaning there
                Assert.False(stamp.TryGetProperty(key, out _), key);
            var range = Range(stamp);
            OpensslVerifies(Der(stamp), Covered(raised.Path, range));
        }
        Assert.Equal(new FileInfo(file).Length, Range(stamps[0])[2] + Range(stamps[0])[3]);
        Assert.Equal(raised.Size, Range(stamps[1])[2] + Range(stamps[1])[3]);
    }

    [Theory]
    [InlineData(BaselineLevel.LongTerm)]
    [InlineData(BaselineLevel.Archived)]
    public async Task The_security_store_holds_each_path_and_each_answer_once_and_the_extension_is_declared(BaselineLevel level)
    {
        var pdf = new QpdfReader(await SignAsync(level));
        var esic = pdf.Resolve(pdf.Resolve(pdf.Catalog.GetProperty("/Extensions")).GetProperty("/ESIC"));
        Assert.Equal("/1.7", esic.GetProperty("/BaseVersion").GetString());
        Assert.Equal(1, esic.GetProperty("/ExtensionLevel").GetInt32());
        Assert.Equal("/1.7", pdf.Resolve(pdf.Catalog.GetProperty("/Version")).GetString()); // the sample is 1.6: a base version is no higher than the file's
        Assert.Equal("/DSS", pdf.Resolve(pdf.Catalog.GetProperty("/DSS")).GetProperty("/Type").GetString());

        var store = pdf.Resolve(pdf.Catalog.GetProperty("/DSS"));
        var certificates = pdf.Streams(store, "/Certs").Select(d => new X509CertificateParser().ReadCertificate(d)).ToList();
        foreach (var needed in new[] { Person.Certificate, Pki.Authority.TimestampCertificate, Pki.Authority.Issuers[0], Pki.Authority.Root })
            Assert.Single(certificates, c => c.GetEncoded().AsSpan().SequenceEqual(needed.Der.Span));
        var said = pdf.Streams(store, "/OCSPs").Select(d => (BasicOcspResp)new OcspResp(d).GetResponseObject()).ToList();
        foreach (var asked in new[] { Person.Certificate, Pki.Authority.TimestampCertificate, Pki.Authority.Issuers[0] })
        {
            var serial = new Org.BouncyCastle.Math.BigInteger(1, asked.SerialRaw.ToArray());
            var one = Assert.Single(said, s => s.Responses.Any(r => r.GetCertID().SerialNumber.Equals(serial)));
            Assert.Equal(CertificateStatus.Good, one.Responses[0].GetCertStatus());
            Assert.True(one.Verify(one.GetCerts()[0].GetPublicKey()));
        }
        Assert.Equal(3, said.Count);
    }

    [Fact]
    public async Task A_document_timestamp_alone_declares_the_extension_too_and_a_plain_signature_does_not()
    {
        var plain = await SignAsync(BaselineLevel.Basic);
        Assert.False(new QpdfReader(plain).Catalog.TryGetProperty("/Extensions", out _));
        var stamped = new QpdfReader((await Extender().ExtendAsync(plain, Folder["stamped.pdf"], BaselineLevel.Timestamped, Ct)).Path);
        Assert.False(stamped.Catalog.TryGetProperty("/DSS", out _));
        var esic = stamped.Resolve(stamped.Resolve(stamped.Catalog.GetProperty("/Extensions")).GetProperty("/ESIC"));
        Assert.Equal(("/1.7", 1), (esic.GetProperty("/BaseVersion").GetString(), esic.GetProperty("/ExtensionLevel").GetInt32()));
        Assert.Contains("Signature is Valid", ExternalTool.Run("pdfsig", "-nocert", Folder["stamped.pdf"]).Output, StringComparison.Ordinal);
        Assert.Equal(0, ExternalTool.Run("qpdf", "--check", Folder["stamped.pdf"]).ExitCode);
    }

    [Fact]
    public async Task Without_ocsp_the_store_holds_each_crl_once_and_openssl_accepts_them()
    {
        Pki.OcspLie = TestKit.Pki.PkiLie.ServerError;
        var pdf = new QpdfReader(await SignAsync(BaselineLevel.LongTerm));
        var lists = pdf.Streams(pdf.Resolve(pdf.Catalog.GetProperty("/DSS")), "/CRLs");
        Assert.Equal(2, lists.Count); // the officials' authority's, for signer and timestamps both; the root's
        var issuers = new[] { Pki.Authority.Issuers[0], Pki.Authority.Root }.Select((c, i) => Folder.Write($"{i}.pem", System.Text.Encoding.ASCII.GetBytes(c.ToPem()))).ToList();
        foreach (var list in lists)
        {
            var crl = Folder.Write("crl", list);
            Assert.Contains(issuers, i => ExternalTool.Run("openssl", "crl", "-inform", "DER", "-in", crl, "-CAfile", i, "-noout").Output.Contains("verify OK", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Openssl_verifies_the_signature_at_every_level()
    {
        File.WriteAllText(Folder["root.pem"], Pki.Authority.Root.ToPem());
        foreach (var level in Enum.GetValues<BaselineLevel>())
        {
            var file = await SignAsync(level, name: $"{level}.pdf");
            var signature = new QpdfReader(file).Signatures[0];
            var answer = ExternalTool.Run("openssl", "cms", "-verify", "-binary", "-cades", "-inform", "DER", "-in", Folder.Write("cms", Der(signature)), "-content",
                Folder.Write("content", Covered(file, Range(signature))), "-CAfile", Folder["root.pem"], "-purpose", "any", "-out", "/dev/null");
            Assert.True(answer.ExitCode == 0, answer.Output);
        }
    }

    private void OpensslVerifies(byte[] token, byte[] stamped)
    {
        File.WriteAllText(Folder["root.pem"], Pki.Authority.Root.ToPem());
        File.WriteAllText(Folder["officials.pem"], Pki.Authority.Issuers[0].ToPem());
        var answer = ExternalTool.Run("openssl", "ts", "-verify", "-token_in", "-in", Folder.Write("token", token), "-data", Folder.Write("stamped", stamped),
            "-CAfile", Folder["root.pem"], "-untrusted", Folder["officials.pem"]);
        Assert.Contains("Verification: OK", answer.Output, StringComparison.Ordinal);
    }

    private static Org.BouncyCastle.Asn1.Ess.EssCertIDv2 SigningCertificateV2OfFirst(SignerInformation signer) =>
        Org.BouncyCastle.Asn1.Ess.SigningCertificateV2.GetInstance(signer.SignedAttributes[new DerObjectIdentifier(SigningCertificateV2)].AttrValues[0]).GetCerts()[0];

    private static long[] Range(JsonElement signature) => [.. signature.GetProperty("/ByteRange").EnumerateArray().Select(n => n.GetInt64())];

    private static byte[] Covered(string file, long[] range)
    {
        var whole = File.ReadAllBytes(file);
        return [.. whole[..(int)range[1]], .. whole[(int)range[2]..(int)(range[2] + range[3])]];
    }

    // The padding after the DER is zeros only.
    private static byte[] Der(JsonElement signature)
    {
        var padded = QpdfReader.Bytes(signature.GetProperty("/Contents"));
        using var input = new Asn1InputStream(padded);
        var der = input.ReadObject().GetEncoded();
        Assert.All(padded[der.Length..], b => Assert.Equal(0, b));
        return padded[..der.Length];
    }
}
