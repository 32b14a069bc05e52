using VanBanDienTu.Signing.Certificates;

namespace VanBanDienTu.Signing.Revocation;

/// <summary>Whose status, by which issuer, for which instant, seen from now.</summary>
internal sealed record RevocationQuestion(
    Certificate Certificate, Certificate Issuer, DateTimeOffset At, DateTimeOffset Now, RevocationOptions Options)
{
    /// <summary>Remembers what authorities were asked, or answers for them; null: nobody wants to know.</summary>
    public RevocationExchanges? Exchanges { get; init; }

    /// <summary>Certificates that came along: who else signs CRLs may be among them.</summary>
    public IReadOnlyList<Certificate> Pool { get; init; } = [];

    /// <summary>The path of another authority that signs CRLs, if it leads to the same anchor; null: no other authority is heard.</summary>
    public Func<Certificate, Paths.PathResult?>? Vouch { get; init; }

    /// <summary>A trusted list names this certificate as an OCSP responder of the same provider; null: no list is heard.</summary>
    public Func<Certificate, bool>? IsListedResponder { get; init; }

    /// <summary>Both are of a sample authority, which may live on loopback; the issuer's marker is vouched for by its path.</summary>
    public bool IsSample => Certificate.IsSample && Issuer.IsSample;

    public RevocationAnswer Unknown(string vi, string en) => new()
    {
        Certificate = Certificate,
        Status = RevocationStatus.Unknown,
        Why = new LocalText(vi, en),
    };

    /// <summary>Null when information of this age speaks for <see cref="At"/>; else why not.</summary>
    public LocalText? Staleness(DateTimeOffset thisUpdate, DateTimeOffset? nextUpdate, RevocationSource source)
    {
        var (vi, en) = source == RevocationSource.Ocsp ? ("Phản hồi OCSP", "OCSP response") : ("Danh sách thu hồi", "CRL");
        if (thisUpdate > Now + Options.ClockSkew)
            return new LocalText($"{vi} ghi thời điểm trong tương lai.", $"The {en} is dated in the future.");
        if (nextUpdate < thisUpdate)
            return new LocalText($"{vi} hết hạn trước khi được lập.", $"The {en} ends before it begins.");
        var until = nextUpdate ?? thisUpdate + Options.FreshWithoutNextUpdate;
        return At > until + Options.ClockSkew
            ? new LocalText(
                $"{vi} đã cũ (hết hạn {until.ToOffset(TimeSpan.FromHours(7)):dd/MM/yyyy HH:mm}).",
                $"The {en} is stale (it ended {until.UtcDateTime:yyyy-MM-dd HH:mm} UTC).")
            : null;
    }
}
