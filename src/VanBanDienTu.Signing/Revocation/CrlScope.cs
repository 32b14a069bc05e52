using VanBanDienTu.Signing.Certificates;

namespace VanBanDienTu.Signing.Revocation;

/// <summary>The issuingDistributionPoint of a CRL: which certificates it speaks for, and of which reasons.</summary>
/// <param name="Raw">As it was: a delta CRL fits to a list with the same.</param>
/// <remarks>Source: RFC 5280 sections 5.2.5 and 6.3.3 (b).</remarks>
internal sealed record CrlScope(
    ReadOnlyMemory<byte> Raw, IReadOnlyList<GeneralName> Names, bool OnlyUsers, bool OnlyAuthorities, bool OnlyAttributes, CrlReasons Reasons, bool Indirect)
{
    /// <summary>A list without that extension: all certificates of its issuer, all reasons.</summary>
    public static CrlScope Whole { get; } = new(default, [], false, false, false, CrlReasons.All, false);

    public static CrlScope Parse(ReadOnlyMemory<byte> value, DistinguishedName issuer)
    {
        var point = new DerReader(value, "CRL").Enter(DerReader.Sequence);
        var named = point.TryEnter(0xa0, out var name);
        var names = named ? CrlPoint.NamesOf(name, issuer) : [];
        var users = Flag(ref point, 0x81);
        var authorities = Flag(ref point, 0x82);
        var reasons = point.Tag == 0x83 ? CrlReasonBits.Read(point.Read(0x83).Span) : CrlReasons.All;
        var indirect = Flag(ref point, 0x84);
        return new CrlScope(value, names, users, authorities, Flag(ref point, 0x85), reasons, indirect);
    }

    /// <summary>For which reasons a list of that issuer speaks for a certificate; none when it does not.</summary>
    public CrlReasons CoverOf(Certificate certificate, DistinguishedName listIssuer)
    {
        if (OnlyAttributes || (OnlyUsers && certificate.IsCa) || (OnlyAuthorities && !certificate.IsCa))
            return CrlReasons.None;
        var own = listIssuer.Equals(certificate.Issuer);
        var points = certificate.Extensions.CrlPoints.Where(p => IsOf(p, own, listIssuer)).ToList();
        // A list of all that its issuer issued needs no point to lead to it.
        if (own && Names.Count == 0)
            return Reasons;
        return points.Where(p => Names.Count == 0 || CrlPoint.Share(Names, p.Names.Count > 0 ? p.Names : p.Issuers.Select(GeneralName.OfDirectory)))
            .Aggregate(CrlReasons.None, (all, p) => all | (p.Reasons & Reasons));
    }

    private bool IsOf(CrlPoint point, bool own, DistinguishedName listIssuer) =>
        point.Issuers.Count == 0 ? own : Indirect && point.Issuers.Contains(listIssuer);

    private static bool Flag(ref DerReader point, byte tag) =>
        point.Tag == tag && !point.AtEnd && point.Read(tag).Span is [not 0];
}
