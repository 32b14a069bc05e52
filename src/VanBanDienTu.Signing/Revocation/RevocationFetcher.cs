using System.Net;
using System.Net.Http.Headers;

namespace VanBanDienTu.Signing.Revocation;

/// <summary>What came back for one URL: a body, or why not.</summary>
internal sealed record Fetched(string Key, string Url, ReadOnlyMemory<byte>? Body, TimeSpan Age, bool FromCache, LocalText? Why)
{
    /// <summary>Sent with the request that this answers; null when the answer was checked before or carries none.</summary>
    public ReadOnlyMemory<byte>? Nonce { get; init; }

    /// <summary>SHA-256 of the body, lower-case hexadecimal, where it is known already.</summary>
    public string? BodySha256 { get; init; }
}

/// <summary>One thing to fetch.</summary>
/// <param name="Key">Names it in the memory of what was fetched.</param>
/// <param name="Build">Makes the request, when somebody has to be asked, and says what nonce is in it.</param>
internal sealed record FetchOrder(string Key, string Url, bool Sample, int MaxBytes, Func<Uri, (HttpRequestMessage Message, ReadOnlyMemory<byte>? Nonce)> Build);

/// <summary>OCSP and CRL over HTTP, with limits on where, how long and how much, and a memory of what was good or failed.</summary>
internal sealed class RevocationFetcher(HttpClient http, TimeProvider time, RevocationOptions options)
{
    /// <summary>So much more time is a long list given than a short answer, as long as it keeps coming.</summary>
    private const int MostTimeouts = 12;

    private const int Step = 1 << 20;

    private readonly BlobCache _kept = new(options.MaxCacheBytes);
    private readonly BlobFolder? _folder = options.CacheFolder is { } folder ? new BlobFolder(folder) : null;
    private readonly Certificates.BoundedCache<string, (DateTimeOffset At, LocalText Why)> _failed = new(1024);

    public ValueTask<Fetched> PostOcspAsync(string url, RevocationQuestion asked, CancellationToken ct)
    {
        var key = $"{url} {asked.Issuer.PublicKey.Sha1OfKeyHex} {Convert.ToHexStringLower(asked.Certificate.SerialRaw.Span)}";
        var order = new FetchOrder(key, url, asked.IsSample, options.MaxOcspBytes, target =>
        {
            var request = OcspRequest.For(asked.Certificate, asked.Issuer);
            var content = new ReadOnlyMemoryContent(request.Der);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/ocsp-request");
            return (new HttpRequestMessage(HttpMethod.Post, target) { Content = content }, request.Nonce);
        });
        return FetchAsync(order, asked.Exchanges, ct);
    }

    public ValueTask<Fetched> GetCrlAsync(string url, bool sample, RevocationExchanges? exchanges, CancellationToken ct) =>
        FetchAsync(new FetchOrder(url, url, sample, options.MaxCrlBytes, target => (new HttpRequestMessage(HttpMethod.Get, target), null)), exchanges, ct);

    /// <summary>A file of certificates; only where the options allow the host by name.</summary>
    public ValueTask<Fetched> GetIssuersAsync(string url, RevocationExchanges? exchanges, CancellationToken ct) =>
        FetchAsync(new FetchOrder("issuers " + url, url, Sample: false, options.MaxOcspBytes, target => (new HttpRequestMessage(HttpMethod.Get, target), null)), exchanges, ct);

    /// <summary>The answer was verified and is of use: keep it until its next update, and not longer than the options say.</summary>
    public void Keep(Fetched fetched, DateTimeOffset? nextUpdate)
    {
        if (fetched is not { FromCache: false, Body: { } body } || nextUpdate is not { } next)
            return;
        var blob = new BlobCache.Blob(fetched.Url, body, time.GetUtcNow(), next);
        _kept.Set(fetched.Key, blob);
        _folder?.Keep(fetched.Key, blob);
    }

    public void Forget(Fetched fetched) => _kept.Remove(fetched.Key);

    // What is at hand, as it is for nearly every file of a folder, is answered without waiting.
    private ValueTask<Fetched> FetchAsync(FetchOrder order, RevocationExchanges? exchanges, CancellationToken ct)
    {
        if (exchanges?.Known(order.Key, order.Url) is { } known)
            return new(known);
        var now = time.GetUtcNow();
        var kept = Kept(order.Key);
        // Without a network the judge decides whether it still speaks for the instant asked about.
        if (kept is null || !(options.Offline || (now < kept.Until && now - kept.FetchedAt < options.MaxCacheAge && now >= kept.FetchedAt)))
            return new(AskedAsync(order, kept, now, exchanges, ct));
        var fetched = FromCache(order.Key, kept, now);
        exchanges?.Add(fetched);
        return new(fetched);
    }

    private async Task<Fetched> AskedAsync(FetchOrder order, BlobCache.Blob? kept, DateTimeOffset now, RevocationExchanges? exchanges, CancellationToken ct)
    {
        var fetched = await AskAsync(order, kept, now, ct);
        exchanges?.Add(fetched);
        return fetched;
    }

    private BlobCache.Blob? Kept(string key)
    {
        if (_kept.TryGet(key, out var blob))
            return blob;
        if (_folder?.Find(key) is not { } stored)
            return null;
        _kept.Set(key, stored);
        return stored;
    }

    private async Task<Fetched> AskAsync(FetchOrder order, BlobCache.Blob? kept, DateTimeOffset now, CancellationToken ct)
    {
        var (key, url) = (order.Key, order.Url);
        if (options.Offline)
            return Failed(key, url, new LocalText("Đang kiểm tra ngoại tuyến, không hỏi trạng thái thu hồi qua mạng.", "Checking offline: revocation was not asked for over the network."));
        if (Target(url, order.Sample, out var target) is { } refused)
            return Failed(key, url, refused);
        if (_failed.TryGet(url, out var earlier) && now - earlier.At < options.RetryFailedAfter && now >= earlier.At)
            return Failed(key, url, earlier.Why);
        var (message, nonce) = order.Build(target!);
        var (body, why) = await ExchangeAsync(message, order.MaxBytes, ct);
        if (body is not null)
        {
            _failed.Remove(url);
            return new Fetched(key, target!.ToString(), body, TimeSpan.Zero, FromCache: false, null) { Nonce = nonce };
        }
        _failed.Set(url, (now, why!));
        return kept is not null && now < kept.Until && now >= kept.FetchedAt ? FromCache(key, kept, now) : Failed(key, url, why!);
    }

    private static Fetched FromCache(string key, BlobCache.Blob kept, DateTimeOffset now) =>
        new(key, kept.Url, kept.Body, now - kept.FetchedAt, FromCache: true, null) { BodySha256 = kept.Sha256 };

    private async Task<(byte[]? Body, LocalText? Why)> ExchangeAsync(HttpRequestMessage request, int maxBytes, CancellationToken ct)
    {
        var host = request.RequestUri!.Authority;
        using var _ = request;
        using var limit = new CancellationTokenSource(options.Timeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        var begun = time.GetTimestamp();
        void GoOn()
        {
            if (time.GetElapsedTime(begun) < options.Timeout * MostTimeouts)
                limit.CancelAfter(options.Timeout);
        }

        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, both.Token);
            if (response.StatusCode != HttpStatusCode.OK)
                return (null, new LocalText($"{host} trả lời HTTP {(int)response.StatusCode}.", $"{host} answered HTTP {(int)response.StatusCode}."));
            var body = await ReadLimitedAsync(response.Content, maxBytes, GoOn, both.Token);
            return body is not null ? (body, null)
                : (null, new LocalText($"Phản hồi của {host} lớn hơn {maxBytes} byte.", $"The answer of {host} is larger than {maxBytes} bytes."));
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return (null, new LocalText(
                $"{host} không trả lời trong {options.Timeout.TotalSeconds:0} giây.", $"{host} did not answer within {options.Timeout.TotalSeconds:0} s."));
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return (null, new LocalText($"Không kết nối được {host}: {e.Message}", $"{host} could not be reached: {e.Message}"));
        }
    }

    /// <param name="goOn">Called at every MiB: a long list over a slow line takes longer than an answer may keep us waiting.</param>
    private static async Task<byte[]?> ReadLimitedAsync(HttpContent content, int maxBytes, Action goOn, CancellationToken ct)
    {
        if (content.Headers.ContentLength > maxBytes)
            return null;
        await using var stream = await content.ReadAsStreamAsync(ct);
        // A list may be 50 MB: it is held once, not while it grows and then once more.
        using var body = new MemoryStream((int)(content.Headers.ContentLength ?? 0));
        var buffer = new byte[16 * 1024];
        while (await stream.ReadAsync(buffer, ct) is > 0 and var read)
        {
            if (body.Length + read > maxBytes)
                return null;
            if ((body.Length + read) / Step > body.Length / Step)
                goOn();
            body.Write(buffer, 0, read);
        }
        return body.Capacity == body.Length ? body.GetBuffer() : body.ToArray();
    }

    private LocalText? Target(string url, bool sample, out Uri? target)
    {
        foreach (var (prefix, replacement) in options.UrlRewrites)
        {
            if (!url.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
                continue;
            url = string.Concat(replacement, url.AsSpan(prefix.Length));
            break; // once: what was rewritten is not looked up in the list again
        }
        if (!Uri.TryCreate(url, UriKind.Absolute, out target) || target.Scheme is not ("http" or "https"))
            return new LocalText($"Địa chỉ «{url}» không phải HTTP.", $"The address «{url}» is not HTTP.");
        if (options.AllowedHosts is { } allowed)
        {
            return allowed.Contains(target.Host) ? null : new LocalText(
                $"Máy chủ {target.Host} không có trong danh sách được phép hỏi.", $"The host {target.Host} is not on the list of those that may be asked.");
        }
        return sample || !RevocationHttp.IsPrivateName(target.Host) ? null : new LocalText(
            $"Không hỏi địa chỉ nội bộ {target.Host} ghi trong chứng thư; hãy thêm vào danh sách được phép nếu đúng.",
            $"The private address {target.Host} in the certificate is not asked; add it to the allowed hosts if it is right.");
    }

    private static Fetched Failed(string key, string url, LocalText why) => new(key, url, null, TimeSpan.Zero, FromCache: false, why);
}
