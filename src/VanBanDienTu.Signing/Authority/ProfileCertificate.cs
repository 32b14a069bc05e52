using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using VanBanDienTu.Signing.Certificates;

namespace VanBanDienTu.Signing.Authority;

/// <summary>From a row of the table to its certificate.</summary>
internal static class ProfileCertificate
{
    public static Certificate Issue(
        SampleProfile profile, AsymmetricAlgorithm key, SampleCa issuer, string baseUrl, DateTimeOffset now, TimeSpan validity)
    {
        var subject = CertificateIssue.Name(
            (CertificateOids.Organization, profile.Organization),
            (CertificateOids.OrganizationalUnit, profile.Unit),
            (CertificateOids.OrganizationIdentifier, profile.OrganId),
            (CertificateOids.Title, profile.Title),
            (CertificateOids.CommonName, profile.CommonName),
            (CertificateOids.UserId, profile.UserId));
        var issue = new CertificateIssue(subject, key).EndEntity().Pointers(baseUrl, issuer.Name);
        switch (profile.Kind)
        {
            case SampleKind.Node:
                issue.Usage(X509KeyUsageFlags.DigitalSignature)
                    .Purposes(critical: false, CertificateOids.ServerAuth, CertificateOids.ClientAuth)
                    .Hosts(profile.Hosts);
                break;
            case SampleKind.System:
                issue.Usage(X509KeyUsageFlags.DigitalSignature).Purposes(critical: false, CertificateOids.ClientAuth);
                break;
            default:
                issue.Usage(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.NonRepudiation)
                    .Purposes(critical: false, CertificateOids.EmailProtection, CertificateOids.DocumentSigning);
                break;
        }
        var from = Whole(now + profile.StartsIn);
        var until = from + (profile.ValidFor ?? validity);
        return issue.IssuedBy(issuer, from, until < issuer.Certificate.NotAfter ? until : issuer.Certificate.NotAfter);
    }

    /// <summary>Certificates count in seconds.</summary>
    public static DateTimeOffset Whole(DateTimeOffset time) => DateTimeOffset.FromUnixTimeSeconds(time.ToUnixTimeSeconds());
}
