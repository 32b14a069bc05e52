using VanBanDienTu.Signing.Certificates;

namespace VanBanDienTu.Signing.Timestamps;

/// <summary>What an authority answered: a token, or a status and its own words why not.</summary>
/// <remarks>Source: RFC 3161 section 2.4.2.</remarks>
public sealed record TimestampResponse(int Status, string? Text, ReadOnlyMemory<byte>? Token)
{
    private static readonly string[] Names =
        ["granted", "grantedWithMods", "rejection", "waiting", "revocationWarning", "revocationNotification"];

    public bool IsGranted => Status is 0 or 1 && Token is not null;

    public string StatusName => Status >= 0 && Status < Names.Length ? Names[Status] : $"status {Status}";

    /// <exception cref="SigningException"><see cref="SigningFault.CertificateMalformed"/></exception>
    public static TimestampResponse Parse(ReadOnlyMemory<byte> der)
    {
        var inside = new DerReader(der, "timestamp").Enter(DerReader.Sequence);
        var info = inside.Enter(DerReader.Sequence);
        var status = info.ReadSmallInteger();
        string? text = null;
        if (info.TryEnter(DerReader.Sequence, out var lines) && !lines.AtEnd)
            text = DerString.Read(lines.ReadRaw());
        return new TimestampResponse(status, text, inside.AtEnd ? null : inside.ReadRaw());
    }
}
