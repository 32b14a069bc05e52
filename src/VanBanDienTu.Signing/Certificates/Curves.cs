namespace VanBanDienTu.Signing.Certificates;

/// <summary>Elliptic curves by OID.</summary>
internal static class Curves
{
    /// <summary>Size of the field in bits; estimated from the point when the curve is unknown.</summary>
    public static int Bits(string? oid, int pointBytes) => oid switch
    {
        "1.2.840.10045.3.1.1" => 192,
        "1.3.132.0.33" => 224,
        "1.2.840.10045.3.1.7" or "1.3.132.0.10" => 256,
        "1.3.132.0.34" => 384,
        "1.3.132.0.35" => 521,
        "1.3.36.3.3.2.8.1.1.7" or "1.3.36.3.3.2.8.1.1.8" => 256,
        "1.3.36.3.3.2.8.1.1.9" or "1.3.36.3.3.2.8.1.1.10" => 320,
        "1.3.36.3.3.2.8.1.1.11" or "1.3.36.3.3.2.8.1.1.12" => 384,
        "1.3.36.3.3.2.8.1.1.13" or "1.3.36.3.3.2.8.1.1.14" => 512,
        _ => Math.Max(0, (pointBytes - 1) / 2 * 8),
    };
}
