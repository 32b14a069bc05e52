using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Crypto.Operators;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.X509;
using VanBanDienTu.Signing.Authority;
using VanBanDienTu.Signing.Certificates;
using VanBanDienTu.Signing.Revocation;
using VanBanDienTu.Signing.Timestamps;
using VanBanDienTu.Signing.Trust;
using VanBanDienTu.TestKit;

namespace VanBanDienTu.UnitTests.Signing.Verification.TimeStories;

/// <summary>Authorities whose years pass as the story needs: a root, an authority below it, two timestamp authorities of the root.</summary>
internal sealed class StoryPki
{
    public static readonly DateTimeOffset Start = new(2026, 1, 5, 2, 0, 0, TimeSpan.Zero);

    // Keys cost time and mean nothing to the stories.
    private static readonly RSA RootKey = RSA.Create(2048);
    private static readonly RSA CaKey = RSA.Create(2048);
    private static readonly RSA TsaKey = RSA.Create(2048);
    private static readonly RSA SecondTsaKey = RSA.Create(2048);

    private readonly List<(SampleCa Issuer, RevokedEntry Entry)> _revoked = [];

    public StoryPki()
    {
        Root = SelfSigned("Gốc", RootKey);
        Ca = Below(Root, "CA công vụ", CaKey);
        Tsa = Stamper("TSA hai năm", TsaKey, years: 2);
        SecondTsa = Stamper("TSA hai mươi năm", SecondTsaKey, years: 20);
        Trust = TrustSnapshot.Of([Root.Certificate], allowSample: true);
    }

    /// <summary>The same authorities by another clock.</summary>
    public StoryPki(StoryPki same)
    {
        (Root, Ca, Tsa, SecondTsa, Trust) = (same.Root, same.Ca, same.Tsa, same.SecondTsa, same.Trust);
        Time.SetClock(same.Time.GetUtcNow());
    }

    /// <summary>How lists are signed, in Bouncy Castle's words; null: as sample authorities do.</summary>
    public string? ListAlgorithm { get; set; }

    /// <summary>Lists say that they keep who has expired.</summary>
    public bool KeepsExpired { get; set; }

    public ManualTime Time { get; } = new(Start);
    public SampleCa Root { get; }
    public SampleCa Ca { get; }

    /// <summary>Its certificate ends two years after the start.</summary>
    public SampleCa Tsa { get; }
    public SampleCa SecondTsa { get; }
    public TrustSnapshot Trust { get; set; }

    /// <summary>A signer whose certificate lasts a year.</summary>
    public SampleCa Person(SampleCa? issuer = null)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var issue = new CertificateIssue(CertificateIssue.Name((CertificateOids.CommonName, "Người Ký")), key).EndEntity().Usage(X509KeyUsageFlags.NonRepudiation);
        return new SampleCa("person", issue.IssuedBy(issuer ?? Ca, Start.AddDays(-1), Start.AddYears(1)), key);
    }

    public static SampleCa SelfSigned(string name, RSA key) =>
        new(name, new CertificateIssue(CertificateIssue.Name((CertificateOids.CommonName, name)), key).Authority(null).SelfSigned(key, Start.AddYears(-1), Start.AddYears(25)), key);

    public static SampleCa Below(SampleCa issuer, string name, RSA key) =>
        new(name, new CertificateIssue(CertificateIssue.Name((CertificateOids.CommonName, name)), key).Authority(0).IssuedBy(issuer, Start.AddYears(-1), Start.AddYears(24)), key);

    public void Revoke(SampleCa issuer, Certificate certificate, DateTimeOffset? at = null, int reason = 1) =>
        _revoked.Add((issuer, new RevokedEntry(certificate.SerialHex, issuer.Name, at ?? Time.GetUtcNow(), reason)));

    /// <summary>What was revoked is so no more: a hold that was lifted.</summary>
    public void Lift(Certificate certificate) => _revoked.RemoveAll(r => r.Entry.Serial == certificate.SerialHex);

    /// <summary>The list of an authority as of now, good for a day.</summary>
    public byte[] Crl(SampleCa issuer)
    {
        var listed = _revoked.Where(r => r.Issuer == issuer).Select(r => r.Entry).ToList();
        if (!KeepsExpired && ListAlgorithm is null)
            return SampleCrl.Build(issuer, listed, Time.GetUtcNow());
        var generator = new X509V2CrlGenerator();
        generator.SetIssuerDN(X509Name.GetInstance(Asn1Object.FromByteArray(issuer.Certificate.SubjectRaw.ToArray())));
        generator.SetThisUpdate(Time.GetUtcNow().UtcDateTime);
        generator.SetNextUpdate(Time.GetUtcNow().AddDays(1).UtcDateTime);
        foreach (var entry in listed)
            generator.AddCrlEntry(new Org.BouncyCastle.Math.BigInteger(entry.Serial, 16), entry.At.UtcDateTime, entry.Reason);
        if (KeepsExpired)
            generator.AddExtension(new DerObjectIdentifier("2.5.29.60"), critical: false, new DerGeneralizedTime(Start.AddYears(-1).UtcDateTime));
        var key = PrivateKeyFactory.CreateKey(issuer.Key.ExportPkcs8PrivateKey());
        return generator.Generate(new Asn1SignatureFactory(ListAlgorithm ?? "SHA256WITHRSA", key)).GetEncoded();
    }

    public byte[] Token(SampleCa tsa, byte[] hash)
    {
        var answer = new SampleTimestamps(tsa, Root.Certificate, Time).Answer(TimestampRequest.For(MessageHash.Sha256, hash).Encode());
        return TimestampResponse.Parse(answer).Token!.Value.ToArray();
    }

    private SampleCa Stamper(string name, RSA key, int years)
    {
        var issue = new CertificateIssue(CertificateIssue.Name((CertificateOids.CommonName, name)), key).EndEntity()
            .Usage(X509KeyUsageFlags.DigitalSignature).Purposes(critical: true, CertificateOids.TimeStamping);
        return new SampleCa(name, issue.IssuedBy(Root, Start.AddDays(-1), Start.AddYears(years)), key);
    }
}
