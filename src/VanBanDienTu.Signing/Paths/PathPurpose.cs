namespace VanBanDienTu.Signing.Paths;

/// <summary>What the first certificate of a path is used for.</summary>
public enum PathPurpose
{
    /// <summary>Signing documents and evidence.</summary>
    Signing,

    /// <summary>A timestamp authority (RFC 3161): its extended key usage is critical and nothing but timeStamping.</summary>
    Timestamping,

    OcspSigning,

    TlsClient,

    TlsServer,

    /// <summary>No judgement of key usage: the path itself is asked for.</summary>
    Any,
}
