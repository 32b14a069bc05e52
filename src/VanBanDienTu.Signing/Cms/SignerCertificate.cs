using VanBanDienTu.Signing.Certificates;

namespace VanBanDienTu.Signing.Cms;

/// <summary>Finds which of the given certificates a SignerInfo means.</summary>
internal static class SignerCertificate
{
    /// <summary>
    /// By the hash in the signed attributes first (nobody can swap that), then by issuer and serial number, by key
    /// identifier, and last by the serial number alone: writers re-encode issuer names.
    /// </summary>
    public static Certificate? Find(CmsSignerInfo signer, IReadOnlyList<Certificate> certificates)
    {
        if (signer.SigningCertificate is { } reference && certificates.FirstOrDefault(c => reference.Matches(c) == true) is { } named)
            return named;
        if (signer.SubjectKeyId is { } keyId)
            return certificates.FirstOrDefault(c => c.SubjectKeyId is { } id && id.Span.SequenceEqual(keyId.Span));
        if (signer.Serial is not { } serial)
            return null;
        var sameSerial = certificates.Where(c => SameNumber(c.SerialRaw.Span, serial.Span)).ToList();
        return sameSerial.FirstOrDefault(c => c.IssuerRaw.Span.SequenceEqual(signer.Issuer!.Value.Span)) ?? sameSerial.FirstOrDefault();
    }

    private static bool SameNumber(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b) => a.TrimStart((byte)0).SequenceEqual(b.TrimStart((byte)0));
}
