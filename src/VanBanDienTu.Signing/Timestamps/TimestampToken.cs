using VanBanDienTu.Signing.Certificates;
using VanBanDienTu.Signing.Cms;
using VanBanDienTu.Signing.Paths;
using VanBanDienTu.Signing.Trust;

namespace VanBanDienTu.Signing.Timestamps;

/// <summary>What was found of one token: are its bytes intact and about this content, and does its authority lead to an anchor.</summary>
/// <param name="Integrity">Of the token's signature and of the stamped hash.</param>
/// <param name="Authority">Whose certificate signed; null when it is missing.</param>
/// <param name="Path">Judged at the token's own time; null when there is no authority certificate or the bytes are not intact.</param>
/// <param name="Failure">Why it is not intact.</param>
public sealed record TimestampJudgement(Integrity Integrity, Certificate? Authority, PathResult? Path, LocalText? Failure)
{
    /// <summary>Intact and trusted; the revocation of its path is still to be judged.</summary>
    public bool IsTrusted => Integrity == Integrity.Intact && Path is { IsValid: true };
}

/// <summary>A timestamp token (dấu thời gian) of RFC 3161: a CMS around a TSTInfo.</summary>
public sealed class TimestampToken
{
    private readonly CmsSignedData _cms;
    private readonly ReadOnlyMemory<byte> _content;

    private TimestampToken(ReadOnlyMemory<byte> der, CmsSignedData cms, ReadOnlyMemory<byte> content)
    {
        Der = der;
        _cms = cms;
        _content = content;
        Certificates = [.. cms.Certificates.Select(c => Certificate.TryParse(c)).OfType<Certificate>()];

        var info = new DerReader(content, "timestamp").Enter(DerReader.Sequence);
        info.ReadSmallInteger();
        PolicyOid = info.ReadOid();
        var imprint = info.Enter(DerReader.Sequence);
        HashOid = imprint.Enter(DerReader.Sequence).ReadOid();
        Imprint = imprint.Read(DerReader.OctetString);
        SerialHex = Convert.ToHexStringLower(info.Read(DerReader.Integer).Span);
        Time = info.ReadTime();
        info.Skip(DerReader.Sequence); // accuracy
        info.Skip(DerReader.Boolean); // ordering
        Nonce = info.Tag == DerReader.Integer ? info.Read(DerReader.Integer) : null;
    }

    public ReadOnlyMemory<byte> Der { get; }

    /// <summary>The instant the authority vouches for.</summary>
    public DateTimeOffset Time { get; }

    public string PolicyOid { get; }

    public string SerialHex { get; }

    /// <summary>The hash function of <see cref="Imprint"/>.</summary>
    public string HashOid { get; }

    /// <summary>The stamped hash.</summary>
    public ReadOnlyMemory<byte> Imprint { get; }

    /// <summary>Content octets of the nonce; null when the request had none.</summary>
    public ReadOnlyMemory<byte>? Nonce { get; }

    /// <summary>Certificates inside the token; some may be missing or superfluous.</summary>
    public IReadOnlyList<Certificate> Certificates { get; }

    /// <summary>Its one signer.</summary>
    internal CmsSignerInfo Signer => _cms.Signers[0];

    /// <summary>The certificate that the token names as its signer's (ESSCertID); null when it names none.</summary>
    internal SigningCertificateReference? SigningCertificate => _cms.Signers[0].SigningCertificate;

    /// <summary>CRLs and OCSP responses inside the token.</summary>
    public Revocation.EmbeddedRevocation Revocation => new(_cms.OcspResponses, _cms.Crls);

    /// <summary>The certificate that signed it, among its own and these; null when it is in neither.</summary>
    internal Certificate? FindAuthority(IReadOnlyList<Certificate> pool) => SignerCertificate.Find(_cms.Signers[0], [.. Certificates, .. pool]);

    /// <exception cref="SigningException"><see cref="SigningFault.CmsMalformed"/> or
    /// <see cref="SigningFault.CertificateMalformed"/>: not a timestamp token.</exception>
    public static TimestampToken Parse(ReadOnlyMemory<byte> der)
    {
        var cms = CmsSignedData.Parse(der);
        if (!string.Equals(cms.ContentType, Oids.TstInfo, StringComparison.Ordinal) || cms.Content is not { } content)
            throw DerReader.Malformed("timestamp", "the CMS does not hold a TSTInfo");
        if (cms.Signers.Count != 1)
            throw DerReader.Malformed("timestamp", $"it has {cms.Signers.Count} signers instead of one");
        return new TimestampToken(der, cms, content);
    }

    /// <summary>Like <see cref="Parse"/>; null when it cannot be read.</summary>
    public static TimestampToken? TryParse(ReadOnlyMemory<byte> der)
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

    /// <summary>Is the token intact, is it about this content, and is its authority trusted at its time?</summary>
    /// <param name="digestOf">The hash of the stamped content by a hash OID; null when it cannot be computed.</param>
    /// <param name="pool">More certificates to build the authority's path from.</param>
    /// <param name="trust">The anchors.</param>
    public TimestampJudgement Judge(Func<string, byte[]?> digestOf, IEnumerable<Certificate> pool, TrustSnapshot trust)
    {
        var stamped = digestOf(HashOid);
        if (stamped is null)
            return new(Integrity.Unsupported, null, null, new LocalText(
                $"Dấu thời gian dùng hàm băm chưa hỗ trợ ({MessageHash.Name(HashOid)}).", $"The timestamp uses an unsupported hash ({MessageHash.Name(HashOid)})."));
        if (!Imprint.Span.SequenceEqual(stamped))
            return new(Integrity.Broken, null, null, new LocalText(
                "Dấu thời gian được cấp cho nội dung khác.", "The timestamp was issued for other content."));
        var all = Certificates.Concat(pool).ToList();
        var check = CmsCheck.Of(_cms.Signers[0], all, oid => MessageHash.TryCompute(oid, _content.Span, out var hash) ? hash : null);
        if (check.Integrity != Integrity.Intact || check.Signer is not { } authority)
        {
            var why = check.Reasons.Count > 0 ? check.Reasons[0].Text : new LocalText("Chữ ký của dấu thời gian không đúng.", "The timestamp's signature is invalid.");
            return new(check.Integrity, check.Signer, null, why);
        }
        var path = new PathValidator().Validate(authority, all, trust, Time, PathPurpose.Timestamping);
        return new(Integrity.Intact, authority, path, null);
    }
}
