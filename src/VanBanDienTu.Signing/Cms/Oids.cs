using System.Formats.Asn1;

namespace VanBanDienTu.Signing.Cms;

/// <summary>Object identifiers of CMS, CAdES and the algorithms inside them.</summary>
internal static class Oids
{
    public const string Data = "1.2.840.113549.1.7.1";
    public const string SignedData = "1.2.840.113549.1.7.2";
    public const string TstInfo = "1.2.840.113549.1.9.16.1.4";

    public const string ContentType = "1.2.840.113549.1.9.3";
    public const string MessageDigest = "1.2.840.113549.1.9.4";
    public const string SigningTime = "1.2.840.113549.1.9.5";
    public const string SigningCertificate = "1.2.840.113549.1.9.16.2.12";
    public const string SigningCertificateV2 = "1.2.840.113549.1.9.16.2.47";
    public const string SignatureTimestamp = "1.2.840.113549.1.9.16.2.14";
    public const string ContentTimestamp = "1.2.840.113549.1.9.16.2.20";
    public const string AdobeRevocation = "1.2.840.113583.1.1.8";
    public const string RevocationValues = "1.2.840.113549.1.9.16.2.24";
    public const string CertificateValues = "1.2.840.113549.1.9.16.2.23";

    /// <summary>OtherRevocationInfoFormat of an OCSP response inside SignedData.crls (RFC 5940).</summary>
    public const string OcspResponseFormat = "1.3.6.1.5.5.7.16.2";

    public const string Rsa = "1.2.840.113549.1.1.1";
    public const string RsaPss = "1.2.840.113549.1.1.10";
    public const string Mgf1 = "1.2.840.113549.1.1.8";
    public const string EcPublicKey = "1.2.840.10045.2.1";
    public const string EcdsaSha256 = "1.2.840.10045.4.3.2";
    public const string EcdsaSha384 = "1.2.840.10045.4.3.3";
    public const string EcdsaSha512 = "1.2.840.10045.4.3.4";

    /// <summary>The DER of an AlgorithmIdentifier without parameters, or with an explicit NULL.</summary>
    public static void WriteAlgorithm(AsnWriter writer, string oid, bool withNull)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(oid);
            if (withNull)
                writer.WriteNull();
        }
    }

    /// <summary>The AlgorithmIdentifier of RSASSA-PSS with a salt as long as the hash (RFC 4055).</summary>
    public static void WritePss(AsnWriter writer, string digestOid, int digestSize)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(RsaPss);
            WritePssParameters(writer, digestOid, digestSize);
        }
    }

    /// <summary>RSASSA-PSS-params alone.</summary>
    public static void WritePssParameters(AsnWriter writer, string digestOid, int digestSize)
    {
        using (writer.PushSequence())
        {
            using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0)))
                WriteAlgorithm(writer, digestOid, withNull: true);
            using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 1)))
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier(Mgf1);
                WriteAlgorithm(writer, digestOid, withNull: true);
            }
            using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 2)))
                writer.WriteInteger(digestSize);
        }
    }
}
