using VanBanDienTu.Signing.Certificates;

namespace VanBanDienTu.Signing.Revocation;

/// <summary>The issuingDistributionPoint of a CRL: which certificates it speaks for.</summary>
internal sealed record CrlScope(
    IReadOnlyList<string> Urls, bool HasOtherPoint, bool OnlyUsers, bool OnlyAuthorities, bool OnlyAttributes, bool SomeReasons, bool Indirect)
{
    public static CrlScope Parse(DerReader value)
    {
        var point = value.Enter(DerReader.Sequence);
        List<string> urls = [];
        var other = false;
        if (point.TryEnter(0xa0, out var name))
        {
            if (name.TryEnter(0xa0, out var full))
                urls = [.. GeneralName.ParseAll(full).Where(n => n.Kind == GeneralNameKind.Uri).Select(n => n.Text)];
            other = urls.Count == 0;
        }
        var users = Flag(ref point, 0x81);
        var authorities = Flag(ref point, 0x82);
        var reasons = point.Skip(0x83);
        var indirect = Flag(ref point, 0x84);
        var attributes = Flag(ref point, 0x85);
        return new CrlScope(urls, other, users, authorities, attributes, reasons, indirect);
    }

    /// <summary>True when the list is complete for this certificate.</summary>
    public bool Covers(Certificate certificate) =>
        !HasOtherPoint && !OnlyAttributes && !SomeReasons && !Indirect
        && !(OnlyUsers && certificate.IsCa) && !(OnlyAuthorities && !certificate.IsCa)
        && (Urls.Count == 0 || Urls.Intersect(certificate.CrlUrls, StringComparer.Ordinal).Any());

    private static bool Flag(ref DerReader point, byte tag) =>
        point.Tag == tag && !point.AtEnd && point.Read(tag).Span is [not 0];
}
