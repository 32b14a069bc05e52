using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Crypto.Operators;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.X509;
using VanBanDienTu.Signing.Revocation;
using VanBanDienTu.UnitTests.Signing.Paths;

namespace VanBanDienTu.UnitTests.Signing.Revocation;

/// <summary>CRLs that Bouncy Castle made, honest and odd.</summary>
public sealed class CrlJudgeTests
{
    private static readonly X509Certificate2 Ca = TestChain.Root("Cơ quan cấp");
    private static readonly X509Certificate2 Leaf = Ca.Leaf("Người ký", r =>
        r.CertificateExtensions.Add(CertificateRevocationListBuilder.BuildCrlDistributionPointExtension(["http://crl.example/1.crl"])));

    private static readonly DateTime Now = TestChain.Now.UtcDateTime;

    [Fact]
    public void A_certificate_that_is_not_listed_is_good() => Assert.Equal(RevocationStatus.Good, Judge(Crl()).Status);

    [Theory]
    [InlineData(CrlReason.KeyCompromise, RevocationStatus.Revoked, "keyCompromise")]
    [InlineData(CrlReason.CertificateHold, RevocationStatus.Revoked, "certificateHold")]
    [InlineData(CrlReason.RemoveFromCrl, RevocationStatus.Good, null)]
    public void A_listed_certificate_is_what_its_reason_says(int reason, RevocationStatus expected, string? name)
    {
        var answer = Judge(Crl(g => g.AddCrlEntry(Serial, Now.AddDays(-5), reason)));
        Assert.Equal((expected, name), (answer.Status, answer.Reason));
        if (name is not null)
            Assert.Equal(Now.AddDays(-5), answer.RevokedAt!.Value.UtcDateTime);
    }

    [Fact]
    public void It_is_found_among_many_entries()
    {
        var answer = Judge(Crl(g =>
        {
            for (var i = 1; i < 5000; i++)
                g.AddCrlEntry(Org.BouncyCastle.Math.BigInteger.ValueOf(i), Now, CrlReason.Superseded);
            g.AddCrlEntry(Serial, Now.AddDays(-1), CrlReason.PrivilegeWithdrawn);
        }));
        Assert.Equal((RevocationStatus.Revoked, "privilegeWithdrawn"), (answer.Status, answer.Reason));
    }

    [Fact]
    public void A_stale_list_says_revoked_but_never_good_nor_hold()
    {
        Assert.Equal(RevocationStatus.Unknown, Judge(Crl(thisUpdate: -10, nextUpdate: -3)).Status);
        Assert.Equal(RevocationStatus.Revoked, Judge(Crl(g => g.AddCrlEntry(Serial, Now.AddDays(-20), CrlReason.KeyCompromise), -10, -3)).Status);
        Assert.Equal(RevocationStatus.Unknown, Judge(Crl(g => g.AddCrlEntry(Serial, Now.AddDays(-20), CrlReason.CertificateHold), -10, -3)).Status);
    }

    [Fact]
    public void A_list_by_another_key_or_issuer_says_nothing()
    {
        using var twin = TestChain.Root("Cơ quan cấp");
        Assert.Contains("signature", Judge(Crl(signer: twin)).Why!.En, StringComparison.Ordinal);
        using var other = TestChain.Root("Cơ quan khác");
        Assert.Contains("another issuer", Judge(Crl(signer: other)).Why!.En, StringComparison.Ordinal);
    }

    [Fact]
    public void A_delta_alone_a_part_that_is_not_its_own_and_an_unknown_extension_say_nothing()
    {
        Assert.Equal(RevocationStatus.Unknown, Judge(With(X509Extensions.DeltaCrlIndicator, new DerInteger(1))).Status);
        Assert.Equal(RevocationStatus.Unknown, Judge(With(new DerObjectIdentifier("1.2.3.4"), DerNull.Instance)).Status);
        Assert.Equal(RevocationStatus.Unknown, Judge(With(Scope(authorities: true))).Status);
        Assert.Equal(RevocationStatus.Unknown, Judge(With(Scope(url: "http://crl.example/2.crl"))).Status);
    }

    [Fact]
    public void A_list_for_this_certificates_own_distribution_point_is_used()
    {
        Assert.Equal(RevocationStatus.Good, Judge(With(Scope(users: true, url: "http://crl.example/1.crl"))).Status);
    }

    [Fact]
    public void A_list_made_after_the_certificate_expired_no_longer_speaks_for_it()
    {
        using var expired = Ca.Leaf("Hết hạn", to: TestChain.Now.AddDays(-30));
        var asked = new RevocationQuestion(expired.Read(), Ca.Read(), TestChain.Now, TestChain.Now, new RevocationOptions());
        Assert.Equal(RevocationStatus.Unknown, CrlJudge.Judge(asked, Crl()).Status);
    }

    [Fact]
    public void A_list_cut_off_anywhere_is_unknown_and_nothing_worse()
    {
        var crl = Crl(g => g.AddCrlEntry(Serial, Now.AddDays(-5), CrlReason.KeyCompromise));
        for (var length = 0; length < crl.Length; length++)
            Assert.Equal(RevocationStatus.Unknown, Judge(crl[..length]).Status);
    }

    private static Org.BouncyCastle.Math.BigInteger Serial => new(1, Leaf.SerialNumberBytes.ToArray());

    private static RevocationAnswer Judge(byte[] crl) =>
        CrlJudge.Judge(new RevocationQuestion(Leaf.Read(), Ca.Read(), TestChain.Now, TestChain.Now, new RevocationOptions()), crl);

    private static byte[] With(DerObjectIdentifier oid, Asn1Encodable value) => Crl(g => g.AddExtension(oid, critical: true, value));

    private static byte[] With(IssuingDistributionPoint scope) => With(X509Extensions.IssuingDistributionPoint, scope);

    private static IssuingDistributionPoint Scope(bool indirect = false, bool authorities = false, bool users = false, string? url = null) =>
        new(url is null ? null : new DistributionPointName(new GeneralNames(new GeneralName(GeneralName.UniformResourceIdentifier, url))),
            users, authorities, null, indirect, onlyContainsAttributeCerts: false);

    private static byte[] Crl(Action<X509V2CrlGenerator>? more = null, int thisUpdate = -1, int nextUpdate = 6, X509Certificate2? signer = null)
    {
        signer ??= Ca;
        var generator = new X509V2CrlGenerator();
        generator.SetIssuerDN(X509Name.GetInstance(Asn1Object.FromByteArray(signer.SubjectName.RawData)));
        generator.SetThisUpdate(Now.AddDays(thisUpdate));
        generator.SetNextUpdate(Now.AddDays(nextUpdate));
        more?.Invoke(generator);
        using var key = signer.GetECDsaPrivateKey()!;
        return generator.Generate(new Asn1SignatureFactory("SHA256WITHECDSA", PrivateKeyFactory.CreateKey(key.ExportPkcs8PrivateKey()))).GetEncoded();
    }
}
