namespace VanBanDienTu.Signing.Revocation;

/// <summary>One entry of the explicit list of address rewritings, as people write it: «FROM=TO».</summary>
public static class UrlRewrite
{
    /// <summary>The prefix to replace and what replaces it; null when one of them is not an HTTP address.</summary>
    /// <remarks>An address may hold «=» itself, so the two are told apart at the one that a second scheme follows.</remarks>
    public static KeyValuePair<string, string>? Parse(string text)
    {
        for (var at = text.IndexOf('=', StringComparison.Ordinal); at > 0; at = text.IndexOf('=', at + 1))
        {
            if (IsHttp(text[..at]) && IsHttp(text[(at + 1)..]))
                return KeyValuePair.Create(text[..at], text[(at + 1)..]);
        }
        return null;
    }

    private static bool IsHttp(string text) => Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is ("http" or "https");
}
