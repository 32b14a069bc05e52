namespace VanBanDienTu.Signing.Verification;

/// <summary>The forms of a signature value in a PDF that we read.</summary>
internal static class SubFilters
{
    public const string Cades = "ETSI.CAdES.detached";
    public const string Rfc3161 = "ETSI.RFC3161";
    public const string Pkcs7Detached = "adbe.pkcs7.detached";
    public const string Pkcs7Sha1 = "adbe.pkcs7.sha1";
    public const string X509RsaSha1 = "adbe.x509.rsa_sha1";
}
