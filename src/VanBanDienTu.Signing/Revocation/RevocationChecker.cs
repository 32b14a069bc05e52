using VanBanDienTu.Signing.Certificates;
using VanBanDienTu.Signing.Paths;

namespace VanBanDienTu.Signing.Revocation;

/// <summary>
/// Learns whether certificates were revoked: first from what is embedded, then by OCSP and CRL in the order of the options. Every answer is
/// verified before it is believed, and «unknown» says why. Safe for any number of threads.
/// </summary>
/// <remarks>Source: RFC 6960 (OCSP), RFC 5280 section 6.3 (CRL).</remarks>
public sealed class RevocationChecker
{
    private const int MaxUrls = 3;
    private const int MaxPoints = 8;

    private readonly TimeProvider _time;
    private readonly RevocationOptions _options;
    private readonly RevocationFetcher _fetcher;

    /// <param name="http">See <see cref="RevocationHttp.CreateClient"/> for one that refuses private addresses.</param>
    public RevocationChecker(HttpClient http, TimeProvider time, RevocationOptions? options = null)
    {
        _time = time;
        _options = options ?? new RevocationOptions();
        _fetcher = new RevocationFetcher(http, time, _options);
    }

    /// <summary>The status of one certificate.</summary>
    /// <param name="certificate">Not an anchor: anchors are not checked.</param>
    /// <param name="issuer">The certificate above it in its validated path.</param>
    /// <param name="embedded">What the document brought along.</param>
    /// <param name="at">The instant the answer must speak for; later answers speak for it too.</param>
    /// <param name="ct">Ends the work.</param>
    public Task<RevocationAnswer> CheckAsync(
        Certificate certificate, Certificate issuer, EmbeddedRevocation embedded, DateTimeOffset at, CancellationToken ct = default) =>
        CheckAsync(new RevocationQuestion(certificate, issuer, at, _time.GetUtcNow(), _options), new RevocationSources(embedded), at, ct).AsTask();

    /// <param name="asked">Whose status, and when.</param>
    /// <param name="sources">What is at hand.</param>
    /// <param name="freshFor">The network is asked unless what is at hand is at least this new.</param>
    /// <param name="ct">Ends the work.</param>
    private async ValueTask<RevocationAnswer> CheckAsync(RevocationQuestion asked, RevocationSources sources, DateTimeOffset freshFor, CancellationToken ct)
    {
        var reasons = new List<LocalText>();
        var embedded = sources.Embedded;
        var inDocument = embedded.IsEmpty ? null : await HeardAsync(asked, embedded, reasons, ct) is { } answer ? answer with { Embedded = true, InDocument = true } : null;
        var own = sources.Kept.IsEmpty ? inDocument : await WithKeptAsync(asked, sources, inDocument, reasons, ct);
        if (own is not null && (IsFinal(own) || own.ThisUpdate + _options.ClockSkew >= freshFor))
            return own;
        var online = await OnlineAsync(asked, embedded, reasons, ct);
        if (own is null)
            return online ?? Unknown(asked, reasons);
        // An older answer that still speaks for the instant is better than none; news is better than both.
        return online is not null && (IsFinal(online) || online.ThisUpdate >= own.ThisUpdate) ? online with { InDocument = inDocument is not null } : own;
    }

    /// <summary>The CRL at an address that a person gave, whole and readable; null with the reason. Its signature is judged when it is used.</summary>
    public async Task<(ReadOnlyMemory<byte>? Crl, LocalText? Why)> DownloadCrlAsync(string url, CancellationToken ct = default)
    {
        var fetched = await _fetcher.GetCrlAsync(url, sample: true, null, ct);
        try
        {
            if (fetched.Body is { } body)
                Crl.Parse(body);
            return (fetched.Body, fetched.Why);
        }
        catch (SigningException e)
        {
            return (null, new LocalText(e.Vietnamese, e.Message));
        }
    }

    /// <summary>The status of every certificate of a valid path below its anchor, in the order of the path.</summary>
    public Task<IReadOnlyList<RevocationAnswer>> CheckPathAsync(
        PathResult path, EmbeddedRevocation embedded, DateTimeOffset at, CancellationToken ct = default) =>
        CheckPathAsync(path, new RevocationSources(embedded), at, at, at, ct);

    /// <summary>The same; the network is asked when what is at hand is older than <paramref name="leafFreshFor"/> for the
    /// first certificate, or <paramref name="issuersFreshFor"/> for those above it.</summary>
    internal async Task<IReadOnlyList<RevocationAnswer>> CheckPathAsync(
        PathResult path, RevocationSources sources, DateTimeOffset at, DateTimeOffset leafFreshFor, DateTimeOffset issuersFreshFor, CancellationToken ct)
    {
        var answers = new List<RevocationAnswer>(path.Chain.Count);
        Func<Certificate, PathResult?>? vouch = sources.Vouch is null ? null : signer => sources.Vouch(signer) is { } found && Equals(found.Anchor, path.Anchor) ? found : null;
        Func<Certificate, bool>? isListed = sources.IsListedResponder is { } listed && path.Anchor is { } anchor ? responder => listed(responder, anchor) : null;
        for (var i = 0; i + 1 < path.Chain.Count; i++)
        {
            var now = sources.Exchanges?.Now ?? _time.GetUtcNow();
            var asked = new RevocationQuestion(path.Chain[i], path.Chain[i + 1], at, now, _options)
            {
                Exchanges = sources.Exchanges,
                Pool = sources.Pool,
                Vouch = vouch,
                IsListedResponder = isListed,
            };
            answers.Add(await CheckAsync(asked, sources, i == 0 ? leafFreshFor : issuersFreshFor, ct));
        }
        return answers;
    }

    // What was kept of an earlier verification speaks beside the document, and like it is not outvoted by where it stands.
    private async ValueTask<RevocationAnswer?> WithKeptAsync(
        RevocationQuestion asked, RevocationSources sources, RevocationAnswer? inDocument, List<LocalText> reasons, CancellationToken ct)
    {
        if (await HeardAsync(asked, sources.Kept, reasons, ct) is not { } kept)
            return inDocument;
        var best = inDocument is null ? kept : Better(inDocument, kept, reasons)!;
        return ReferenceEquals(best, inDocument) ? best : best with { InDocument = inDocument is not null };
    }

    // All that is at hand is heard: a revocation among it is not outvoted by an answer that stands before it.
    private async ValueTask<RevocationAnswer?> HeardAsync(RevocationQuestion asked, EmbeddedRevocation embedded, List<LocalText> reasons, CancellationToken ct)
    {
        RevocationAnswer? best = null;
        foreach (var ocsp in embedded.OcspResponses)
            best = Better(best, await ByOcspAsync(asked, embedded, ocsp, null, ct), reasons);
        return embedded.Crls.Count == 0 ? best : Better(best, await ByCrlsAsync(asked, embedded, embedded.Crls, ct), reasons);
    }

    private static RevocationAnswer? Better(RevocationAnswer? best, RevocationAnswer next, List<LocalText> reasons)
    {
        if (!Settles(next, reasons))
            return best;
        return best is null || (IsFinal(next), next.ThisUpdate ?? default).CompareTo((IsFinal(best), best.ThisUpdate ?? default)) > 0 ? next : best;
    }

    private static bool IsFinal(RevocationAnswer answer) => answer.Status == RevocationStatus.Revoked && !answer.OnHold;

    /// <summary>Whether missing issuers may be fetched at all: hosts were allowed by name, and there is a network.</summary>
    internal bool FetchesIssuers => _options is { AllowedHosts: not null, Offline: false };

    /// <summary>The issuers of a certificate, from the addresses that it names; empty when none may be asked or none is there.</summary>
    internal async Task<IReadOnlyList<Certificate>> FetchIssuersAsync(Certificate certificate, RevocationExchanges? exchanges, CancellationToken ct)
    {
        if (!FetchesIssuers && exchanges is not { IsReplay: true })
            return [];
        foreach (var url in certificate.CaIssuerUrls.Where(u => u.StartsWith("http://", StringComparison.OrdinalIgnoreCase)).Take(MaxUrls))
        {
            var fetched = await _fetcher.GetIssuersAsync(url, exchanges, ct);
            if (fetched.Body is not { } body)
                continue;
            var issuers = IssuerFile.Parse(body).Where(c => c.Subject.Equals(certificate.Issuer) && certificate.CheckSignedBy(c) == SignatureCheck.Valid).ToList();
            if (issuers.Count == 0)
            {
                _fetcher.Forget(fetched);
                continue;
            }
            _fetcher.Keep(fetched, issuers.Max(c => c.NotAfter));
            return issuers;
        }
        return [];
    }

    private async ValueTask<RevocationAnswer?> OnlineAsync(RevocationQuestion asked, EmbeddedRevocation embedded, List<LocalText> reasons, CancellationToken ct) => _options.Order switch
    {
        RevocationOrder.OcspOnly => await OnlineOcspAsync(asked, embedded, reasons, ct),
        RevocationOrder.CrlOnly => await OnlineCrlAsync(asked, embedded, reasons, ct),
        RevocationOrder.CrlThenOcsp => await OnlineCrlAsync(asked, embedded, reasons, ct) ?? await OnlineOcspAsync(asked, embedded, reasons, ct),
        _ => await OnlineOcspAsync(asked, embedded, reasons, ct) ?? await OnlineCrlAsync(asked, embedded, reasons, ct),
    };

    private async ValueTask<RevocationAnswer?> OnlineOcspAsync(RevocationQuestion asked, EmbeddedRevocation embedded, List<LocalText> reasons, CancellationToken ct)
    {
        var urls = asked.Certificate.OcspUrls;
        for (var i = 0; i < urls.Count && i < MaxUrls; i++)
        {
            var fetched = await _fetcher.PostOcspAsync(urls[i], asked, ct);
            if (fetched.Body is not { } body)
            {
                reasons.Add(fetched.Why!);
                continue;
            }
            var answer = await ByOcspAsync(asked, embedded, body, fetched.Nonce, ct);
            if (answer.Status == RevocationStatus.Unknown)
                _fetcher.Forget(fetched);
            else
                _fetcher.Keep(fetched, answer.NextUpdate);
            if (Settles(answer, reasons))
                return answer with { Url = fetched.Url, CacheAge = fetched.Age };
        }
        return null;
    }

    // One list of each distribution point, until they speak together; then what changed since.
    private async ValueTask<RevocationAnswer?> OnlineCrlAsync(RevocationQuestion asked, EmbeddedRevocation embedded, List<LocalText> reasons, CancellationToken ct)
    {
        var lists = new List<Fetched>();
        RevocationAnswer? answer = null;
        foreach (var point in asked.Certificate.Extensions.CrlPoints.Take(MaxPoints))
        {
            if (await FirstOfAsync(point.Urls, asked, reasons, ct) is not { } fetched)
                continue;
            lists.Add(fetched);
            answer = await ByCrlsAsync(asked, embedded, Bodies(lists), ct);
            if (answer.Status == RevocationStatus.Unknown && lists.Count == 1)
                _fetcher.Forget(fetched);
            if (answer.Status != RevocationStatus.Unknown)
                break;
        }
        if (answer is null || !Settles(answer, reasons))
            return null;
        answer = await WithDeltaAsync(asked, embedded, lists, answer, ct);
        foreach (var fetched in lists)
            _fetcher.Keep(fetched, answer.NextUpdate);
        return answer with { Url = lists[^1].Url, CacheAge = lists[^1].Age };
    }

    private async ValueTask<RevocationAnswer> WithDeltaAsync(
        RevocationQuestion asked, EmbeddedRevocation embedded, List<Fetched> lists, RevocationAnswer answer, CancellationToken ct)
    {
        var urls = asked.Certificate.Extensions.FreshestPoints.SelectMany(p => p.Urls).Concat(Crl.Parse(answer.Raw).FreshestUrls).Distinct(StringComparer.Ordinal);
        if (IsFinal(answer) || await FirstOfAsync(urls, asked, [], ct) is not { } delta)
            return answer; // without news of today the complete list speaks until its own end
        lists.Insert(0, delta);
        return await ByCrlsAsync(asked, embedded, Bodies(lists), ct);
    }

    private async ValueTask<Fetched?> FirstOfAsync(IEnumerable<string> urls, RevocationQuestion asked, List<LocalText> reasons, CancellationToken ct)
    {
        foreach (var url in urls.Take(MaxUrls))
        {
            var fetched = await _fetcher.GetCrlAsync(url, asked.IsSample, asked.Exchanges, ct);
            if (fetched.Body is not null)
                return fetched;
            reasons.Add(fetched.Why!);
        }
        return null;
    }

    private static IEnumerable<ReadOnlyMemory<byte>> Bodies(List<Fetched> lists) => lists.Select(l => l.Body!.Value);

    private async ValueTask<RevocationAnswer> ByCrlsAsync(RevocationQuestion asked, EmbeddedRevocation embedded, IEnumerable<ReadOnlyMemory<byte>> lists, CancellationToken ct)
    {
        var answer = CrlJudge.Judge(asked, lists);
        if (answer.Status != RevocationStatus.Good || answer.ResponderCertificate is not { } signer || asked.Vouch?.Invoke(signer) is not { Chain.Count: > 1 } path)
            return answer;
        // An authority that only signs CRLs is itself to be shown as good, by its own issuer's word.
        var itself = await CheckAsync(
            asked with { Certificate = signer, Issuer = path.Chain[1], Vouch = null }, new RevocationSources(embedded) { Exchanges = asked.Exchanges }, asked.At, ct);
        return itself.Status == RevocationStatus.Good ? answer : asked.Unknown(
            $"Cơ quan ký danh sách thu hồi «{signer.CommonName}» đã bị thu hồi hoặc không rõ trạng thái.",
            $"The authority «{signer.CommonName}» that signed the CRL is revoked or its status is unknown.");
    }

    private async ValueTask<RevocationAnswer> ByOcspAsync(
        RevocationQuestion asked, EmbeddedRevocation embedded, ReadOnlyMemory<byte> response, ReadOnlyMemory<byte>? nonce, CancellationToken ct)
    {
        var answer = OcspJudge.Judge(asked, response, nonce);
        if (answer.Status != RevocationStatus.Good || answer.ResponderCertificate is not { OcspNoCheck: false } responder)
            return answer;
        // RFC 6960 section 4.2.2.2.1: a delegated responder without nocheck is itself to be checked, by CRL so as not to circle.
        if (responder.CrlUrls.Count == 0)
            return answer;
        var aboutResponder = asked with { Certificate = responder };
        var itself = CrlJudge.Judge(aboutResponder, embedded.Crls) is { Status: not RevocationStatus.Unknown } known ? known
            : await OnlineCrlAsync(aboutResponder, embedded, [], ct);
        return itself?.Status == RevocationStatus.Good ? answer : asked.Unknown(
            $"Chứng thư của máy chủ OCSP «{responder.CommonName}» đã bị thu hồi hoặc không rõ trạng thái.",
            $"The certificate of the OCSP responder «{responder.CommonName}» is revoked or its status is unknown.");
    }

    private static bool Settles(RevocationAnswer answer, List<LocalText> reasons)
    {
        if (answer.Status != RevocationStatus.Unknown)
            return true;
        if (answer.Why is { } why)
            reasons.Add(why);
        return false;
    }

    private RevocationAnswer Unknown(RevocationQuestion asked, List<LocalText> reasons)
    {
        if (reasons.Count > 0)
        {
            var distinct = reasons.Distinct().ToList();
            return asked.Unknown(string.Join(' ', distinct.Select(r => r.Vi)), string.Join(' ', distinct.Select(r => r.En)));
        }
        return _options.Offline
            ? asked.Unknown("Đang kiểm tra ngoại tuyến và văn bản không kèm thông tin thu hồi.", "Checking offline, and the document brings no revocation information.")
            : asked.Unknown("Chứng thư không ghi nơi hỏi trạng thái thu hồi (OCSP, CRL).", "The certificate names no place to ask for its revocation (OCSP, CRL).");
    }
}
