namespace VanBanDienTu.Signing;

/// <summary>Why signing, or reading a key, a certificate, a CMS or a trust folder, could not go on.</summary>
public enum SigningFault
{
    /// <summary>The input is not a PDF, or its structure cannot be read.</summary>
    PdfUnreadable,

    /// <summary>The PDF is encrypted and cannot be signed as it is.</summary>
    PdfEncrypted,

    /// <summary>An existing signature forbids another one, or the input has a signature field of that name.</summary>
    PdfForbidsSigning,

    /// <summary>Something in the document forbids to sign it by the policy of the signer: a script, hidden content, a state-secret marking, …</summary>
    LintRefused,

    /// <summary>The reserved space in the PDF is too small for the signature.</summary>
    SignatureTooLarge,

    /// <summary>Our own output did not verify; nothing was written.</summary>
    OutputDoesNotVerify,

    /// <summary>The output could not be written: disk full, no permission, output equals input.</summary>
    OutputNotWritten,

    /// <summary>The key file could not be read at all, or is not PKCS#12.</summary>
    KeyUnreadable,

    /// <summary>The password of the key file is wrong.</summary>
    WrongPassword,

    /// <summary>The key file holds no private key.</summary>
    NoPrivateKey,

    /// <summary>The key file holds no certificate for the private key.</summary>
    NoCertificate,

    /// <summary>The private key does not belong to the certificate beside it.</summary>
    KeyDoesNotMatch,

    /// <summary>The key's algorithm, size or curve is not one we sign with.</summary>
    KeyUnsupported,

    /// <summary>The key itself refused to sign (token removed, remote service down); may be worth a retry.</summary>
    KeyFailed,

    /// <summary>A key's address (<c>pkcs11:…</c>) is malformed, has an attribute we do not know, or holds a PIN.</summary>
    KeyAddressInvalid,

    /// <summary>The PKCS#11 module of a token cannot be loaded or is not one.</summary>
    TokenModuleUnusable,

    /// <summary>The token is not there, was removed, or its session was lost; worth a retry once it is back.</summary>
    TokenAbsent,

    /// <summary>The token has no such key or certificate, or more than one fits.</summary>
    TokenKeyNotFound,

    /// <summary>The token refused the PIN. It is not tried again: a few wrong ones lock a token.</summary>
    WrongPin,

    /// <summary>The PIN is locked, expired or was never set; the token's issuer must unlock it.</summary>
    PinLocked,

    /// <summary>The signature value is made elsewhere and is not there yet.</summary>
    ValueAwaited,

    /// <summary>A signature value from elsewhere does not verify against what was prepared.</summary>
    ValueDoesNotVerify,

    /// <summary>The state of a prepared signature cannot be read, was changed, or no longer fits its input.</summary>
    PreparedStateUnusable,

    /// <summary>The certificate has expired.</summary>
    CertificateExpired,

    /// <summary>The certificate is not valid yet.</summary>
    CertificateNotYetValid,

    /// <summary>The certificate is not meant for signing documents.</summary>
    CertificateUnusable,

    /// <summary>The certificate was revoked.</summary>
    CertificateRevoked,

    /// <summary>No timestamp authority gave a good timestamp; worth a retry.</summary>
    TimestampUnavailable,

    /// <summary>A certificate path or revocation answer that the level needs could not be had; worth a retry.</summary>
    ValidationDataUnavailable,

    /// <summary>The folder of trust anchors could not be read.</summary>
    TrustUnreadable,

    /// <summary>The folder of a sample authority is missing, incomplete or already there.</summary>
    AuthorityUnusable,

    /// <summary>A certificate could not be parsed.</summary>
    CertificateMalformed,

    /// <summary>A CMS structure could not be parsed.</summary>
    CmsMalformed,

    /// <summary>No font for a visible signature is installed, or the one that was named cannot be embedded.</summary>
    FontUnavailable,

    /// <summary>The picture of a visible signature is no PNG, is damaged, or too large.</summary>
    ImageUnusable,

    /// <summary>The signer's name, or the signature to stand beside, is not on the page.</summary>
    NoPlace,

    /// <summary>The request to the signer contradicts itself (a rectangle without a page, an unknown digest).</summary>
    BadRequest,
}

/// <summary>The one exception of this library: which fault, one clear sentence in English and in Vietnamese.</summary>
public sealed class SigningException(SigningFault fault, string english, string vietnamese, Exception? inner = null)
    : Exception(english, inner)
{
    /// <summary>What went wrong, to branch on.</summary>
    public SigningFault Fault { get; } = fault;

    /// <summary>The same sentence as <see cref="Exception.Message"/> for people, in Vietnamese.</summary>
    public string Vietnamese { get; } = vietnamese;
}
