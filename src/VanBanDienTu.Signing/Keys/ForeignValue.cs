using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using VanBanDienTu.Signing.Certificates;

namespace VanBanDienTu.Signing.Keys;

/// <summary>A signature value that somebody else made: believed only when it verifies, and brought into the form that a CMS holds.</summary>
internal static class ForeignValue
{
    /// <returns>The value as <see cref="ISigningKey"/> gives it; null when it does not verify in any form.</returns>
    public static byte[]? Accept(Certificate certificate, byte[] value, ReadOnlySpan<byte> hash, HashAlgorithmName algorithm, SignaturePadding padding)
    {
        using var x509 = certificate.ToX509();
        foreach (var form in Forms(certificate, value))
        {
            if (Verifies(x509, form, hash, algorithm, padding))
                return form;
        }
        return null;
    }

    // ECDSA comes as a SEQUENCE from openssl, side by side from tokens and some signing services.
    private static IEnumerable<byte[]> Forms(Certificate certificate, byte[] value)
    {
        yield return value;
        if (certificate.PublicKey.AlgorithmName == "ECDSA" && value.Length == 2 * ((certificate.PublicKey.Size + 7) / 8))
            yield return EcdsaValue.ToDer(value);
    }

    private static bool Verifies(X509Certificate2 certificate, byte[] form, ReadOnlySpan<byte> hash, HashAlgorithmName algorithm, SignaturePadding padding)
    {
        try
        {
            using var rsa = certificate.GetRSAPublicKey();
            if (rsa is not null)
                return rsa.VerifyHash(hash, form, algorithm, padding == SignaturePadding.Pss ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1);
            using var ecdsa = certificate.GetECDsaPublicKey();
            return ecdsa!.VerifyHash(hash, form, DSASignatureFormat.Rfc3279DerSequence);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
