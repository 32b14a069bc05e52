using VanBanDienTu.Signing.Cms;
using VanBanDienTu.Signing.Revocation;

namespace VanBanDienTu.Signing.Verification;

/// <summary>Revocation answers inside a CMS: SignedData.crls, and the signed attribute RevocationInfoArchival of Adobe.</summary>
/// <remarks>Source: RFC 5652 10.2.1, ISO 32000-2 12.8.3.3.2.</remarks>
internal static class AdobeRevocation
{
    private const int MaxEntries = 200;

    public static EmbeddedRevocation Read(CmsSignedData cms, CmsSignerInfo? signer)
    {
        if (signer?.Signed(Oids.AdobeRevocation) is not { Count: > 0 } archives)
            return cms.OcspResponses.Count == 0 && cms.Crls.Count == 0 ? EmbeddedRevocation.None : new EmbeddedRevocation(cms.OcspResponses, cms.Crls);
        var (ocsp, crls) = (new List<ReadOnlyMemory<byte>>(cms.OcspResponses), new List<ReadOnlyMemory<byte>>(cms.Crls));
        foreach (var archive in archives)
        {
            try
            {
                foreach (var part in archive.Children().Where(p => p.Tag is 0xa0 or 0xa1))
                    (part.Tag == 0xa0 ? crls : ocsp).AddRange(part.Only().Children().Take(MaxEntries).Select(e => e.Raw));
            }
            catch (SigningException)
            {
                // Without it the status is asked for elsewhere.
            }
        }
        return new EmbeddedRevocation(ocsp, crls);
    }
}
