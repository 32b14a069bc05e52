namespace VanBanDienTu.Relay.Storage;

/// <summary>Where a page of a list ended: an instant and an id, so that rows that come or go meanwhile do not shift the pages.</summary>
internal static class PageToken
{
    public static string Write(DateTimeOffset at, Guid id) => $"{at.ToUnixTimeMilliseconds()}-{id:D}";

    /// <summary>Null for an empty token.</summary>
    /// <exception cref="RelayException"><see cref="RelayFault.InvalidField"/>.</exception>
    public static (long At, string Id)? Read(string? token)
    {
        if (string.IsNullOrEmpty(token))
            return null;
        var dash = token.IndexOf('-');
        if (dash > 0 && long.TryParse(token.AsSpan(0, dash), out var at) && Guid.TryParseExact(token.AsSpan(dash + 1), "D", out var id))
            return (at, id.ToString("D"));
        throw RelayException.For([new("page_token", "không phải mã trang của danh sách này.", "is not a page token of this list.")]);
    }
}
