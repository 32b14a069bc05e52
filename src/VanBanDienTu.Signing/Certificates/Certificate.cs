using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace VanBanDienTu.Signing.Certificates;

/// <summary>
/// An X.509 certificate (chứng thư số), read once and never changed. The same bytes give the same instance while they are
/// in the cache, so imported keys and parsed names are shared; two certificates are equal when their bytes are.
/// </summary>
/// <remarks>Source: RFC 5280 section 4. Serial numbers and names keep their raw bytes.</remarks>
public sealed class Certificate : IEquatable<Certificate>
{
    /// <summary>A larger one is refused: real ones are 1–4 KB.</summary>
    public const int MaxBytes = 256 * 1024;

    /// <summary>What is larger is parsed each time: a sender of certificates that nobody issued fills no memory with them.</summary>
    private const int LongestKept = 8 << 10;

    private static readonly BoundedCache<Fingerprint, Certificate> Parsed = new(1024);
    private static readonly SameBytes<Certificate> Recent = new(certificate => certificate.Der);

    private readonly CertificateExtensions _extensions;

    private Certificate(ReadOnlyMemory<byte> der, Fingerprint fingerprint)
    {
        Der = der;
        Fingerprint = fingerprint;
        Sha256 = fingerprint.ToString();
        var whole = new DerReader(der, "certificate");
        var outer = whole.Enter(DerReader.Sequence);
        whole.End();
        TbsRaw = outer.ReadRaw();
        SignatureAlgorithmRaw = outer.ReadRaw();
        SignatureValue = outer.ReadBitString();
        outer.End();
        Algorithm = SignatureAlgorithm.Parse(SignatureAlgorithmRaw);

        var tbs = new DerReader(TbsRaw, "certificate").Enter(DerReader.Sequence);
        Version = tbs.TryEnter(0xa0, out var version) ? version.ReadSmallInteger() + 1 : 1;
        SerialRaw = tbs.Read(DerReader.Integer);
        var innerAlgorithm = tbs.ReadRaw();
        if (!innerAlgorithm.Span.SequenceEqual(SignatureAlgorithmRaw.Span))
            throw tbs.Malformed("its two signature algorithms differ");
        Issuer = DistinguishedName.Parse(tbs.ReadRaw(), "certificate");
        var validity = tbs.Enter(DerReader.Sequence);
        NotBefore = validity.ReadTime();
        NotAfter = validity.ReadTime();
        Subject = DistinguishedName.Parse(tbs.ReadRaw(), "certificate");
        PublicKey = PublicKeyInfo.Parse(tbs.ReadRaw());
        tbs.Skip(0x81);
        tbs.Skip(0x82);
        _extensions = tbs.TryEnter(0xa3, out var extensions) ? CertificateExtensions.Parse(extensions, Issuer) : CertificateExtensions.None;
        tbs.End();
        OcspNoCheck = _extensions.Has(CertificateOids.OcspNoCheck);
        IsSample = _extensions.Has(CertificateOids.SampleMarker);
        SubjectKind = SubjectKinds.Of(Subject);
        SerialHex = Convert.ToHexStringLower(SerialRaw.Span.TrimStart((byte)0) is { IsEmpty: false } trimmed ? trimmed : [0]);
    }

    public ReadOnlyMemory<byte> Der { get; }

    /// <summary>SHA-256 of <see cref="Der"/>.</summary>
    public Fingerprint Fingerprint { get; }

    /// <summary>SHA-256 of <see cref="Der"/>, lower-case hexadecimal.</summary>
    public string Sha256 { get; }

    /// <summary>The signed part.</summary>
    public ReadOnlyMemory<byte> TbsRaw { get; }

    public ReadOnlyMemory<byte> SignatureAlgorithmRaw { get; }

    /// <summary>How the issuer signed this certificate.</summary>
    public SignatureAlgorithm Algorithm { get; }

    public ReadOnlyMemory<byte> SignatureValue { get; }

    /// <summary>1, 2 or 3.</summary>
    public int Version { get; }

    /// <summary>Content octets of the serial number, as they were.</summary>
    public ReadOnlyMemory<byte> SerialRaw { get; }

    /// <summary>Lower-case hexadecimal without leading zero bytes.</summary>
    public string SerialHex { get; }

    public DistinguishedName Issuer { get; }

    public DistinguishedName Subject { get; }

    public ReadOnlyMemory<byte> IssuerRaw => Issuer.Raw;

    public ReadOnlyMemory<byte> SubjectRaw => Subject.Raw;

    public DateTimeOffset NotBefore { get; }

    public DateTimeOffset NotAfter { get; }

    public PublicKeyInfo PublicKey { get; }

    /// <summary>Null when the extension is absent: every use is then open.</summary>
    public X509KeyUsageFlags? KeyUsage => _extensions.KeyUsage;

    /// <summary>OIDs; empty when the extension is absent.</summary>
    public IReadOnlyList<string> ExtendedKeyUsages => _extensions.ExtendedKeyUsages;

    public bool ExtendedKeyUsageCritical => _extensions.IsCritical(CertificateOids.ExtendedKeyUsage);

    public bool IsCa => _extensions.IsCa;

    public int? PathLength => _extensions.PathLength;

    public ReadOnlyMemory<byte>? SubjectKeyId => _extensions.SubjectKeyId;

    public ReadOnlyMemory<byte>? AuthorityKeyId => _extensions.AuthorityKeyId;

    public IReadOnlyList<string> OcspUrls => _extensions.OcspUrls;

    public IReadOnlyList<string> CaIssuerUrls => _extensions.CaIssuerUrls;

    /// <summary>Of every distribution point, whatever it covers.</summary>
    public IReadOnlyList<string> CrlUrls => [.. _extensions.CrlPoints.SelectMany(p => p.Urls)];

    public IReadOnlyList<GeneralName> SubjectAltNames => _extensions.SubjectAltNames;

    /// <summary>id-pkix-ocsp-nocheck: this responder's own revocation is not asked for (RFC 6960).</summary>
    public bool OcspNoCheck { get; }

    /// <summary>Critical extensions that we do not understand: such a certificate is never accepted in a path.</summary>
    public IReadOnlyList<string> UnknownCriticalExtensions => _extensions.UnknownCritical;

    /// <summary>True when it carries the marker of our sample authorities.</summary>
    public bool IsSample { get; }

    /// <summary>Subject and issuer are the same name (RFC 5280's «self-issued»); says nothing about the key.</summary>
    public bool IsSelfIssued => Subject.Equals(Issuer);

    /// <summary>CN, or the whole name when it has none.</summary>
    public string CommonName => Subject[CertificateOids.CommonName] ?? Subject.ToString();

    public string? Organization => Subject[CertificateOids.Organization];

    /// <summary>The organ's code (mã định danh) from organizationIdentifier; null when absent.</summary>
    public string? OrganId => Subject[CertificateOids.OrganizationIdentifier];

    /// <summary>UID: «CCCD:…» of a person, «MST:…» of an organisation, by Vietnamese custom.</summary>
    public string? UserId => Subject[CertificateOids.UserId];

    /// <summary>A person's certificate or an organisation's, as far as its subject tells.</summary>
    public SubjectKind SubjectKind { get; }

    internal CertificateExtensions Extensions => _extensions;

    /// <summary>Reads one certificate. The bytes are copied unless the same certificate was read before.</summary>
    /// <exception cref="SigningException"><see cref="SigningFault.CertificateMalformed"/></exception>
    public static Certificate Parse(ReadOnlyMemory<byte> der)
    {
        if (der.Length > MaxBytes)
            throw DerReader.Malformed("certificate", $"it is larger than {MaxBytes} bytes");
        if (Recent.Find(der.Span) is { } recent)
            return recent;
        if (der.Length > LongestKept)
            return new Certificate(der.ToArray(), Fingerprint.Of(der.Span));
        var certificate = Parsed.GetOrAdd(Fingerprint.Of(der.Span), key => new Certificate(der.ToArray(), key));
        Recent.Keep(certificate);
        return certificate;
    }

    /// <summary>Like <see cref="Parse"/>; null when it cannot be read.</summary>
    public static Certificate? TryParse(ReadOnlyMemory<byte> der)
    {
        try
        {
            return Parse(der);
        }
        catch (SigningException)
        {
            return null;
        }
    }

    /// <summary>Every certificate of a file's bytes: PEM (any number, other blocks are passed over) or one DER.</summary>
    /// <exception cref="SigningException"><see cref="SigningFault.CertificateMalformed"/></exception>
    public static IReadOnlyList<Certificate> ParseFile(ReadOnlyMemory<byte> bytes)
    {
        if (!bytes.IsEmpty && bytes.Span[0] == DerReader.Sequence)
            return [Parse(bytes)];
        var text = System.Text.Encoding.UTF8.GetString(bytes.Span).AsSpan();
        var all = new List<Certificate>();
        while (PemEncoding.TryFind(text, out var found))
        {
            if (text[found.Label] is "CERTIFICATE" or "X509 CERTIFICATE" or "TRUSTED CERTIFICATE")
                all.Add(Parse(Convert.FromBase64String(text[found.Base64Data].ToString())));
            text = text[found.Location.End..];
        }
        return all;
    }

    /// <summary>Did the holder of <paramref name="issuer"/>'s key sign this certificate? Says nothing about names or rights.</summary>
    public SignatureCheck CheckSignedBy(Certificate issuer) => SignedByFacts.Check(this, issuer.PublicKey);

    /// <summary>The same certificate for .NET's TLS and stores.</summary>
    public X509Certificate2 ToX509() => X509CertificateLoader.LoadCertificate(Der.Span);

    public string ToPem() => new(PemEncoding.Write("CERTIFICATE", Der.Span));

    public bool Equals(Certificate? other) => other is not null && Fingerprint == other.Fingerprint;

    public override bool Equals(object? obj) => Equals(obj as Certificate);

    public override int GetHashCode() => Fingerprint.GetHashCode();

    public override string ToString() => Subject.ToString();
}
