using System.Security.Cryptography.X509Certificates;
using VanBanDienTu.Signing.Certificates;

namespace VanBanDienTu.Signing.Revocation;

/// <summary>
/// Decides what CRLs say about one certificate, after verifying all of them: complete lists, lists of a part (by distribution point,
/// kind of certificate or reasons), lists that another authority issues, and delta lists over them.
/// </summary>
/// <remarks>Source: RFC 5280 section 6.3.</remarks>
internal static class CrlJudge
{
    private static readonly BoundedCache<(Fingerprint Crl, Fingerprint Key), SignatureCheck> SignedBy = new(64);

    public static RevocationAnswer Judge(RevocationQuestion asked, ReadOnlyMemory<byte> der) => Judge(asked, [der]);

    /// <param name="asked">Whose status, for when.</param>
    /// <param name="lists">In any order; those that do not speak for the certificate do no harm.</param>
    public static RevocationAnswer Judge(RevocationQuestion asked, IEnumerable<ReadOnlyMemory<byte>> lists)
    {
        var why = new List<LocalText>();
        var usable = lists.Select(der => Usable(asked, der, why)).OfType<UsableCrl>().ToList();
        var spoken = usable.Where(u => u.List.BaseNumber is null).Select(u => CrlWord.Of(asked, u, Delta(u, usable))).ToList();
        if (spoken.FirstOrDefault(w => w is { Revoked: not null, OnHold: false }) is { } revoked)
            return revoked.Answer(asked);
        // A hold is news like any other: a later list may have lifted it.
        var current = spoken.Where(w => w.Why is null).OrderByDescending(w => w.ThisUpdate).ToList();
        if (current.FirstOrDefault(w => w.OnHold || w.Reasons == CrlReasons.All) is { } newest)
            return newest.Answer(asked);
        var clean = current.Where(w => w.Revoked is null).ToList();
        if (clean.Aggregate(CrlReasons.None, (all, w) => all | w.Reasons) == CrlReasons.All)
            return CrlWord.Together(asked, clean);
        why.AddRange(spoken.Select(w => w.Why).OfType<LocalText>());
        if (clean.Count > 0)
            why.Add(new LocalText("Các danh sách thu hồi có được chưa bao gồm mọi lý do thu hồi.", "The CRLs at hand do not cover all reasons for revocation."));
        return why.Count == 0 ? asked.Unknown("Không có danh sách thu hồi.", "There is no CRL.") : asked.Unknown(why[0].Vi, why[0].En);
    }

    // A delta list adds to any complete list of the same issuer and part that is not older than its base.
    private static UsableCrl? Delta(UsableCrl complete, List<UsableCrl> all) => all
        .Where(d => d.List.BaseNumber is { } since && complete.List.Number is { } number && since <= number && d.List.Number >= number
            && d.List.Issuer.Equals(complete.List.Issuer) && d.List.Scope.Raw.Span.SequenceEqual(complete.List.Scope.Raw.Span)
            && Same(d.List.AuthorityKeyId, complete.List.AuthorityKeyId) && d.Signer.Equals(complete.Signer))
        .MaxBy(d => d.List.Number);

    private static bool Same(ReadOnlyMemory<byte>? a, ReadOnlyMemory<byte>? b) =>
        a is null ? b is null : b is not null && a.Value.Span.SequenceEqual(b.Value.Span);

    private static UsableCrl? Usable(RevocationQuestion asked, ReadOnlyMemory<byte> der, List<LocalText> why)
    {
        try
        {
            var list = Crl.Parse(der);
            var reasons = list.Scope.CoverOf(asked.Certificate, list.Issuer);
            if (Refused(asked, list, reasons) is { } refused)
            {
                why.Add(refused);
                return null;
            }
            var (signer, problem) = Signer(asked, list);
            if (signer is null)
                why.Add(problem!);
            return signer is null ? null : new UsableCrl(list, signer, reasons);
        }
        catch (SigningException e)
        {
            why.Add(new LocalText(e.Vietnamese, e.Message));
            return null;
        }
    }

    private static LocalText? Refused(RevocationQuestion asked, Crl list, CrlReasons reasons)
    {
        if (!list.Issuer.Equals(asked.Issuer.Subject) && !list.Scope.Indirect)
            return new LocalText("Danh sách thu hồi do cơ quan khác ban hành.", "The CRL is another issuer's.");
        if (list.UnknownCritical is { } oid)
            return new LocalText(
                $"Danh sách thu hồi có phần mở rộng bắt buộc chưa hỗ trợ: {oid}.", $"The CRL has a critical extension that is not supported: {oid}.");
        return reasons == CrlReasons.None
            ? new LocalText("Danh sách thu hồi không bao gồm chứng thư này.", "The CRL does not speak for this certificate.")
            : null;
    }

    // The certificate's issuer, or whom its distribution points name, if that authority's own path holds.
    private static (Certificate? Signer, LocalText? Problem) Signer(RevocationQuestion asked, Crl list)
    {
        LocalText? problem = null;
        foreach (var candidate in asked.Pool.Prepend(asked.Issuer).Where(c => c.Subject.Equals(list.Issuer)).Distinct())
        {
            problem = NotBy(asked, list, candidate);
            if (problem is null)
                return (candidate, null);
        }
        return (null, problem ?? new LocalText("Không có chứng thư của cơ quan ký danh sách thu hồi.", "The certificate of the CRL's issuer is missing."));
    }

    private static LocalText? NotBy(RevocationQuestion asked, Crl list, Certificate candidate)
    {
        if (candidate.KeyUsage is { } usage && !usage.HasFlag(X509KeyUsageFlags.CrlSign))
            return new LocalText("Cơ quan cấp chứng thư không được phép ký danh sách thu hồi.", "The issuer may not sign CRLs.");
        var key = (list.Fingerprint, Fingerprint.FromHash(candidate.PublicKey.Sha256));
        var check = SignedBy.GetOrAdd(key, _ => list.Algorithm.Verify(candidate.PublicKey, list.TbsRaw.Span, list.Signature.Span));
        if (check != SignatureCheck.Valid)
            return check == SignatureCheck.Invalid
                ? new LocalText("Chữ ký trên danh sách thu hồi không đúng.", "The signature of the CRL is invalid.")
                : new LocalText("Danh sách thu hồi dùng thuật toán chưa hỗ trợ.", "The CRL uses an algorithm that is not supported.");
        if (candidate.Equals(asked.Issuer) || asked.Vouch?.Invoke(candidate) is not null)
            return null;
        return new LocalText(
            $"«{candidate.CommonName}» ký danh sách thu hồi nhưng không dẫn tới cùng gốc tin cậy.",
            $"«{candidate.CommonName}» signed the CRL but does not lead to the same anchor.");
    }
}

/// <summary>A CRL whose signature holds, who signed it, and for which reasons it speaks for the certificate.</summary>
internal sealed record UsableCrl(Crl List, Certificate Signer, CrlReasons Reasons);
