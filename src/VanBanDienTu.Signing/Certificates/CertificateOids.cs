namespace VanBanDienTu.Signing.Certificates;

/// <summary>Object identifiers of X.509 certificates: extensions, purposes, name attributes.</summary>
public static class CertificateOids
{
    public const string SubjectKeyIdentifier = "2.5.29.14";
    public const string KeyUsage = "2.5.29.15";
    public const string SubjectAltName = "2.5.29.17";
    public const string IssuerAltName = "2.5.29.18";
    public const string BasicConstraints = "2.5.29.19";
    public const string NameConstraints = "2.5.29.30";
    public const string CrlDistributionPoints = "2.5.29.31";
    public const string CertificatePolicies = "2.5.29.32";
    public const string AnyPolicy = "2.5.29.32.0";
    public const string PolicyMappings = "2.5.29.33";
    public const string AuthorityKeyIdentifier = "2.5.29.35";
    public const string PolicyConstraints = "2.5.29.36";
    public const string ExtendedKeyUsage = "2.5.29.37";
    public const string AnyExtendedKeyUsage = "2.5.29.37.0";
    public const string FreshestCrl = "2.5.29.46";
    public const string InhibitAnyPolicy = "2.5.29.54";
    public const string AuthorityInformationAccess = "1.3.6.1.5.5.7.1.1";

    public const string AccessOcsp = "1.3.6.1.5.5.7.48.1";
    public const string AccessCaIssuers = "1.3.6.1.5.5.7.48.2";
    public const string OcspNoCheck = "1.3.6.1.5.5.7.48.1.5";

    public const string ServerAuth = "1.3.6.1.5.5.7.3.1";
    public const string ClientAuth = "1.3.6.1.5.5.7.3.2";
    public const string CodeSigning = "1.3.6.1.5.5.7.3.3";
    public const string EmailProtection = "1.3.6.1.5.5.7.3.4";
    public const string TimeStamping = "1.3.6.1.5.5.7.3.8";
    public const string OcspSigning = "1.3.6.1.5.5.7.3.9";

    /// <summary>Document signing (RFC 9336).</summary>
    public const string DocumentSigning = "1.3.6.1.5.5.7.3.36";

    public const string CommonName = "2.5.4.3";
    public const string Surname = "2.5.4.4";
    public const string SerialNumber = "2.5.4.5";
    public const string Country = "2.5.4.6";
    public const string Locality = "2.5.4.7";
    public const string StateOrProvince = "2.5.4.8";
    public const string Organization = "2.5.4.10";
    public const string OrganizationalUnit = "2.5.4.11";
    public const string Title = "2.5.4.12";
    public const string GivenName = "2.5.4.42";

    /// <summary>Where our certificates keep the organ id of QĐ 20/2020 (mã định danh): organizationIdentifier, X.520.</summary>
    public const string OrganizationIdentifier = "2.5.4.97";

    /// <summary>UID, where Vietnamese authorities write «MST:…» (tax code) or «CCCD:…» (citizen id).</summary>
    public const string UserId = "0.9.2342.19200300.100.1.1";

    public const string DomainComponent = "0.9.2342.19200300.100.1.25";
    public const string EmailAddress = "1.2.840.113549.1.9.1";

    /// <summary>
    /// Marks everything that a sample authority of this program issues. Not critical, value NULL. The arc is 2.25 with a
    /// UUID made once for this purpose (5b0d3c36-9d0a-4f0e-8a3b-7c51f2c1d6e4), so it needs no registration.
    /// </summary>
    public const string SampleMarker = "2.25.121028468747086901199231583331951957732";
}
