namespace VanBanDienTu.Signing.Cms;

/// <summary>One signed or unsigned attribute: its OID and the raw values.</summary>
internal sealed record CmsAttribute(string Oid, IReadOnlyList<BerElement> Values)
{
    public static IReadOnlyList<CmsAttribute> ReadAll(BerElement set)
    {
        var attributes = new List<CmsAttribute>();
        foreach (var element in set.Children())
        {
            if (element.TryTwo(out var type, out var values))
            {
                attributes.Add(new CmsAttribute(type.Oid(), values.Children()));
                continue;
            }
            var parts = element.Children();
            if (parts.Count != 2)
                throw BerElement.Malformed("an attribute is not a type and a set of values");
            attributes.Add(new CmsAttribute(parts[0].Oid(), parts[1].Children()));
        }
        return attributes;
    }
}
