using VanBanDienTu.Signing.Certificates;

namespace VanBanDienTu.Signing.Cms;

/// <summary>The first ESSCertID of signing-certificate (SHA-1) or signing-certificate-v2: which certificate the signer meant.</summary>
/// <remarks>Source: RFC 5035.</remarks>
internal sealed record SigningCertificateReference(string DigestOid, ReadOnlyMemory<byte> Hash)
{
    public static SigningCertificateReference Read(BerElement value, bool v2)
    {
        var first = value.Children()[0].Children()[0].Children();
        if (!v2)
            return new SigningCertificateReference(MessageHash.Sha1, first[0].OctetString());
        return first[0].Tag == 0x30
            ? new SigningCertificateReference(CmsAlgorithm.Read(first[0]).Oid, first[1].OctetString())
            : new SigningCertificateReference(MessageHash.Sha256, first[0].OctetString());
    }

    /// <summary>True when it names that certificate; null when the digest cannot be computed here.</summary>
    public bool? Matches(Certificate certificate)
    {
        if (string.Equals(DigestOid, MessageHash.Sha256, StringComparison.Ordinal))
            return Hash.Length == 32 && Fingerprint.FromHash(Hash.Span) == certificate.Fingerprint;
        return MessageHash.TryCompute(DigestOid, certificate.Der.Span, out var hash) ? hash.AsSpan().SequenceEqual(Hash.Span) : null;
    }
}
