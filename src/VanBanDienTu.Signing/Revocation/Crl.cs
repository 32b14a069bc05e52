using VanBanDienTu.Signing.Certificates;

namespace VanBanDienTu.Signing.Revocation;

/// <summary>An entry of a CRL.</summary>
internal sealed record CrlEntry(DateTimeOffset RevokedAt, int Reason, bool HasUnknownCritical);

/// <summary>
/// A certificate revocation list (CRL): its frame parsed, its entries walked one by one when asked for, never all held.
/// </summary>
/// <remarks>Source: RFC 5280 section 5.</remarks>
internal sealed class Crl
{
    private const string CrlNumber = "2.5.29.20";
    private const string ReasonCode = "2.5.29.21";
    private const string InvalidityDate = "2.5.29.24";
    private const string IssuingDistributionPoint = "2.5.29.28";
    private const string ExpiredCertsOnCrl = "2.5.29.60";

    private readonly ReadOnlyMemory<byte> _entries;

    private Crl(ReadOnlyMemory<byte> der)
    {
        var outer = new DerReader(der, "CRL").Enter(DerReader.Sequence);
        TbsRaw = outer.ReadRaw();
        Algorithm = SignatureAlgorithm.Parse(outer.ReadRaw());
        Signature = outer.ReadBitString();

        var tbs = new DerReader(TbsRaw, "CRL").Enter(DerReader.Sequence);
        tbs.Skip(DerReader.Integer);
        tbs.ReadRaw();
        Issuer = DistinguishedName.Parse(tbs.ReadRaw(), "CRL");
        ThisUpdate = tbs.ReadTime();
        NextUpdate = tbs.Tag is DerReader.UtcTime or DerReader.GeneralizedTime ? tbs.ReadTime() : null;
        _entries = tbs.Tag == DerReader.Sequence ? tbs.Read(DerReader.Sequence) : default;
        if (tbs.TryEnter(0xa0, out var wrapper))
            ReadExtensions(wrapper.Enter(DerReader.Sequence));
    }

    public ReadOnlyMemory<byte> TbsRaw { get; }

    public SignatureAlgorithm Algorithm { get; }

    public ReadOnlyMemory<byte> Signature { get; }

    public DistinguishedName Issuer { get; }

    public DateTimeOffset ThisUpdate { get; }

    public DateTimeOffset? NextUpdate { get; }

    /// <summary>What part of the issuer's certificates it speaks for; null: all.</summary>
    public CrlScope? Scope { get; private set; }

    /// <summary>Certificates that expired after this instant stay on the list; null: they are dropped when they expire.</summary>
    public DateTimeOffset? KeepsExpiredSince { get; private set; }

    public string? UnknownCritical { get; private set; }

    /// <exception cref="SigningException"><see cref="SigningFault.CertificateMalformed"/></exception>
    public static Crl Parse(ReadOnlyMemory<byte> der) => new(der);

    /// <summary>The entry of a serial, or null. Costs one walk over the list.</summary>
    public CrlEntry? Find(ReadOnlySpan<byte> serial)
    {
        var wanted = serial.TrimStart((byte)0);
        CrlEntry? found = null;
        var entries = new DerReader(_entries, "CRL");
        while (!entries.AtEnd)
        {
            var entry = entries.Enter(DerReader.Sequence);
            if (!entry.Read(DerReader.Integer).Span.TrimStart((byte)0).SequenceEqual(wanted))
                continue;
            // Listed twice (held, then revoked): the last entry is the newest.
            found = ReadEntry(entry);
        }
        return found;
    }

    private static CrlEntry ReadEntry(DerReader entry)
    {
        var at = entry.ReadTime();
        var (reason, unknown) = (0, false);
        if (entry.TryEnter(DerReader.Sequence, out var extensions))
        {
            while (!extensions.AtEnd)
            {
                var (oid, critical, value) = Extension(ref extensions);
                if (string.Equals(oid, ReasonCode, StringComparison.Ordinal))
                    reason = new DerReader(value, "CRL").ReadSmallInteger(DerReader.Enumerated);
                else if (critical && !string.Equals(oid, InvalidityDate, StringComparison.Ordinal))
                    unknown = true;
            }
        }
        return new CrlEntry(at, reason, unknown);
    }

    private void ReadExtensions(DerReader extensions)
    {
        while (!extensions.AtEnd)
        {
            var (oid, critical, value) = Extension(ref extensions);
            switch (oid)
            {
                case IssuingDistributionPoint:
                    Scope = CrlScope.Parse(new DerReader(value, "CRL"));
                    break;
                case ExpiredCertsOnCrl:
                    KeepsExpiredSince = new DerReader(value, "CRL").ReadTime();
                    break;
                case CrlNumber or CertificateOids.AuthorityKeyIdentifier or CertificateOids.IssuerAltName:
                    break;
                default:
                    if (critical)
                        UnknownCritical = oid;
                    break;
            }
        }
    }

    private static (string Oid, bool Critical, ReadOnlyMemory<byte> Value) Extension(ref DerReader extensions)
    {
        var one = extensions.Enter(DerReader.Sequence);
        var oid = one.ReadOid();
        var critical = one.Tag == DerReader.Boolean && one.ReadBoolean();
        return (oid, critical, one.Read(DerReader.OctetString));
    }
}
