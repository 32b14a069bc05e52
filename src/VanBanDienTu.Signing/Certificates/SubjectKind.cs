namespace VanBanDienTu.Signing.Certificates;

/// <summary>Whose certificate it is: a person's (cá nhân), an organisation's (cơ quan, tổ chức), or it cannot be told.</summary>
public enum SubjectKind
{
    Unknown,
    Person,
    Organization,
}

internal static class SubjectKinds
{
    private static readonly string[] PersonPrefixes = ["CCCD:", "CMND:", "CMT:", "HC:", "HO CHIEU:"];
    private static readonly string[] OrganizationPrefixes = ["MST:", "MNS:", "MDD:", "BHXH:"];

    /// <summary>By the UID's prefix first, then by parts of a name only people have, then by CN = O.</summary>
    public static SubjectKind Of(DistinguishedName subject)
    {
        var ids = subject.Attributes
            .Where(a => a.Oid is CertificateOids.UserId or CertificateOids.SerialNumber)
            .Select(a => a.Value).ToList();
        if (ids.Exists(id => PersonPrefixes.Any(p => id.StartsWith(p, StringComparison.OrdinalIgnoreCase))))
            return SubjectKind.Person;
        if (ids.Exists(id => OrganizationPrefixes.Any(p => id.StartsWith(p, StringComparison.OrdinalIgnoreCase))))
            return SubjectKind.Organization;
        if (subject[CertificateOids.GivenName] is not null || subject[CertificateOids.Surname] is not null
            || subject[CertificateOids.Title] is not null)
            return SubjectKind.Person;
        var name = subject[CertificateOids.CommonName];
        return name is not null && string.Equals(name, subject[CertificateOids.Organization], StringComparison.OrdinalIgnoreCase)
            ? SubjectKind.Organization
            : SubjectKind.Unknown;
    }
}
