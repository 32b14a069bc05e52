using System.Security.Cryptography;
using VanBanDienTu.Signing.Revocation;
using VanBanDienTu.Signing.Trust;

namespace VanBanDienTu.Signing.Timestamps;

/// <summary>
/// Obtains timestamps (dấu thời gian) over HTTP from the first authority of a list that gives a good one. Safe for many threads.
/// </summary>
/// <remarks>Source: RFC 3161, with the HTTP binding of its section 3.4.</remarks>
public sealed class TimestampClient : IDisposable
{
    private readonly HttpClient _http;
    private readonly IReadOnlyList<(Uri Address, AuthorityLine Line)> _lines;

    /// <param name="options">At least one authority, by http or https.</param>
    /// <param name="trust">Anchors that the authorities must lead to; null or empty: only what a token says of itself is checked.</param>
    /// <param name="time">The clock that tokens are compared with.</param>
    /// <exception cref="SigningException"><see cref="SigningFault.BadRequest"/>: no authority, or an address that is not HTTP.</exception>
    public TimestampClient(TimestampOptions options, TrustSnapshot? trust, TimeProvider time)
        : this(options, time, () => trust ?? TrustSnapshot.Empty)
    {
    }

    private TimestampClient(TimestampOptions options, TimeProvider time, Func<TrustSnapshot> trust)
    {
        if (options.Authorities.Count == 0)
            throw new SigningException(SigningFault.BadRequest, "Name at least one timestamp authority.", "Hãy chỉ ra ít nhất một máy chủ cấp dấu thời gian.");
        if (options.Authorities.FirstOrDefault(a => !a.IsAbsoluteUri || a.Scheme is not ("http" or "https")) is { } odd)
            throw new SigningException(SigningFault.BadRequest, $"The timestamp authority «{odd}» is not an http or https address.", $"Địa chỉ cấp dấu thời gian «{odd}» không phải http hoặc https.");
        // No redirects; a public name that leads into a private network is not connected to unless it was allowed.
        _http = RevocationHttp.CreateClient(new RevocationOptions
        {
            AllowedHosts = options.PrivateHosts.Count > 0 && options.Authorities.All(a => options.PrivateHosts.Contains(a.Host)) ? options.PrivateHosts : null,
        });
        _http.Timeout = Timeout.InfiniteTimeSpan; // each call has its own
        var check = new TimestampCheck(options, trust);
        _lines = [.. options.Authorities.Select(a => (a, new AuthorityLine(a, _http, time, options, check)))];
    }

    /// <summary>The same for a program whose anchors may be replaced while it runs: they are asked for at every answer.</summary>
    public static TimestampClient Following(Func<TrustSnapshot> trust, TimestampOptions options, TimeProvider time) => new(options, time, trust);

    /// <summary>A timestamp over a hash.</summary>
    /// <param name="digest">Which hash function made <paramref name="hash"/>.</param>
    /// <param name="hash">The message imprint.</param>
    /// <param name="cancellation">Ends the wait with <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="SigningException"><see cref="SigningFault.TimestampUnavailable"/> (worth a retry): what each authority did.</exception>
    public async Task<ObtainedTimestamp> StampAsync(HashAlgorithmName digest, ReadOnlyMemory<byte> hash, CancellationToken cancellation = default)
    {
        var failures = new List<(Uri Address, LocalText Why)>(_lines.Count);
        foreach (var (address, line) in _lines)
        {
            var (token, why) = await line.StampAsync(digest, hash, cancellation);
            if (token is not null)
                return token;
            failures.Add((address, why!));
        }
        throw new SigningException(SigningFault.TimestampUnavailable,
            $"No timestamp could be obtained: {string.Join("; ", failures.Select(f => $"{f.Address}: {f.Why.En}"))}.",
            $"Không lấy được dấu thời gian: {string.Join("; ", failures.Select(f => $"{f.Address}: {f.Why.Vi}"))}.");
    }

    public void Dispose()
    {
        foreach (var (_, line) in _lines)
            line.Dispose();
        _http.Dispose();
    }
}
