using VanBanDienTu.Signing.Certificates;

namespace VanBanDienTu.Signing.Revocation;

/// <summary>What one complete list, with a delta list over it or without, says about one certificate.</summary>
/// <param name="Revoked">The entry; null when the certificate is not listed.</param>
/// <param name="Why">Why it says nothing that could be relied on; null when it does.</param>
internal sealed record CrlWord(UsableCrl Complete, UsableCrl? Delta, CrlEntry? Revoked, LocalText? Why)
{
    public CrlReasons Reasons => Complete.Reasons;

    public DateTimeOffset ThisUpdate => (Delta ?? Complete).List.ThisUpdate;

    public bool OnHold => Revoked?.Reason == RevocationReasons.CertificateHold;

    private DateTimeOffset? NextUpdate => (Delta ?? Complete).List.NextUpdate;

    public static CrlWord Of(RevocationQuestion asked, UsableCrl complete, UsableCrl? delta)
    {
        // A stale delta list is worse than none: the complete one may still be fresh.
        if (delta is not null && asked.Staleness(delta.List.ThisUpdate, delta.List.NextUpdate, RevocationSource.Crl) is not null)
            delta = null;
        var entry = Entry(asked, delta) ?? Entry(asked, complete);
        if (entry?.Reason == RevocationReasons.RemoveFromCrl)
            entry = null;
        var word = new CrlWord(complete, delta, entry, null);
        // Listed is listed, also under an extension we cannot read; only a hold may have been lifted since.
        if (entry is not null && !word.OnHold)
            return word;
        if (asked.Staleness(word.ThisUpdate, word.NextUpdate, RevocationSource.Crl) is { } stale)
            return word with { Revoked = null, Why = stale };
        return entry is null && DroppedWhenExpired(asked.Certificate, complete.List)
            ? word with
            {
                Why = new LocalText(
                    "Danh sách thu hồi được lập sau khi chứng thư hết hạn nên không còn nói về chứng thư này.",
                    "The CRL was made after the certificate had expired, so it no longer speaks for it."),
            }
            : word;
    }

    public RevocationAnswer Answer(RevocationQuestion asked) => new()
    {
        Certificate = asked.Certificate,
        Status = Revoked is null ? RevocationStatus.Good : RevocationStatus.Revoked,
        Source = RevocationSource.Crl,
        ThisUpdate = ThisUpdate,
        NextUpdate = NextUpdate,
        RevokedAt = Revoked?.RevokedAt,
        InvalidSince = Revoked?.InvalidSince,
        Reason = Revoked is null ? null : RevocationReasons.Name(Revoked.Reason),
        Responder = Complete.List.Issuer.ToString(),
        Algorithm = Complete.List.Algorithm,
        SignerKey = Complete.Signer.PublicKey,
        ResponderCertificate = Complete.Signer.Equals(asked.Issuer) ? null : Complete.Signer,
        Raw = Complete.List.Raw,
        Further = Delta is null ? [] : [Delta.List.Raw],
    };

    /// <summary>Lists that speak for all reasons only together: as old as the oldest, as long as the shortest.</summary>
    public static RevocationAnswer Together(RevocationQuestion asked, IReadOnlyList<CrlWord> parts)
    {
        var oldest = parts[^1];
        return oldest.Answer(asked) with
        {
            NextUpdate = parts.Any(p => p.NextUpdate is null) ? null : parts.Min(p => p.NextUpdate),
            Further = [.. parts.SelectMany(p => p.Answer(asked).Further.Prepend(p.Complete.List.Raw)).Where(raw => !raw.Equals(oldest.Complete.List.Raw))],
        };
    }

    private static CrlEntry? Entry(RevocationQuestion asked, UsableCrl? list) => list?.List.Find(asked.Certificate.SerialRaw.Span, asked.Certificate.Issuer);

    private static bool DroppedWhenExpired(Certificate certificate, Crl list) =>
        list.ThisUpdate > certificate.NotAfter && !(list.KeepsExpiredSince <= certificate.NotAfter);
}
