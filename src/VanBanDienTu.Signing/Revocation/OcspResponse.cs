using VanBanDienTu.Signing.Certificates;

namespace VanBanDienTu.Signing.Revocation;

/// <summary>One certificate's status inside an OCSP response.</summary>
internal sealed record OcspSingle(
    CertId Id, RevocationStatus Status, DateTimeOffset? RevokedAt, int? Reason, DateTimeOffset ThisUpdate, DateTimeOffset? NextUpdate,
    bool HasUnknownCritical, DateTimeOffset? ArchiveCutoff);

/// <summary>A parsed OCSP response; nothing in it is verified yet.</summary>
/// <remarks>Source: RFC 6960 section 4.2.</remarks>
internal sealed class OcspResponse
{
    /// <summary>How far back the responder still knows expired certificates (RFC 6960, 4.4.4).</summary>
    internal const string ArchiveCutoffOid = "1.3.6.1.5.5.7.48.1.6";

    private const string BasicOid = "1.3.6.1.5.5.7.48.1.1";

    private static readonly string[] StatusNames =
        ["successful", "malformedRequest", "internalError", "tryLater", "unused", "sigRequired", "unauthorized"];

    // What a response says follows from its bytes alone; whether it is believed, and for when, is judged every time.
    private static readonly BoundedCache<Fingerprint, OcspResponse> Parsed = new(1024);
    private static readonly SameBytes<OcspResponse> Recent = new(response => response._whole);
    private const int LongestKept = 16 << 10;

    private readonly ReadOnlyMemory<byte> _whole;

    private OcspResponse(ReadOnlyMemory<byte> whole, DerReader basic, Fingerprint fingerprint)
    {
        _whole = whole;
        Fingerprint = fingerprint;
        Sha256 = fingerprint.ToString();
        TbsRaw = basic.ReadRaw();
        Algorithm = SignatureAlgorithm.Parse(basic.ReadRaw());
        Signature = basic.ReadBitString();
        Certificates = basic.TryEnter(0xa0, out var certificates) ? ReadCertificates(certificates.Enter(DerReader.Sequence)) : [];

        var data = new DerReader(TbsRaw, "OCSP response").Enter(DerReader.Sequence);
        data.Skip(0xa0);
        if (data.TryEnter(0xa1, out var name))
            ResponderName = DistinguishedName.Parse(name.ReadRaw(), "OCSP response");
        else
            ResponderKeyHash = data.Enter(0xa2).Read(DerReader.OctetString);
        ProducedAt = data.ReadTime();
        Singles = ReadSingles(data.Enter(DerReader.Sequence));
        Nonce = data.TryEnter(0xa1, out var extensions) ? OcspRequest.FindNonce(extensions) : null;
    }

    /// <summary>SHA-256 of all of it.</summary>
    public Fingerprint Fingerprint { get; }

    /// <summary>The same, lower-case hexadecimal.</summary>
    public string Sha256 { get; }

    public ReadOnlyMemory<byte> TbsRaw { get; }

    public SignatureAlgorithm Algorithm { get; }

    public ReadOnlyMemory<byte> Signature { get; }

    public IReadOnlyList<Certificate> Certificates { get; }

    public DistinguishedName? ResponderName { get; }

    /// <summary>SHA-1 of the responder's key.</summary>
    public ReadOnlyMemory<byte> ResponderKeyHash { get; }

    public DateTimeOffset ProducedAt { get; }

    public IReadOnlyList<OcspSingle> Singles { get; }

    public ReadOnlyMemory<byte>? Nonce { get; }

    /// <summary>Whether that key made the signature.</summary>
    public SignatureCheck IsSignedBy(PublicKeyInfo key) => Algorithm.Verify(key, TbsRaw.Span, Signature.Span);

    /// <summary>The first of the answers that is about this certificate; null when none is.</summary>
    public OcspSingle? About(Certificate certificate, Certificate issuer)
    {
        for (var i = 0; i < Singles.Count; i++)
        {
            if (Singles[i].Id.IsOf(certificate, issuer))
                return Singles[i];
        }
        return null;
    }

    /// <summary>Reads an OCSPResponse or a bare BasicOCSPResponse.</summary>
    /// <param name="der">The bytes.</param>
    /// <param name="error">The responder's own error («tryLater»), when it sent one instead of an answer.</param>
    /// <exception cref="SigningException"><see cref="SigningFault.CertificateMalformed"/></exception>
    public static OcspResponse? Parse(ReadOnlyMemory<byte> der, out string? error)
    {
        error = null;
        if (Recent.Find(der.Span) is { } recent)
            return recent;
        var fingerprint = Fingerprint.Of(der.Span);
        var keep = der.Length <= LongestKept;
        if (!Parsed.TryGet(fingerprint, out var response))
        {
            response = Read(keep ? der.ToArray() : der, fingerprint, out error);
            if (!keep || response is null)
                return response;
            Parsed.Set(fingerprint, response);
        }
        Recent.Keep(response);
        return response;
    }

    private static OcspResponse? Read(ReadOnlyMemory<byte> der, Fingerprint fingerprint, out string? error)
    {
        error = null;
        var outer = new DerReader(DefiniteLengths.Of(der), "OCSP response").Enter(DerReader.Sequence);
        if (outer.Tag != DerReader.Enumerated)
            return new OcspResponse(der, outer, fingerprint);
        var status = outer.ReadSmallInteger(DerReader.Enumerated);
        if (status != 0)
        {
            error = status > 0 && status < StatusNames.Length ? StatusNames[status] : $"status {status}";
            return null;
        }
        var bytes = outer.Enter(0xa0).Enter(DerReader.Sequence);
        if (!string.Equals(bytes.ReadOid(), BasicOid, StringComparison.Ordinal))
            throw bytes.Malformed("it is not of the basic type");
        return new OcspResponse(der, new DerReader(DefiniteLengths.Of(bytes.Read(DerReader.OctetString)), "OCSP response").Enter(DerReader.Sequence), fingerprint);
    }

    private static List<Certificate> ReadCertificates(DerReader list)
    {
        List<Certificate> certificates = [];
        while (!list.AtEnd && certificates.Count < 20)
        {
            if (Certificate.TryParse(list.ReadRaw()) is { } certificate)
                certificates.Add(certificate);
        }
        return certificates;
    }

    private static List<OcspSingle> ReadSingles(DerReader list)
    {
        List<OcspSingle> singles = [];
        while (!list.AtEnd)
        {
            singles.Add(ReadSingle(list.Enter(DerReader.Sequence)));
            if (singles.Count > 1000)
                throw list.Malformed("it answers for more than 1000 certificates");
        }
        return singles;
    }

    private static OcspSingle ReadSingle(DerReader single)
    {
        var id = CertId.Parse(ref single);
        var (status, revokedAt, reason) = ReadStatus(ref single);
        var thisUpdate = single.ReadTime();
        DateTimeOffset? nextUpdate = single.TryEnter(0xa0, out var next) ? next.ReadTime() : null;
        var (unknown, cutoff) = single.TryEnter(0xa1, out var extensions) ? ReadExtensions(extensions.Enter(DerReader.Sequence)) : (false, null);
        return new OcspSingle(id, status, revokedAt, reason, thisUpdate, nextUpdate, unknown, cutoff);
    }

    private static (RevocationStatus, DateTimeOffset?, int?) ReadStatus(ref DerReader single)
    {
        switch (single.Tag)
        {
            case 0x80:
                single.ReadRaw();
                return (RevocationStatus.Good, null, null);
            case 0xa1:
                var revoked = single.Enter(0xa1);
                var at = revoked.ReadTime();
                return (RevocationStatus.Revoked, at, revoked.TryEnter(0xa0, out var r) ? r.ReadSmallInteger(DerReader.Enumerated) : null);
            default:
                single.ReadRaw();
                return (RevocationStatus.Unknown, null, null);
        }
    }

    private static (bool UnknownCritical, DateTimeOffset? ArchiveCutoff) ReadExtensions(DerReader extensions)
    {
        var (unknown, cutoff) = (false, (DateTimeOffset?)null);
        while (!extensions.AtEnd)
        {
            var one = extensions.Enter(DerReader.Sequence);
            var isCutoff = string.Equals(one.ReadOid(), ArchiveCutoffOid, StringComparison.Ordinal);
            unknown |= one.Tag == DerReader.Boolean && one.ReadBoolean() && !isCutoff;
            if (isCutoff)
                cutoff = new DerReader(one.Read(DerReader.OctetString), "OCSP response").ReadTime();
        }
        return (unknown, cutoff);
    }
}
