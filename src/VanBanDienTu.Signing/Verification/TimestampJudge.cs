using VanBanDienTu.Signing.Certificates;
using VanBanDienTu.Signing.Cms;
using VanBanDienTu.Signing.Paths;
using VanBanDienTu.Signing.Revocation;
using VanBanDienTu.Signing.Timestamps;

namespace VanBanDienTu.Signing.Verification;

/// <summary>Judges the timestamps inside a signature; only one that is intact and trusted today proves anything.</summary>
internal static class TimestampJudge
{
    private const int MaxTokens = 20;

    /// <summary>Every signature timestamp of a signer, in the order of the file.</summary>
    public static async Task<IReadOnlyList<TimestampVerdict>> SignatureTimestampsAsync(CmsSignerInfo signer, TrustJudge judge, IReadOnlyList<Certificate> pool, EmbeddedRevocation embedded, DateTimeOffset at, CancellationToken cancellation)
    {
        var verdicts = new List<TimestampVerdict>();
        foreach (var value in signer.Unsigned(Oids.SignatureTimestamp).Take(MaxTokens))
            verdicts.Add(await OneAsync(value.Raw, signer.SignatureValue, judge, pool, embedded, at, cancellation));
        return verdicts;
    }

    private static async Task<TimestampVerdict> OneAsync(ReadOnlyMemory<byte> token, ReadOnlyMemory<byte> stamped, TrustJudge judge, IReadOnlyList<Certificate> pool, EmbeddedRevocation embedded, DateTimeOffset at, CancellationToken cancellation)
    {
        TimestampToken parsed;
        try
        {
            parsed = TimestampToken.Parse(token);
        }
        catch (SigningException)
        {
            return new TimestampVerdict("signature", Integrity.Malformed, null, null, Indication.TotalFailed);
        }
        var judged = parsed.Judge(oid => MessageHash.TryCompute(oid, stamped.Span, out var hash) ? hash : null, pool, judge.Trust);
        var name = judged.Authority?.Subject.ToString();
        if (judged.Integrity != Integrity.Intact || judged.Authority is not { } authority)
            return new TimestampVerdict("signature", judged.Integrity, parsed.Time, name, judged.Integrity == Integrity.Broken ? Indication.TotalFailed : Indication.Indeterminate);
        var trusted = await judge.JudgeAsync(authority, [.. parsed.Certificates, .. pool], Joined(parsed.Revocation, embedded), at, proven: false, PathPurpose.Timestamping, cancellation);
        return new TimestampVerdict("signature", Integrity.Intact, parsed.Time, name, trusted.Indication);
    }

    public static EmbeddedRevocation Joined(EmbeddedRevocation a, EmbeddedRevocation b) =>
        new([.. a.OcspResponses, .. b.OcspResponses], [.. a.Crls, .. b.Crls]);
}
