namespace VanBanDienTu.Signing.Cms;

/// <summary>A CMS SignedData as found: tolerant of BER and of much that writers get wrong, with every span kept raw.</summary>
/// <remarks>Source: RFC 5652 section 5, PKCS#7 1.5. Nothing is verified here.</remarks>
internal sealed class CmsSignedData
{
    private CmsSignedData()
    {
    }

    public required string ContentType { get; init; }

    /// <summary>The encapsulated content's octets; null when the signature is detached.</summary>
    public ReadOnlyMemory<byte>? Content { get; private init; }

    /// <summary>The certificates, raw, in the order sent.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Certificates { get; private init; } = [];

    /// <summary>CRLs in SignedData.crls, raw.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Crls { get; private init; } = [];

    /// <summary>OCSP responses in SignedData.crls (RFC 5940), raw.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> OcspResponses { get; private init; } = [];

    public required IReadOnlyList<CmsSignerInfo> Signers { get; init; }

    /// <summary>How many bytes of the input the structure took; what follows should be padding.</summary>
    public required int EncodedLength { get; init; }

    /// <summary>Reads a ContentInfo that holds SignedData from the start of <paramref name="bytes"/>.</summary>
    /// <exception cref="SigningException"><see cref="SigningFault.CmsMalformed"/>, with what was found where.</exception>
    public static CmsSignedData Parse(ReadOnlyMemory<byte> bytes)
    {
        var info = BerElement.Read(bytes);
        info.Expect(0x30, "ContentInfo");
        if (!info.TryTwo(out var type, out var signedData))
        {
            var outer = info.Children();
            if (outer.Count < 2)
                throw BerElement.Malformed("it is not SignedData");
            (type, signedData) = (outer[0], outer[1]);
        }
        if (!string.Equals(type.Oid(), Oids.SignedData, StringComparison.Ordinal))
            throw BerElement.Malformed("it is not SignedData");
        var parts = signedData.Only().Children();
        if (parts.Count < 4)
            throw BerElement.Malformed("SignedData has fewer than four parts");
        var (contentType, content) = Encapsulated(parts[2]);
        var (certificates, crls) = (Inside(parts, 0xa0), Inside(parts, 0xa1));
        var signers = parts[^1];
        signers.Expect(0x31, "signerInfos");
        return new CmsSignedData
        {
            ContentType = contentType,
            Content = content,
            Certificates = [.. certificates.Where(c => c.Tag == 0x30).Select(c => c.Raw)],
            Crls = crls.Count == 0 ? [] : [.. crls.Where(c => c.Tag == 0x30).Select(Crl)],
            OcspResponses = crls.Count == 0 ? [] : [.. crls.Where(c => c.Tag == 0xa1).Select(Ocsp).OfType<ReadOnlyMemory<byte>>()],
            Signers = signers.Children().ConvertAll(s => CmsSignerInfo.Read(s, contentType)),
            EncodedLength = info.Raw.Length,
        };
    }

    // What stands in the optional parts of that tag, between the content and the signers.
    private static List<BerElement> Inside(List<BerElement> parts, byte tag)
    {
        List<BerElement>? found = null;
        for (var i = 3; i < parts.Count; i++)
        {
            if (parts[i].Tag != tag)
                continue;
            var here = parts[i].Children();
            if (found is null)
                found = here;
            else
                found.AddRange(here);
        }
        return found ?? [];
    }

    private static (string Type, ReadOnlyMemory<byte>? Content) Encapsulated(BerElement element)
    {
        element.Expect(0x30, "encapContentInfo");
        var parts = element.Children();
        if (parts.Count == 0)
            throw BerElement.Malformed("encapContentInfo is empty");
        if (parts.Count == 1)
            return (parts[0].Oid(), null);
        var inner = parts[1].Only();
        // PKCS#7 1.5 allows any type here; what is digested is then its content octets.
        return (parts[0].Oid(), inner.Tag is 0x04 or 0x24 ? inner.OctetString() : inner.Content);
    }

    private static ReadOnlyMemory<byte> Crl(BerElement element) =>
        element.Children() is [{ Tag: 0x30 } list, { Tag: 0x30 }, { Tag: 0x03 }] && list.Children() is [.., _, _, _]
            ? element.Raw
            : throw BerElement.Malformed("among its revocation lists is something that is no CRL");

    private static ReadOnlyMemory<byte>? Ocsp(BerElement other)
    {
        var parts = other.Children();
        return parts.Count == 2 && parts[0].Tag == 0x06
            && string.Equals(parts[0].Oid(), Oids.OcspResponseFormat, StringComparison.Ordinal) ? parts[1].Raw : null;
    }
}
