using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace VanBanDienTu.Signing.Authority;

/// <summary>Builds the sample authority's CRLs.</summary>
internal static class SampleCrl
{
    private static readonly TimeSpan Validity = TimeSpan.FromDays(1);

    public static byte[] Build(SampleCa authority, IEnumerable<RevokedEntry> revoked, DateTimeOffset now)
    {
        var builder = new CertificateRevocationListBuilder();
        foreach (var entry in revoked)
            builder.AddEntry(Convert.FromHexString(Positive(entry.Serial)), entry.At, (X509RevocationReason)entry.Reason);
        var thisUpdate = ProfileCertificate.Whole(now);
        return builder.Build(
            new X500DistinguishedName(authority.Certificate.SubjectRaw.Span),
            authority.Generator,
            new BigInteger(now.ToUnixTimeMilliseconds()),
            thisUpdate + Validity,
            HashAlgorithmName.SHA256,
            X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier(authority.Certificate.SubjectKeyId!.Value.Span),
            thisUpdate);
    }

    private static string Positive(string serial) => serial[0] is '8' or '9' or >= 'a' ? "00" + serial : serial;
}
