using System.Security.Cryptography.X509Certificates;

namespace VanBanDienTu.Signing.Certificates;

/// <summary>The extensions of one certificate, those we understand read into values.</summary>
/// <remarks>Source: RFC 5280 section 4.2; an extension that stands twice makes the certificate malformed.</remarks>
internal sealed class CertificateExtensions
{
    public static readonly CertificateExtensions None = new();

    private readonly Dictionary<string, (bool Critical, ReadOnlyMemory<byte> Value)> _all = new(StringComparer.Ordinal);

    public X509KeyUsageFlags? KeyUsage { get; private set; }

    public IReadOnlyList<string> ExtendedKeyUsages { get; private set; } = [];

    public bool IsCa { get; private set; }

    public int? PathLength { get; private set; }

    public ReadOnlyMemory<byte>? SubjectKeyId { get; private set; }

    public ReadOnlyMemory<byte>? AuthorityKeyId { get; private set; }

    public IReadOnlyList<string> OcspUrls { get; private set; } = [];

    public IReadOnlyList<string> CaIssuerUrls { get; private set; } = [];

    public IReadOnlyList<CrlPoint> CrlPoints { get; private set; } = [];

    /// <summary>Where delta CRLs are.</summary>
    public IReadOnlyList<CrlPoint> FreshestPoints { get; private set; } = [];

    public IReadOnlyList<GeneralName> SubjectAltNames { get; private set; } = [];

    public NameConstraints? NameConstraints { get; private set; }

    public CertificatePolicies Policies { get; } = new();

    public IReadOnlyList<string> UnknownCritical { get; private set; } = [];

    public bool Has(string oid) => _all.ContainsKey(oid);

    public bool IsCritical(string oid) => _all.TryGetValue(oid, out var found) && found.Critical;

    public static CertificateExtensions Parse(DerReader wrapper, DistinguishedName issuer)
    {
        var extensions = new CertificateExtensions();
        var list = wrapper.Enter(DerReader.Sequence);
        List<string> unknown = [];
        while (!list.AtEnd)
        {
            var one = list.Enter(DerReader.Sequence);
            var oid = one.ReadOid();
            var critical = one.Tag == DerReader.Boolean && one.ReadBoolean();
            var value = one.Read(DerReader.OctetString);
            if (!extensions._all.TryAdd(oid, (critical, value)))
                throw list.Malformed($"the extension {oid} stands twice");
            if (!extensions.Understand(oid, new DerReader(value, "certificate"), issuer) && critical)
                unknown.Add(oid);
        }
        extensions.UnknownCritical = unknown;
        return extensions;
    }

    private bool Understand(string oid, DerReader value, DistinguishedName issuer)
    {
        switch (oid)
        {
            case CertificateOids.KeyUsage:
                var bits = value.Read(DerReader.BitString).Span;
                KeyUsage = (X509KeyUsageFlags)((bits.Length > 1 ? bits[1] : 0) | (bits.Length > 2 ? bits[2] << 8 : 0));
                return true;
            case CertificateOids.ExtendedKeyUsage:
                ExtendedKeyUsages = Oids(value.Enter(DerReader.Sequence));
                return true;
            case CertificateOids.BasicConstraints:
                var constraints = value.Enter(DerReader.Sequence);
                IsCa = constraints.Tag == DerReader.Boolean && constraints.ReadBoolean();
                PathLength = constraints.AtEnd ? null : constraints.ReadSmallInteger();
                return true;
            case CertificateOids.SubjectKeyIdentifier:
                SubjectKeyId = value.Read(DerReader.OctetString);
                return true;
            case CertificateOids.AuthorityKeyIdentifier:
                var identifier = value.Enter(DerReader.Sequence);
                AuthorityKeyId = identifier.Tag == 0x80 ? identifier.Read(0x80) : null;
                return true;
            case CertificateOids.SubjectAltName:
                SubjectAltNames = GeneralName.ParseAll(value.Enter(DerReader.Sequence));
                return true;
            case CertificateOids.NameConstraints:
                NameConstraints = NameConstraints.Parse(value);
                return true;
            case CertificateOids.CertificatePolicies or CertificateOids.PolicyMappings
                or CertificateOids.PolicyConstraints or CertificateOids.InhibitAnyPolicy:
                Policies.Read(oid, value);
                return true;
            default:
                return UnderstandPointers(oid, value, issuer);
        }
    }

    private bool UnderstandPointers(string oid, DerReader value, DistinguishedName issuer)
    {
        switch (oid)
        {
            case CertificateOids.AuthorityInformationAccess:
                ReadAccess(value.Enter(DerReader.Sequence));
                return true;
            case CertificateOids.CrlDistributionPoints:
                CrlPoints = CrlPoint.ParseAll(value.Enter(DerReader.Sequence), issuer);
                return true;
            case CertificateOids.FreshestCrl:
                FreshestPoints = CrlPoint.ParseAll(value.Enter(DerReader.Sequence), issuer);
                return true;
            case CertificateOids.IssuerAltName or CertificateOids.OcspNoCheck or CertificateOids.SampleMarker:
                return true;
            default:
                return false;
        }
    }

    private void ReadAccess(DerReader list)
    {
        List<string> ocsp = [], issuers = [];
        while (!list.AtEnd)
        {
            var description = list.Enter(DerReader.Sequence);
            var method = description.ReadOid();
            var location = GeneralName.Parse(description.ReadRaw());
            if (location.Kind != GeneralNameKind.Uri)
                continue;
            if (string.Equals(method, CertificateOids.AccessOcsp, StringComparison.Ordinal))
                ocsp.Add(location.Text);
            else if (string.Equals(method, CertificateOids.AccessCaIssuers, StringComparison.Ordinal))
                issuers.Add(location.Text);
        }
        OcspUrls = ocsp;
        CaIssuerUrls = issuers;
    }

    private static List<string> Oids(DerReader list)
    {
        List<string> oids = [];
        while (!list.AtEnd)
            oids.Add(list.ReadOid());
        return oids;
    }
}
