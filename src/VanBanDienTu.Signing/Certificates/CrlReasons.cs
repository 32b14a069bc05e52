namespace VanBanDienTu.Signing.Certificates;

/// <summary>Reasons that a CRL may be limited to, by the bits of ReasonFlags (RFC 5280 section 4.2.1.13).</summary>
[Flags]
internal enum CrlReasons
{
    None = 0,
    KeyCompromise = 1 << 1,
    CaCompromise = 1 << 2,
    AffiliationChanged = 1 << 3,
    Superseded = 1 << 4,
    CessationOfOperation = 1 << 5,
    CertificateHold = 1 << 6,
    PrivilegeWithdrawn = 1 << 7,
    AaCompromise = 1 << 8,
    All = KeyCompromise | CaCompromise | AffiliationChanged | Superseded | CessationOfOperation | CertificateHold | PrivilegeWithdrawn | AaCompromise,
}

/// <summary>ReasonFlags as they are written.</summary>
internal static class CrlReasonBits
{
    /// <param name="bitString">The content of the BIT STRING; its first byte counts unused bits.</param>
    public static CrlReasons Read(ReadOnlySpan<byte> bitString)
    {
        var reasons = 0;
        for (var bit = 0; bit <= 8; bit++)
        {
            var at = 1 + bit / 8;
            if (at < bitString.Length && (bitString[at] & (0x80 >> (bit % 8))) != 0)
                reasons |= 1 << bit;
        }
        return (CrlReasons)reasons & CrlReasons.All;
    }
}
