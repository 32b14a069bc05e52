namespace VanBanDienTu.Signing.Cms;

/// <summary>An AlgorithmIdentifier as it stands in the CMS: OID and raw parameters.</summary>
internal sealed record CmsAlgorithm(string Oid, BerElement? Parameters, ReadOnlyMemory<byte> Raw)
{
    public static CmsAlgorithm Read(BerElement element)
    {
        // Some writers put the bare OID where the SEQUENCE belongs; it says the same.
        if (element.Tag == 0x06)
            return new CmsAlgorithm(element.Oid(), null, element.Raw);
        element.Expect(0x30, "an algorithm identifier");
        var parts = element.Children();
        if (parts.Count is 0 or > 2)
            throw BerElement.Malformed("an algorithm identifier is not an OID and parameters");
        return new CmsAlgorithm(parts[0].Oid(), parts.Count == 2 ? parts[1] : null, element.Raw);
    }
}
