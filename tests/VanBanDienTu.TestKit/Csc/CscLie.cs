namespace VanBanDienTu.TestKit.Csc;

/// <summary>What a lying or failing signing service does.</summary>
public enum CscLie
{
    None,

    /// <summary>One bit of the value is wrong.</summary>
    WrongValue,

    /// <summary>A good value, over another hash.</summary>
    AnotherHash,

    /// <summary>HTTP 503 to everything.</summary>
    Down,

    /// <summary>HTTP 500 to signatures/signHash.</summary>
    ServerError,

    /// <summary>No answer within any patience.</summary>
    Silent,

    /// <summary>No JSON.</summary>
    Garbage,

    /// <summary>JSON without a signature.</summary>
    Empty,

    /// <summary>More bytes than anybody should read.</summary>
    Endless,

    /// <summary>It repeats PIN and token in its refusal.</summary>
    EchoesSecrets,
}
