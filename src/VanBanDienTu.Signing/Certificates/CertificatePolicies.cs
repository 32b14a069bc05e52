namespace VanBanDienTu.Signing.Certificates;

/// <summary>The four policy extensions of one certificate. Null means absent, which differs from empty.</summary>
internal sealed class CertificatePolicies
{
    public IReadOnlyList<string>? Policies { get; private set; }

    public IReadOnlyList<(string Issuer, string Subject)> Mappings { get; private set; } = [];

    public int? RequireExplicit { get; private set; }

    public int? InhibitMapping { get; private set; }

    public int? InhibitAny { get; private set; }

    public void Read(string oid, DerReader value)
    {
        switch (oid)
        {
            case CertificateOids.CertificatePolicies:
                var list = value.Enter(DerReader.Sequence);
                List<string> policies = [];
                while (!list.AtEnd)
                    policies.Add(list.Enter(DerReader.Sequence).ReadOid());
                Policies = policies;
                break;
            case CertificateOids.PolicyMappings:
                var pairs = value.Enter(DerReader.Sequence);
                List<(string, string)> mappings = [];
                while (!pairs.AtEnd)
                {
                    var pair = pairs.Enter(DerReader.Sequence);
                    mappings.Add((pair.ReadOid(), pair.ReadOid()));
                }
                Mappings = mappings;
                break;
            case CertificateOids.PolicyConstraints:
                var constraints = value.Enter(DerReader.Sequence);
                RequireExplicit = constraints.Tag == 0x80 ? constraints.ReadSmallInteger(0x80) : null;
                InhibitMapping = constraints.Tag == 0x81 ? constraints.ReadSmallInteger(0x81) : null;
                break;
            case CertificateOids.InhibitAnyPolicy:
                InhibitAny = value.ReadSmallInteger();
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(oid), oid, "Not a policy extension.");
        }
    }
}
