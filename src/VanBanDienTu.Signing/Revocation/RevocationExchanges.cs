namespace VanBanDienTu.Signing.Revocation;

/// <summary>One question to an authority and what came of it: a body, or why there was none.</summary>
/// <param name="Key">What was asked, of whom.</param>
/// <param name="Nonce">What an OCSP answer must echo if it echoes any; null when none was sent for it.</param>
public sealed record RevocationExchange(string Key, string Url, ReadOnlyMemory<byte>? Body, LocalText? Why, ReadOnlyMemory<byte>? Nonce = null)
{
    /// <summary>SHA-256 of the body, lower-case hexadecimal, where it is known already.</summary>
    internal string? BodySha256 { get; init; }
}

/// <summary>
/// What one verification asked authorities, and what came back. Kept as evidence; played back, the same file is judged as it was
/// then and nobody is asked. For one verification: its questions come one after another.
/// </summary>
public sealed class RevocationExchanges
{
    private readonly Dictionary<string, RevocationExchange> _all = new(StringComparer.Ordinal);

    private RevocationExchanges(DateTimeOffset now, bool replay) => (Now, IsReplay) = (now, replay);

    /// <summary>What the clock showed: answers from after it are not believed.</summary>
    public DateTimeOffset Now { get; }

    /// <summary>In the order of their keys.</summary>
    public IReadOnlyList<RevocationExchange> All
    {
        get
        {
            RevocationExchange[] all = [.. _all.Values];
            Array.Sort(all, static (a, b) => string.CompareOrdinal(a.Key, b.Key));
            return all;
        }
    }

    internal bool IsReplay { get; }

    /// <summary>Authorities are asked, and what they said is remembered.</summary>
    public static RevocationExchanges Recording(DateTimeOffset now) => new(now, replay: false);

    /// <summary>Nobody is asked: what was answered then is answered again, and what was not asked then is not known.</summary>
    public static RevocationExchanges Replaying(DateTimeOffset now, IEnumerable<RevocationExchange> then)
    {
        var exchanges = new RevocationExchanges(now, replay: true);
        foreach (var exchange in then)
            exchanges._all[exchange.Key] = exchange;
        return exchanges;
    }

    internal void Add(Fetched fetched) => _all[fetched.Key] = new RevocationExchange(fetched.Key, fetched.Url, fetched.Body, fetched.Why, fetched.Nonce) { BodySha256 = fetched.BodySha256 };

    /// <summary>What is known already; null when it has to be asked. One verification asks each question once.</summary>
    internal Fetched? Known(string key, string url)
    {
        if (_all.TryGetValue(key, out var then))
            return new Fetched(key, then.Url, then.Body, TimeSpan.Zero, FromCache: true, then.Why) { Nonce = then.Nonce, BodySha256 = then.BodySha256 };
        return !IsReplay ? null : new Fetched(key, url, null, TimeSpan.Zero, FromCache: true,
            new LocalText("Lần kiểm tra trước không hỏi nơi này.", "The earlier verification did not ask there."));
    }
}
