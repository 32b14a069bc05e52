namespace VanBanDienTu.Axis.Vxp;

/// <summary>How one system speaks to the axis.</summary>
public sealed record VxpClientOptions
{
    /// <summary>Such as <c>http://10.0.0.1:8080/XrdAdapter/adapter</c>; operations are appended.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>Such as <c>00.53.W00</c>.</summary>
    public required string SystemId { get; init; }

    /// <summary>Asked on every request, so that a rotated secret counts at once.</summary>
    public required Func<string> Secret { get; init; }

    public HashFileEncoding HashFile { get; init; } = HashFileEncoding.Legacy;

    /// <summary>For an answer's headers to come; a packet itself may take as long as it keeps flowing.</summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(100);

    /// <summary>Bytes of one packet.</summary>
    public long MaxPacketBytes { get; init; } = 8L << 30;

    /// <summary>Bytes of a list.</summary>
    public int MaxListBytes { get; init; } = 128 << 20;
}
