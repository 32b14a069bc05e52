using System.Security.Cryptography;
using VanBanDienTu.Signing.Certificates;
using VanBanDienTu.Signing.Cms;

namespace VanBanDienTu.Signing.Revocation;

/// <summary>What is found behind a caIssuers address: one certificate in DER, several in PEM, or a «certs-only» CMS (.p7c).</summary>
internal static class IssuerFile
{
    private const int MaxCertificates = 20;

    /// <returns>Empty when it is none of these.</returns>
    public static IReadOnlyList<Certificate> Parse(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return [.. Certificate.ParseFile(bytes).Take(MaxCertificates)];
        }
        catch (Exception e) when (e is SigningException or FormatException)
        {
            return Bundle(bytes);
        }
    }

    private static List<Certificate> Bundle(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return [.. CmsSignedData.Parse(bytes).Certificates.Take(MaxCertificates).Select(der => Certificate.Parse(der))];
        }
        catch (Exception e) when (e is SigningException or CryptographicException)
        {
            return [];
        }
    }
}
