namespace VanBanDienTu.Signing.Reports;

/// <summary>The page of a signature as it was signed and as it is shown now, as PNG; null where there is no picture.</summary>
/// <param name="Field">The signature's field.</param>
/// <param name="Page">From 1.</param>
public sealed record PagePicture(string Field, int Page, byte[]? AsSigned, byte[]? AsNow)
{
    /// <summary>Both show the same.</summary>
    public bool Same => AsSigned is not null && AsNow is not null && AsSigned.AsSpan().SequenceEqual(AsNow);
}
