namespace VanBanDienTu.Signing.Certificates;

/// <summary>One distribution point of a certificate: where a CRL is, which reasons it covers, who issues it.</summary>
/// <param name="Names">Its names, URLs and others; a name relative to the issuer is written out in full.</param>
/// <param name="Reasons">Bits of <see cref="CrlReasons"/>.</param>
/// <param name="Issuers">Who issues the CRL when that is not the certificate's own issuer; empty: the issuer itself.</param>
/// <remarks>Source: RFC 5280 section 4.2.1.13.</remarks>
internal sealed record CrlPoint(IReadOnlyList<GeneralName> Names, CrlReasons Reasons, IReadOnlyList<DistinguishedName> Issuers)
{
    public IEnumerable<string> Urls => Names.Where(n => n.Kind == GeneralNameKind.Uri).Select(n => n.Text);

    /// <summary>Reads DistributionPoint elements.</summary>
    /// <param name="list">The content of CRLDistributionPoints or FreshestCRL.</param>
    /// <param name="issuer">Of the certificate, for relative names; null when it is not known.</param>
    public static List<CrlPoint> ParseAll(DerReader list, DistinguishedName? issuer)
    {
        List<CrlPoint> points = [];
        while (!list.AtEnd)
        {
            var point = list.Enter(DerReader.Sequence);
            DerReader name = default;
            var named = point.TryEnter(0xa0, out name);
            var reasons = point.Tag == 0x81 ? CrlReasonBits.Read(point.Read(0x81).Span) : CrlReasons.All;
            var issuers = point.TryEnter(0xa2, out var who)
                ? GeneralName.ParseAll(who).Select(n => n.Directory).OfType<DistinguishedName>().ToList()
                : [];
            points.Add(new CrlPoint(named ? NamesOf(name, issuers.Count > 0 ? issuers[0] : issuer) : [], reasons, issuers));
            if (points.Count > 100)
                throw list.Malformed("more than 100 distribution points");
        }
        return points;
    }

    /// <summary>The names of a DistributionPointName: a full name, or one relative to who issues the CRL.</summary>
    public static IReadOnlyList<GeneralName> NamesOf(DerReader name, DistinguishedName? relativeTo)
    {
        if (name.TryEnter(0xa0, out var full))
            return GeneralName.ParseAll(full);
        return name.TryEnter(0xa1, out var last) && relativeTo is not null ? [GeneralName.OfDirectory(relativeTo.Below(last.Rest))] : [];
    }

    /// <summary>Both name the same place.</summary>
    public static bool Share(IEnumerable<GeneralName> some, IEnumerable<GeneralName> others) => some.Any(s => others.Any(o =>
        s.Kind == o.Kind && (s.Directory is not null ? s.Directory.Equals(o.Directory) : s.Raw.Span.SequenceEqual(o.Raw.Span))));
}
