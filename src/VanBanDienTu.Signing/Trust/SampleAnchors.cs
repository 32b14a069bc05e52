using VanBanDienTu.Signing.Certificates;

namespace VanBanDienTu.Signing.Trust;

/// <summary>
/// Certificates that exist to be tried out and must never be trusted in earnest: all that carry the marker extension, and
/// those whose key was published in certs-sample, marker or not.
/// </summary>
public static class SampleAnchors
{
    // SHA-256 of the SubjectPublicKeyInfo of every authority in certs-sample (its README says how to make this list).
    private static readonly HashSet<string> PublishedKeys = new(StringComparer.Ordinal)
    {
    };

    public static bool IsSample(Certificate certificate) =>
        certificate.IsSample || PublishedKeys.Contains(Convert.ToHexStringLower(certificate.PublicKey.Sha256));
}
