using VanBanDienTu.Signing.Certificates;
using VanBanDienTu.Signing.Paths;

namespace VanBanDienTu.Signing.Revocation;

/// <summary>
/// Learns whether certificates were revoked: first from what is embedded, then by OCSP, then by CRL. Every answer is
/// verified before it is believed, and «unknown» says why. Safe for any number of threads.
/// </summary>
/// <remarks>Source: RFC 6960 (OCSP), RFC 5280 section 6.3 (CRL). Partitioned, indirect and delta CRLs are not used.</remarks>
public sealed class RevocationChecker
{
    private const int MaxUrls = 3;

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
    public async Task<RevocationAnswer> CheckAsync(
        Certificate certificate, Certificate issuer, EmbeddedRevocation embedded, DateTimeOffset at, CancellationToken ct = default)
    {
        var asked = new RevocationQuestion(certificate, issuer, at, _time.GetUtcNow(), _options);
        var reasons = new List<LocalText>();
        foreach (var ocsp in embedded.OcspResponses)
        {
            if (await ByOcspAsync(asked, ocsp, null, ct) is { } answer && Settles(answer, reasons))
                return answer with { Embedded = true };
        }
        foreach (var crl in embedded.Crls)
        {
            if (CrlJudge.Judge(asked, crl) is { } answer && Settles(answer, reasons))
                return answer with { Embedded = true };
        }
        return await OnlineOcspAsync(asked, reasons, ct)
            ?? await OnlineCrlAsync(asked, reasons, ct)
            ?? Unknown(asked, reasons);
    }

    /// <summary>The status of every certificate of a valid path below its anchor, in the order of the path.</summary>
    public async Task<IReadOnlyList<RevocationAnswer>> CheckPathAsync(
        PathResult path, EmbeddedRevocation embedded, DateTimeOffset at, CancellationToken ct = default)
    {
        var answers = new List<RevocationAnswer>(path.Chain.Count);
        for (var i = 0; i + 1 < path.Chain.Count; i++)
            answers.Add(await CheckAsync(path.Chain[i], path.Chain[i + 1], embedded, at, ct));
        return answers;
    }

    private async Task<RevocationAnswer?> OnlineOcspAsync(RevocationQuestion asked, List<LocalText> reasons, CancellationToken ct)
    {
        foreach (var url in asked.Certificate.OcspUrls.Take(MaxUrls))
        {
            var request = OcspRequest.For(asked.Certificate, asked.Issuer);
            var fetched = await _fetcher.PostOcspAsync(url, request, asked.IsSample, ct);
            if (fetched.Body is not { } body)
            {
                reasons.Add(fetched.Why!);
                continue;
            }
            var answer = await ByOcspAsync(asked, body, fetched.FromCache ? null : request.Nonce, ct);
            if (answer.Status == RevocationStatus.Unknown)
                _fetcher.Forget(fetched);
            else
                _fetcher.Keep(fetched, answer.NextUpdate);
            if (Settles(answer, reasons))
                return answer with { Url = fetched.Url, CacheAge = fetched.Age };
        }
        return null;
    }

    private async Task<RevocationAnswer?> OnlineCrlAsync(RevocationQuestion asked, List<LocalText> reasons, CancellationToken ct)
    {
        foreach (var url in asked.Certificate.CrlUrls.Take(MaxUrls))
        {
            var fetched = await _fetcher.GetCrlAsync(url, asked.IsSample, ct);
            if (fetched.Body is not { } body)
            {
                reasons.Add(fetched.Why!);
                continue;
            }
            var answer = CrlJudge.Judge(asked, body);
            if (answer.Status == RevocationStatus.Unknown)
                _fetcher.Forget(fetched);
            else
                _fetcher.Keep(fetched, answer.NextUpdate);
            if (Settles(answer, reasons))
                return answer with { Url = fetched.Url, CacheAge = fetched.Age };
        }
        return null;
    }

    private async Task<RevocationAnswer> ByOcspAsync(
        RevocationQuestion asked, ReadOnlyMemory<byte> response, ReadOnlyMemory<byte>? nonce, CancellationToken ct)
    {
        var answer = OcspJudge.Judge(asked, response, nonce);
        if (answer.Status != RevocationStatus.Good || answer.ResponderCertificate is not { OcspNoCheck: false } responder)
            return answer;
        // RFC 6960 section 4.2.2.2.1: a delegated responder without nocheck is itself to be checked, by CRL so as not to circle.
        if (responder.CrlUrls.Count == 0)
            return answer;
        var itself = await OnlineCrlAsync(asked with { Certificate = responder }, [], ct);
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
