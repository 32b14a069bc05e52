using System.Globalization;
using System.Text;

namespace VanBanDienTu.Signing.Cms;

/// <summary>One SignerInfo: who says to have signed, over which attributes, with what value. Nothing is verified here.</summary>
/// <remarks>Source: RFC 5652 section 5.3.</remarks>
internal sealed class CmsSignerInfo
{
    private readonly Lazy<SigningCertificateReference?> _reference;

    private CmsSignerInfo() => _reference = new Lazy<SigningCertificateReference?>(ReadReference);

    /// <summary>The issuer's name, raw; null when the signer is named by key identifier.</summary>
    public ReadOnlyMemory<byte>? Issuer { get; private init; }

    /// <summary>The serial number's content octets.</summary>
    public ReadOnlyMemory<byte>? Serial { get; private init; }

    public ReadOnlyMemory<byte>? SubjectKeyId { get; private init; }

    public required CmsAlgorithm Digest { get; init; }

    public required CmsAlgorithm Signature { get; init; }

    public required ReadOnlyMemory<byte> SignatureValue { get; init; }

    /// <summary>What the CMS says its content is.</summary>
    public required string SignedType { get; init; }

    /// <summary>The [0] element of signed attributes as it was sent; null when the value is over the content itself.</summary>
    public BerElement? SignedAttributesElement { get; private init; }

    public IReadOnlyList<CmsAttribute> SignedAttributes { get; private init; } = [];

    public IReadOnlyList<CmsAttribute> UnsignedAttributes { get; private init; } = [];

    /// <param name="element">The SignerInfo.</param>
    /// <param name="signedType">eContentType of the CMS that it stands in.</param>
    public static CmsSignerInfo Read(BerElement element, string signedType)
    {
        element.Expect(0x30, "a SignerInfo");
        var parts = element.Children();
        if (parts.Count < 5)
            throw BerElement.Malformed("a SignerInfo has fewer than five parts");
        var next = 3;
        var signed = parts[next].Tag == 0xa0 ? parts[next++] : (BerElement?)null;
        if (parts.Count < next + 2)
            throw BerElement.Malformed("a SignerInfo ends before its signature value");
        var algorithm = CmsAlgorithm.Read(parts[next++]);
        var value = parts[next++].OctetString();
        var unsigned = parts.FindIndex(next, p => p.Tag == 0xa1) is >= 0 and var found ? parts[found] : (BerElement?)null;
        var (issuer, serial, keyId) = Sid(parts[1]);
        return new CmsSignerInfo
        {
            Issuer = issuer,
            Serial = serial,
            SubjectKeyId = keyId,
            Digest = CmsAlgorithm.Read(parts[2]),
            Signature = algorithm,
            SignatureValue = value,
            SignedType = signedType,
            SignedAttributesElement = signed,
            SignedAttributes = signed is { } s ? CmsAttribute.ReadAll(s) : [],
            UnsignedAttributes = unsigned is { } u ? CmsAttribute.ReadAll(u) : [],
        };
    }

    /// <summary>The message-digest attribute; null when it is missing, empty or there are several.</summary>
    public ReadOnlyMemory<byte>? MessageDigest =>
        Single(Oids.MessageDigest) is { Tag: 0x04 or 0x24 } value ? value.OctetString() : null;

    /// <summary>The content-type attribute; null when missing.</summary>
    public string? ContentType => Single(Oids.ContentType) is { Tag: 0x06 } value ? value.Oid() : null;

    /// <summary>The certificate that the signed attributes name; null when they name none that can be read.</summary>
    public SigningCertificateReference? SigningCertificate => _reference.Value;

    /// <summary>The signing-time attribute, which is only what the signer claims.</summary>
    public DateTimeOffset? SigningTime => Single(Oids.SigningTime) is { } value ? ReadTime(value) : null;

    /// <summary>Values of one unsigned attribute, raw.</summary>
    public IReadOnlyList<BerElement> Unsigned(string oid) => Values(UnsignedAttributes, oid);

    /// <summary>Values of one signed attribute, raw.</summary>
    public IReadOnlyList<BerElement> Signed(string oid) => Values(SignedAttributes, oid);

    /// <summary>
    /// What the signature value may be over when there are signed attributes: the DER that the standard asks for and, if it
    /// differs, the bytes as they were sent (unsorted sets are signed as they are by several writers).
    /// </summary>
    public IReadOnlyList<byte[]> SignedAttributesAsDigested()
    {
        if (SignedAttributesElement is not { } element)
            return [];
        var sent = element.Raw.ToArray();
        sent[0] = 0x31;
        if (DerEncoding.IsDer(sent, set: false))
            return [sent];
        var der = DerEncoding.Of(element, 0x31);
        return element.Indefinite || sent.AsSpan().SequenceEqual(der) ? [der] : [sent, der];
    }

    private SigningCertificateReference? ReadReference()
    {
        try
        {
            if (Single(Oids.SigningCertificateV2) is { } v2)
                return SigningCertificateReference.Read(v2, v2: true);
            return Single(Oids.SigningCertificate) is { } v1 ? SigningCertificateReference.Read(v1, v2: false) : null;
        }
        catch (Exception e) when (e is SigningException or ArgumentOutOfRangeException)
        {
            return null;
        }
    }

    // Nearly always none or one attribute has that type.
    private static IReadOnlyList<BerElement> Values(IReadOnlyList<CmsAttribute> attributes, string oid)
    {
        IReadOnlyList<BerElement> found = [];
        for (var i = 0; i < attributes.Count; i++)
        {
            if (string.Equals(attributes[i].Oid, oid, StringComparison.Ordinal))
                found = found.Count == 0 ? attributes[i].Values : [.. found, .. attributes[i].Values];
        }
        return found;
    }

    private BerElement? Single(string oid)
    {
        BerElement? only = null;
        foreach (var attribute in SignedAttributes)
        {
            if (!string.Equals(attribute.Oid, oid, StringComparison.Ordinal) || attribute.Values.Count == 0)
                continue;
            if (only is not null || attribute.Values.Count > 1)
                return null;
            only = attribute.Values[0];
        }
        return only;
    }

    private static (ReadOnlyMemory<byte>?, ReadOnlyMemory<byte>?, ReadOnlyMemory<byte>?) Sid(BerElement sid)
    {
        if (sid.Tag is 0x80 or 0xa0)
            return (null, null, sid.OctetString());
        if (sid.TryTwo(out var issuer, out var serial))
            return (issuer.Raw, serial.Content, null);
        var parts = sid.Children();
        return parts.Count == 2
            ? (parts[0].Raw, parts[1].Content, null)
            : throw BerElement.Malformed("a signer is not named by issuer and serial number");
    }

    private static DateTimeOffset? ReadTime(BerElement value)
    {
        var text = Encoding.ASCII.GetString(value.Content.Span);
        if (value.Tag == 0x17 && text.Length > 2)
            text = (text[0] >= '5' ? "19" : "20") + text;
        return DateTimeOffset.TryParseExact(text, ["yyyyMMddHHmmss'Z'", "yyyyMMddHHmm'Z'", "yyyyMMddHHmmss.FFFFFFF'Z'", "yyyyMMddHHmmsszzz"],
            CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
    }
}
