using System.Security.Cryptography.X509Certificates;
using VanBanDienTu.Signing.Certificates;

namespace VanBanDienTu.Signing.Paths;

/// <summary>Key usage and extended key usage, of the leaf for its purpose and of authorities that limit what they issue.</summary>
internal static class PurposeRules
{
    // Purposes that exclude signing documents when a certificate lists nothing else.
    private static readonly HashSet<string> NotForDocuments = new(StringComparer.Ordinal)
    {
        CertificateOids.ServerAuth, CertificateOids.TimeStamping, CertificateOids.OcspSigning, CertificateOids.CodeSigning,
    };

    public static PathFailure? Judge(IReadOnlyList<Certificate> path, PathPurpose purpose)
    {
        if (purpose == PathPurpose.Any)
            return null;
        var leaf = path[0];
        if (KeyUsageProblem(leaf, purpose) is { } usage)
            return PathFailures.Purpose(leaf, purpose, usage);
        for (var i = 0; i < path.Count; i++)
        {
            // An anchor is trusted for what the administrator put it there for.
            if (i > 0 && i == path.Count - 1)
                break;
            if (!Allows(path[i], purpose, isLeaf: i == 0))
                return PathFailures.Purpose(path[i], purpose, $"extendedKeyUsage = {Text(path[i])}");
        }
        return null;
    }

    private static string? KeyUsageProblem(Certificate leaf, PathPurpose purpose)
    {
        if (leaf.KeyUsage is not { } usage)
            return null;
        var wanted = purpose == PathPurpose.TlsServer
            ? X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment | X509KeyUsageFlags.KeyAgreement
            : purpose == PathPurpose.TlsClient
                ? X509KeyUsageFlags.DigitalSignature
                : X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.NonRepudiation;
        return (usage & wanted) == X509KeyUsageFlags.None ? $"keyUsage = {usage}" : null;
    }

    private static bool Allows(Certificate certificate, PathPurpose purpose, bool isLeaf)
    {
        var usages = certificate.ExtendedKeyUsages;
        if (isLeaf && purpose == PathPurpose.Timestamping)
            return usages is [CertificateOids.TimeStamping] && certificate.ExtendedKeyUsageCritical;
        if (isLeaf && purpose == PathPurpose.OcspSigning)
            return usages.Contains(CertificateOids.OcspSigning, StringComparer.Ordinal);
        if (usages.Count == 0 || usages.Contains(CertificateOids.AnyExtendedKeyUsage, StringComparer.Ordinal))
            return true;
        return purpose switch
        {
            PathPurpose.Signing => usages.Any(u => !NotForDocuments.Contains(u) && (u != CertificateOids.ClientAuth || MaySignToo(certificate))),
            PathPurpose.Timestamping => usages.Contains(CertificateOids.TimeStamping, StringComparer.Ordinal),
            PathPurpose.OcspSigning => usages.Contains(CertificateOids.OcspSigning, StringComparer.Ordinal),
            PathPurpose.TlsClient => usages.Contains(CertificateOids.ClientAuth, StringComparer.Ordinal),
            PathPurpose.TlsServer => usages.Contains(CertificateOids.ServerAuth, StringComparer.Ordinal),
            _ => true,
        };
    }

    // Many people's certificates name clientAuth alone beside keyUsage nonRepudiation; a machine's TLS certificate has no such bit.
    private static bool MaySignToo(Certificate certificate) => certificate.KeyUsage is { } usage && usage.HasFlag(X509KeyUsageFlags.NonRepudiation);

    private static string Text(Certificate certificate) =>
        certificate.ExtendedKeyUsages.Count == 0 ? "–" : string.Join(", ", certificate.ExtendedKeyUsages);
}
