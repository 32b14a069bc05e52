namespace VanBanDienTu.Signing.Cms;

/// <summary>An AlgorithmIdentifier of the CMS: its OID, and the whole of it as DER.</summary>
internal sealed record CmsAlgorithm(string Oid, ReadOnlyMemory<byte> Der)
{
    public static CmsAlgorithm Read(BerElement element)
    {
        // Some writers put the bare OID where the SEQUENCE belongs; it says the same.
        if (element.Tag == 0x06)
            return new CmsAlgorithm(element.Oid(), DerEncoding.Wrap(0x30, element.Raw.Span));
        element.Expect(0x30, "an algorithm identifier");
        if (!element.TryTwo(out var oid, out _))
        {
            var parts = element.Children();
            if (parts.Count is 0 or > 2)
                throw BerElement.Malformed("an algorithm identifier is not an OID and parameters");
            oid = parts[0];
        }
        return new CmsAlgorithm(oid.Oid(), DerEncoding.IsDer(element.Raw.Span, set: false) ? element.Raw : DerEncoding.Of(element));
    }
}
