namespace VanBanDienTu.Gateway;

/// <summary>Why a node does not start or stops by itself.</summary>
public enum GatewayFault
{
    /// <summary>The configuration file is missing, is not JSON, or says something that cannot be.</summary>
    ConfigurationInvalid,

    /// <summary>A key file or its password file is missing or unreadable.</summary>
    KeyFileMissing,

    /// <summary>The password does not open the key file.</summary>
    WrongPassword,

    /// <summary>The key file opens, but what is inside cannot be used for its purpose.</summary>
    KeyUnusable,

    /// <summary>The picture of an organ's seal is missing, no PNG, or not transparent.</summary>
    SealUnusable,

    /// <summary>The node's own certificate is expired or not yet valid.</summary>
    CertificateOutOfDate,

    /// <summary>The trust folder is missing or holds something that is not accepted.</summary>
    TrustInvalid,

    /// <summary>Another program listens on the address, or the address is not ours.</summary>
    AddressInUse,

    /// <summary>The data folder cannot be written, or another node runs on it.</summary>
    DataUnavailable,
}

/// <summary>Ends a node's start with one sentence for the person at the keyboard: what, where, what to do.</summary>
public sealed class GatewayException : Exception
{
    public GatewayException(GatewayFault fault, string vi, string en, Exception? inner = null)
        : base(en, inner)
    {
        Fault = fault;
        Vi = vi;
        En = en;
    }

    public GatewayFault Fault { get; }

    public string Vi { get; }

    public string En { get; }
}
