using System.Formats.Asn1;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using VanBanDienTu.Signing.Certificates;
using VanBanDienTu.Signing.Paths;
using VanBanDienTu.Signing.Trust;

namespace VanBanDienTu.UnitTests.Signing.Paths;

public sealed class NameConstraintTests
{
    private static readonly X509Certificate2 Root = TestChain.Root("Gốc");

    [Theory]
    [InlineData(2, "gov.vn", "a.gov.vn", true)]
    [InlineData(2, "gov.vn", "gov.vn", true)]
    [InlineData(2, "gov.vn", "agov.vn", false)]
    [InlineData(2, "gov.vn", "gov.vn.example", false)]
    [InlineData(1, "example.gov.vn", "van.thu@example.gov.vn", true)]
    [InlineData(1, "example.gov.vn", "van.thu@a.example.gov.vn", false)]
    [InlineData(1, ".gov.vn", "van.thu@a.gov.vn", true)]
    [InlineData(1, "a@b.vn", "a@b.vn", true)]
    [InlineData(1, "a@b.vn", "c@b.vn", false)]
    [InlineData(6, ".gov.vn", "https://a.gov.vn/x", true)]
    [InlineData(6, ".gov.vn", "https://gov.vn/x", false)]
    [InlineData(6, ".gov.vn", "https://10.0.0.1/x", false)]
    public void A_permitted_subtree_lets_through_what_lies_in_it(int kind, string constraint, string name, bool expected)
    {
        using var ca = Root.Ca("CA", r => r.Extension(CertificateOids.NameConstraints, Constraints(permitted: true, kind, constraint), critical: true));
        Assert.Equal(expected, IsValid(ca, kind, name));
    }

    [Theory]
    [InlineData(2, "gov.vn", "a.gov.vn", false)]
    [InlineData(2, "gov.vn", "a.com.vn", true)]
    [InlineData(6, ".gov.vn", "https://10.0.0.1/x", false)]
    [InlineData(6, ".gov.vn", "https://a.com.vn/x", true)]
    public void An_excluded_subtree_stops_what_lies_in_it(int kind, string constraint, string name, bool expected)
    {
        using var ca = Root.Ca("CA", r => r.Extension(CertificateOids.NameConstraints, Constraints(permitted: false, kind, constraint), critical: true));
        Assert.Equal(expected, IsValid(ca, kind, name));
    }

    [Theory]
    [InlineData("10.1.2.3", true)]
    [InlineData("10.2.2.3", false)]
    [InlineData("::1", false)]
    public void Addresses_are_compared_under_the_mask(string address, bool expected)
    {
        byte[] value = [0x30, 0x0e, 0xa0, 0x0c, 0x30, 0x0a, 0x87, 0x08, 10, 1, 0, 0, 255, 255, 0, 0];
        using var ca = Root.Ca("CA", r => r.Extension(CertificateOids.NameConstraints, value, critical: true));
        Assert.Equal(expected, IsValid(ca, 7, address));
    }

    [Theory]
    [InlineData("C=VN, O=Sở A", true)]
    [InlineData("C=VN, O=SỞ A, OU=Phòng 1", true)]
    [InlineData("C=VN, O=Sở AB", false)]
    [InlineData("O=Sở A, C=VN", false)]
    public void Directory_names_are_compared_RDN_by_RDN(string subject, bool expected)
    {
        var name = new X500DistinguishedName("C=VN, O=Sở A", X500DistinguishedNameFlags.None).RawData;
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0)))
        using (writer.PushSequence())
        using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 4)))
            writer.WriteEncodedValue(name);
        using var ca = Root.Ca("CA", r => r.Extension(CertificateOids.NameConstraints, writer.Encode(), critical: true));
        using var key = System.Security.Cryptography.ECDsa.Create();
        var request = new CertificateRequest(new X500DistinguishedName(subject, X500DistinguishedNameFlags.None), key, System.Security.Cryptography.HashAlgorithmName.SHA256);
        using var leaf = ca.Sign(request, key, TestChain.From, TestChain.To);
        Assert.Equal(expected, IsValid(ca, leaf));
    }

    private static bool IsValid(X509Certificate2 ca, int kind, string name)
    {
        var names = new SubjectAlternativeNameBuilder();
        switch (kind)
        {
            case 1: names.AddEmailAddress(name); break;
            case 2: names.AddDnsName(name); break;
            case 6: names.AddUri(new Uri(name)); break;
            default: names.AddIpAddress(IPAddress.Parse(name)); break;
        }
        using var leaf = ca.Leaf("Máy", r => r.CertificateExtensions.Add(names.Build()));
        return IsValid(ca, leaf);
    }

    private static bool IsValid(X509Certificate2 ca, X509Certificate2 leaf) => new PathValidator().Validate(
        leaf.Read(), [ca.Read()], TrustSnapshot.Of([Root.Read()], allowSample: false), TestChain.Now, PathPurpose.Signing).IsValid;

    private static byte[] Constraints(bool permitted, int kind, string text)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, permitted ? 0 : 1)))
        using (writer.PushSequence())
            writer.WriteCharacterString(UniversalTagNumber.IA5String, text, new Asn1Tag(TagClass.ContextSpecific, kind));
        return writer.Encode();
    }
}
