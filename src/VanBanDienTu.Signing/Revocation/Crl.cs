using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using VanBanDienTu.Signing.Certificates;

namespace VanBanDienTu.Signing.Revocation;

/// <summary>
/// A certificate revocation list (CRL): its frame parsed, its entries walked one by one when asked for, never all held as objects.
/// Not for one thread only.
/// </summary>
/// <remarks>Source: RFC 5280 section 5.</remarks>
internal sealed class Crl
{
    private const string CrlNumber = "2.5.29.20";
    private const string DeltaIndicator = "2.5.29.27";
    private const string IssuingDistributionPoint = "2.5.29.28";
    private const string ExpiredCertsOnCrl = "2.5.29.60";

    // The same bytes come again for every certificate of a path and every file of a folder.
    private static readonly ConditionalWeakTable<byte[], Crl> Parsed = [];

    private readonly CrlEntries _entries;

    private Crl(ReadOnlyMemory<byte> der)
    {
        Fingerprint = Fingerprint.Of(der.Span);
        Raw = der;
        var outer = new DerReader(DefiniteLengths.Of(der), "CRL").Enter(DerReader.Sequence);
        TbsRaw = outer.ReadRaw();
        Algorithm = SignatureAlgorithm.Parse(outer.ReadRaw());
        Signature = outer.ReadBitString();

        var tbs = new DerReader(TbsRaw, "CRL").Enter(DerReader.Sequence);
        tbs.Skip(DerReader.Integer);
        tbs.ReadRaw();
        Issuer = DistinguishedName.Parse(tbs.ReadRaw(), "CRL");
        ThisUpdate = tbs.ReadTime();
        NextUpdate = tbs.Tag is DerReader.UtcTime or DerReader.GeneralizedTime ? tbs.ReadTime() : null;
        _entries = new CrlEntries(tbs.Tag == DerReader.Sequence ? tbs.Read(DerReader.Sequence) : default);
        if (tbs.TryEnter(0xa0, out var wrapper))
            ReadExtensions(wrapper.Enter(DerReader.Sequence));
    }

    public ReadOnlyMemory<byte> Raw { get; }

    /// <summary>SHA-256 of all of it.</summary>
    public Fingerprint Fingerprint { get; }

    public ReadOnlyMemory<byte> TbsRaw { get; }

    public SignatureAlgorithm Algorithm { get; }

    public ReadOnlyMemory<byte> Signature { get; }

    public DistinguishedName Issuer { get; }

    public DateTimeOffset ThisUpdate { get; }

    public DateTimeOffset? NextUpdate { get; }

    /// <summary>What part of the issuer's certificates it speaks for.</summary>
    public CrlScope Scope { get; private set; } = CrlScope.Whole;

    /// <summary>Null when it has none.</summary>
    public BigInteger? Number { get; private set; }

    /// <summary>For a delta CRL the number of the list that it adds to; null for a complete one.</summary>
    public BigInteger? BaseNumber { get; private set; }

    public ReadOnlyMemory<byte>? AuthorityKeyId { get; private set; }

    /// <summary>Where its delta CRLs are.</summary>
    public IReadOnlyList<string> FreshestUrls { get; private set; } = [];

    /// <summary>Certificates that expired after this instant stay on the list; null: they are dropped when they expire.</summary>
    public DateTimeOffset? KeepsExpiredSince { get; private set; }

    public string? UnknownCritical { get; private set; }

    /// <exception cref="SigningException"><see cref="SigningFault.CertificateMalformed"/></exception>
    public static Crl Parse(ReadOnlyMemory<byte> der) =>
        MemoryMarshal.TryGetArray(der, out var segment) && segment is { Offset: 0, Array: { } array } && segment.Count == array.Length
            ? Parsed.GetValue(array, bytes => new Crl(bytes))
            : new Crl(der);

    /// <summary>What the list says of a certificate; null when it does not stand on it.</summary>
    /// <param name="serial">Its serial number.</param>
    /// <param name="issuer">Who issued it; null: the list's own issuer.</param>
    public CrlEntry? Find(ReadOnlySpan<byte> serial, DistinguishedName? issuer = null) => _entries.Find(serial, issuer ?? Issuer, Issuer, Scope.Indirect);

    private void ReadExtensions(DerReader extensions)
    {
        while (!extensions.AtEnd)
        {
            var (oid, critical, value) = CrlEntries.Extension(ref extensions);
            switch (oid)
            {
                case IssuingDistributionPoint:
                    Scope = CrlScope.Parse(value, Issuer);
                    break;
                case ExpiredCertsOnCrl:
                    KeepsExpiredSince = new DerReader(value, "CRL").ReadTime();
                    break;
                case CrlNumber:
                    Number = Whole(value);
                    break;
                case DeltaIndicator:
                    BaseNumber = Whole(value);
                    break;
                case CertificateOids.AuthorityKeyIdentifier:
                    var identifier = new DerReader(value, "CRL").Enter(DerReader.Sequence);
                    AuthorityKeyId = identifier.Tag == 0x80 ? identifier.Read(0x80) : null;
                    break;
                case CertificateOids.FreshestCrl:
                    FreshestUrls = [.. CrlPoint.ParseAll(new DerReader(value, "CRL").Enter(DerReader.Sequence), Issuer).SelectMany(p => p.Urls)];
                    break;
                case CertificateOids.IssuerAltName:
                    break;
                default:
                    if (critical)
                        UnknownCritical = oid;
                    break;
            }
        }
    }

    private static BigInteger Whole(ReadOnlyMemory<byte> value) =>
        new(new DerReader(value, "CRL").Read(DerReader.Integer).Span, isUnsigned: false, isBigEndian: true);
}
