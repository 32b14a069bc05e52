namespace VanBanDienTu.Signing.Revocation;

/// <summary>CRLReason codes of RFC 5280 section 5.3.1 and their names.</summary>
public static class RevocationReasons
{
    public const int CertificateHold = 6;
    public const int RemoveFromCrl = 8;

    private static readonly string[] Names =
    [
        "unspecified", "keyCompromise", "cACompromise", "affiliationChanged", "superseded", "cessationOfOperation",
        "certificateHold", "unused", "removeFromCRL", "privilegeWithdrawn", "aACompromise",
    ];

    public static string Name(int code) => code >= 0 && code < Names.Length ? Names[code] : $"reason{code}";

    /// <summary>The code of a name; 0 (unspecified) when unknown.</summary>
    public static int Code(string? name) => Math.Max(0, Array.IndexOf(Names, name));
}
