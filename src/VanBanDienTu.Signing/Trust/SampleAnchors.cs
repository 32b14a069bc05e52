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
        "baf6e1f389c91d069f92de90c467ec281d0ea5492cb30ad7f113a216316e3cbc", // root
        "ccd571ddd44888dda3bab93affa14c076649226aaaae834dd05422de0f3e2078", // officials
        "d7380cb308eb8c318efe8f4e39a72218f56faa259cbec8a129ea3cf2377ef91b", // nodes
    };

    public static bool IsSample(Certificate certificate) =>
        certificate.IsSample || IsPublishedKey(certificate.PublicKey);

    internal static bool IsPublishedKey(PublicKeyInfo key) => PublishedKeys.Contains(Convert.ToHexStringLower(key.Sha256));
}
