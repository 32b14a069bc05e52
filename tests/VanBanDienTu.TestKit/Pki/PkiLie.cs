namespace VanBanDienTu.TestKit.Pki;

/// <summary>What a lying or failing authority does with the next requests.</summary>
public enum PkiLie
{
    None,

    /// <summary>One bit of the signature is wrong.</summary>
    WrongSignature,

    /// <summary>An honest answer of two days ago.</summary>
    Stale,

    /// <summary>An honest answer of tomorrow.</summary>
    FromTheFuture,

    /// <summary>The OCSP answer or the timestamp echoes another nonce.</summary>
    WrongNonce,

    /// <summary>The timestamp is about another hash.</summary>
    WrongImprint,

    /// <summary>The timestamp is signed by an authority whose certificate ended yesterday.</summary>
    ExpiredCertificate,

    /// <summary>The timestamp authority says no.</summary>
    Refusal,

    /// <summary>The OCSP answer is about another certificate.</summary>
    AnotherCertificate,

    /// <summary>The OCSP answer is signed by the responder of another authority.</summary>
    AnotherResponder,

    /// <summary>OCSP «tryLater».</summary>
    TryLater,

    /// <summary>HTTP 500.</summary>
    ServerError,

    /// <summary>No answer within any patience.</summary>
    Silent,

    /// <summary>Bytes that are no DER at all.</summary>
    Garbage,

    /// <summary>The first half of an honest answer.</summary>
    CutOff,

    /// <summary>More bytes than anybody should read.</summary>
    Endless,

    /// <summary>An honest CRL of 50 MB.</summary>
    Huge,
}
