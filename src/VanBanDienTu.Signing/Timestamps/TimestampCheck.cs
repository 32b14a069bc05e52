using System.Globalization;
using VanBanDienTu.Signing.Certificates;
using VanBanDienTu.Signing.Paths;
using VanBanDienTu.Signing.Revocation;
using VanBanDienTu.Signing.Trust;

namespace VanBanDienTu.Signing.Timestamps;

/// <summary>Believes nothing of an answer: status, imprint, nonce, policy, time, signature, purpose and path.</summary>
/// <remarks>Source: RFC 3161 section 2.2 («the requesting entity SHALL verify»).</remarks>
internal sealed class TimestampCheck(TimestampOptions options, Func<TrustSnapshot> anchors)
{
    public TimestampCheck(TimestampOptions options, TrustSnapshot trust)
        : this(options, () => trust)
    {
    }

    /// <param name="from">Who was asked.</param>
    /// <param name="asked">What was asked.</param>
    /// <param name="body">What came back.</param>
    /// <param name="sent">When it was asked.</param>
    /// <param name="received">When it came back.</param>
    public (ObtainedTimestamp? Token, LocalText? Why) Judge(Uri from, TimestampRequest asked, ReadOnlyMemory<byte> body, DateTimeOffset sent, DateTimeOffset received)
    {
        TimestampToken token;
        try
        {
            var response = TimestampResponse.Parse(body);
            if (!response.IsGranted)
                return Refused($"từ chối: {response.StatusName} {response.Text}".TrimEnd(), $"refused: {response.StatusName} {response.Text}".TrimEnd());
            token = TimestampToken.Parse(response.Token!.Value);
        }
        catch (SigningException e)
        {
            return Refused($"trả lời không đọc được: {e.Vietnamese}", $"the answer cannot be read: {e.Message}");
        }
        if (About(token, asked, sent, received) is { } wrong)
            return (null, wrong);
        var trust = anchors();
        var judged = token.Judge(oid => string.Equals(oid, asked.HashOid, StringComparison.Ordinal) ? asked.Hash.ToArray() : null, trust.Anchors, trust);
        if (judged.Integrity != Integrity.Intact || judged.Authority is not { } authority)
            return (null, judged.Failure ?? new LocalText("dấu thời gian không nguyên vẹn", "the token is not intact"));
        return Authority(from, token, authority, judged.Path!, trust) is { } problem ? (null, problem) : (new ObtainedTimestamp(token, authority, from), null);
    }

    private LocalText? About(TimestampToken token, TimestampRequest asked, DateTimeOffset sent, DateTimeOffset received)
    {
        if (!string.Equals(token.HashOid, asked.HashOid, StringComparison.Ordinal) || !token.Imprint.Span.SequenceEqual(asked.Hash.Span))
            return new LocalText("dấu thời gian được cấp cho nội dung khác (imprint sai)", "the token is about other content (wrong message imprint)");
        if (token.Nonce is not { } nonce || !nonce.Span.TrimStart((byte)0).SequenceEqual(asked.Nonce!.Value.Span.TrimStart((byte)0)))
            return new LocalText("số ngẫu nhiên (nonce) không đúng: có thể là câu trả lời cũ", "the nonce is wrong: it may be an old answer");
        if (asked.PolicyOid is { } policy && !string.Equals(policy, token.PolicyOid, StringComparison.Ordinal))
            return new LocalText($"chính sách {token.PolicyOid} khác với yêu cầu {policy}", $"the policy {token.PolicyOid} is not the requested {policy}");
        return token.Time < sent - options.MaxClockDifference || token.Time > received + options.MaxClockDifference
            ? new LocalText($"thời điểm {Text(token.Time)} lệch với đồng hồ máy này ({Text(received)}); hãy kiểm tra đồng hồ", $"its time {Text(token.Time)} is far from this machine's clock ({Text(received)}); check the clock")
            : null;
    }

    private LocalText? Authority(Uri from, TimestampToken token, Certificate authority, PathResult path, TrustSnapshot trust)
    {
        if (token.SigningCertificate?.Matches(authority) == false)
            return new LocalText("dấu thời gian chỉ định chứng thư khác (ESSCertID)", "the token names another certificate (ESSCertID)");
        // A private address is the business of whoever named it; by default only a sample authority lives there.
        if (RevocationHttp.IsPrivateName(from.Host) && !authority.IsSample && !options.PrivateHosts.Contains(from.Host))
            return new LocalText(
                $"địa chỉ nội bộ {from.Host} chỉ dùng được với cơ quan cấp mẫu; nếu đúng, hãy cho phép máy chủ này",
                $"the private address {from.Host} is for sample authorities only; if it is right, allow that host");
        if (!trust.IsEmpty)
            return path.Failure is { } failure ? new LocalText($"chứng thư của cơ quan cấp dấu thời gian: {failure.Vi}", $"the authority's certificate: {failure.En}") : null;
        if (token.Time < authority.NotBefore || token.Time > authority.NotAfter)
            return new LocalText($"chứng thư «{authority.CommonName}» hết hạn ngày {Text(authority.NotAfter)}", $"the certificate «{authority.CommonName}» is valid until {Text(authority.NotAfter)} only");
        return PurposeRules.Judge([authority], PathPurpose.Timestamping) is { } purpose ? new LocalText(purpose.Vi, purpose.En) : null;
    }

    private static (ObtainedTimestamp?, LocalText) Refused(string vi, string en) => (null, new LocalText(vi, en));

    private static string Text(DateTimeOffset time) => time.ToOffset(TimeSpan.FromHours(7)).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);
}
