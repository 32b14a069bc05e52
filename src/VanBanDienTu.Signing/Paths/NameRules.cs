using System.Net;
using VanBanDienTu.Signing.Certificates;

namespace VanBanDienTu.Signing.Paths;

/// <summary>Name constraints of RFC 5280 sections 4.2.1.10 and 6.1: gathered from the anchor down, applied to every name below.</summary>
internal static class NameRules
{
    public static PathFailure? Judge(IReadOnlyList<Certificate> path)
    {
        for (var above = path.Count - 1; above > 0; above--)
        {
            if (path[above].Extensions.NameConstraints is not { } constraints)
                continue;
            for (var i = above - 1; i >= 0; i--)
            {
                // A self-issued authority (key rollover) is exempt; the leaf never is.
                if (i > 0 && path[i].IsSelfIssued)
                    continue;
                if (NamesOf(path[i]).FirstOrDefault(n => !IsAllowed(n, constraints)) is { } bad)
                    return PathFailures.NameNotAllowed(path[i], path[above], bad.Text);
            }
        }
        return null;
    }

    private static IEnumerable<GeneralName> NamesOf(Certificate certificate)
    {
        if (!certificate.Subject.IsEmpty)
            yield return GeneralName.OfDirectory(certificate.Subject);
        foreach (var name in certificate.SubjectAltNames)
            yield return name;
        if (certificate.SubjectAltNames.Any(n => n.Kind == GeneralNameKind.Email))
            yield break;
        foreach (var attribute in certificate.Subject.Attributes.Where(a => a.Oid is CertificateOids.EmailAddress))
            yield return new GeneralName(GeneralNameKind.Email, attribute.Value, default, null);
    }

    private static bool IsAllowed(GeneralName name, NameConstraints constraints)
    {
        var permitted = constraints.Permitted.Where(c => c.Kind == name.Kind).ToList();
        var excluded = constraints.Excluded.Where(c => c.Kind == name.Kind);
        return (permitted.Count == 0 || permitted.Exists(c => Matches(name, c, ifUnknown: false)))
            && !excluded.Any(c => Matches(name, c, ifUnknown: true));
    }

    // ifUnknown fails closed: what cannot be compared is not permitted, and counts as excluded.
    private static bool Matches(GeneralName name, GeneralName constraint, bool ifUnknown) => name.Kind switch
    {
        GeneralNameKind.Directory => name.Directory!.IsWithin(constraint.Directory!),
        GeneralNameKind.Dns => HostWithin(name.Text, constraint.Text, leadingDotNeeded: false),
        GeneralNameKind.Email => EmailWithin(name.Text, constraint.Text),
        GeneralNameKind.Uri => UriWithin(name.Text, constraint.Text, ifUnknown),
        GeneralNameKind.IpAddress => AddressWithin(name.Raw.Span, constraint.Raw.Span, ifUnknown),
        _ => ifUnknown,
    };

    private static bool HostWithin(string host, string constraint, bool leadingDotNeeded)
    {
        host = host.TrimEnd('.');
        if (constraint.Length == 0)
            return true;
        if (constraint[0] == '.')
            return host.EndsWith(constraint, StringComparison.OrdinalIgnoreCase) && host.Length > constraint.Length;
        return string.Equals(host, constraint, StringComparison.OrdinalIgnoreCase)
            || (!leadingDotNeeded && host.EndsWith("." + constraint, StringComparison.OrdinalIgnoreCase));
    }

    private static bool EmailWithin(string email, string constraint)
    {
        if (constraint.Contains('@'))
            return string.Equals(email, constraint, StringComparison.OrdinalIgnoreCase);
        var at = email.LastIndexOf('@');
        return at >= 0 && HostWithin(email[(at + 1)..], constraint, leadingDotNeeded: true);
    }

    private static bool UriWithin(string uri, string constraint, bool ifUnknown) =>
        Uri.TryCreate(uri, UriKind.Absolute, out var parsed) && parsed.Host.Length > 0 && !IPAddress.TryParse(parsed.Host, out _)
            ? HostWithin(parsed.Host, constraint, leadingDotNeeded: true)
            : ifUnknown;

    private static bool AddressWithin(ReadOnlySpan<byte> address, ReadOnlySpan<byte> network, bool ifUnknown)
    {
        if (network.Length is not (8 or 32) || address.Length is not (4 or 16))
            return ifUnknown;
        if (network.Length != address.Length * 2)
            return false;
        for (var i = 0; i < address.Length; i++)
        {
            if ((address[i] & network[address.Length + i]) != (network[i] & network[address.Length + i]))
                return false;
        }
        return true;
    }
}
