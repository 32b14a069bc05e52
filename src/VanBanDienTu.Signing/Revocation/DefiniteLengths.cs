using VanBanDienTu.Signing.Cms;

namespace VanBanDienTu.Signing.Revocation;

/// <summary>
/// Lets BER in where DER is read: CRLs and OCSP responses of indefinite lengths. What is signed in them is DER all the same
/// (RFC 5280 section 5.1.1.1), so its bytes, and with them the signature, stay what they were.
/// </summary>
internal static class DefiniteLengths
{
    /// <summary>The same bytes when they begin with a definite length; else their DER.</summary>
    /// <exception cref="SigningException">They are neither.</exception>
    public static ReadOnlyMemory<byte> Of(ReadOnlyMemory<byte> bytes) =>
        bytes.Length > 2 && bytes.Span[1] == 0x80 ? DerEncoding.Of(BerElement.Read(bytes)) : bytes;
}
