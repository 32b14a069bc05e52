using VanBanDienTu.Signing.Certificates;
using VanBanDienTu.Signing.Cms;
using VanBanDienTu.Signing.Paths;
using VanBanDienTu.Signing.Revocation;
using VanBanDienTu.Signing.Timestamps;

namespace VanBanDienTu.Signing.Verification;

/// <summary>
/// Judges the timestamps inside a signature as signatures of their own: at the time at which they are themselves proven to have
/// existed, which a document timestamp over them may put before their authority's expiry or revocation.
/// </summary>
/// <param name="asked">What is common to the timestamps of one signature; certificate and time are those of each.</param>
internal sealed class TimestampJudge(TrustJudge judge, AlgorithmPolicy algorithms, TrustQuestion asked)
{
    private const int MaxTokens = 20;

    /// <summary>Every signature timestamp of a signer, in the order of the file.</summary>
    public async Task<IReadOnlyList<TimestampVerdict>> SignatureTimestampsAsync(CmsSignerInfo signer, CancellationToken cancellation)
    {
        var verdicts = new List<TimestampVerdict>();
        foreach (var value in signer.Unsigned(Oids.SignatureTimestamp).Take(MaxTokens))
            verdicts.Add(await OneAsync("signature", value.Raw, HashOf(signer.SignatureValue), cancellation));
        return verdicts;
    }

    /// <summary>Timestamps over the content, made before the signature: they say after what it was made, and prove nothing of its existence.</summary>
    public async Task<IReadOnlyList<TimestampVerdict>> ContentTimestampsAsync(
        IReadOnlyList<ReadOnlyMemory<byte>> tokens, IReadOnlyDictionary<string, byte[]> digests, CancellationToken cancellation)
    {
        var verdicts = new List<TimestampVerdict>();
        foreach (var token in tokens)
            verdicts.Add(await OneAsync("content", token, oid => digests.GetValueOrDefault(oid), cancellation));
        return verdicts;
    }

    /// <summary>One token over given bytes.</summary>
    public Task<TimestampVerdict> OneAsync(ReadOnlyMemory<byte> token, ReadOnlyMemory<byte> stamped, CancellationToken cancellation) =>
        OneAsync("signature", token, HashOf(stamped), cancellation);

    private static Func<string, byte[]?> HashOf(ReadOnlyMemory<byte> stamped) => oid => MessageHash.TryCompute(oid, stamped.Span, out var hash) ? hash : null;

    private async Task<TimestampVerdict> OneAsync(string kind, ReadOnlyMemory<byte> token, Func<string, byte[]?> digestOf, CancellationToken cancellation)
    {
        TimestampToken parsed;
        TimestampJudgement judged;
        try
        {
            parsed = TimestampToken.Parse(token);
            judged = parsed.Judge(digestOf, asked.Pool, judge.Trust);
        }
        catch (SigningException)
        {
            return new TimestampVerdict(kind, Integrity.Malformed, null, null, Indication.TotalFailed);
        }
        var name = judged.Authority?.Subject.ToString();
        if (judged.Integrity != Integrity.Intact || judged.Authority is not { } authority)
            return new TimestampVerdict(kind, judged.Integrity, parsed.Time, name, judged.Integrity == Integrity.Broken ? Indication.TotalFailed : Indication.Indeterminate);
        asked.Evidence.AddTimestamp(token);
        var own = asked with
        {
            Certificate = authority,
            Pool = [.. parsed.Certificates, .. asked.Pool],
            Purpose = PathPurpose.Timestamping,
            StampedAt = parsed.Time,
        };
        var trusted = await judge.JudgeAsync(own, cancellation);
        return new TimestampVerdict(kind, Integrity.Intact, parsed.Time, name, trusted.Passed && IsWeak(parsed, parsed.Signer, authority) ? Indication.Indeterminate : trusted.Indication);
    }

    // What makes the token hold: the hash of what it stamps, the hash and the key of its signature.
    private bool IsWeak(TimestampToken token, CmsSignerInfo signer, Certificate authority)
    {
        var since = asked.Proven ?? asked.At;
        return algorithms.ExpiredHash(MessageHash.Name(token.HashOid), since) is not null
            || algorithms.ExpiredHash(MessageHash.Name(signer.Digest.Oid), since) is not null
            || (CmsCheck.AlgorithmOf(signer) is { } algorithm && algorithms.FirstExpired(algorithm, authority.PublicKey, since) is not null);
    }

    public static EmbeddedRevocation Joined(EmbeddedRevocation a, EmbeddedRevocation b) =>
        a.IsEmpty ? b : b.IsEmpty ? a : new([.. a.OcspResponses, .. b.OcspResponses], [.. a.Crls, .. b.Crls]);
}
