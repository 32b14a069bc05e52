namespace VanBanDienTu.Signing.Certificates;

/// <summary>The nameConstraints extension of a CA: subtrees that names below it must, or must not, lie in.</summary>
internal sealed record NameConstraints(IReadOnlyList<GeneralName> Permitted, IReadOnlyList<GeneralName> Excluded)
{
    public static NameConstraints Parse(DerReader value)
    {
        var inside = value.Enter(DerReader.Sequence);
        var permitted = inside.TryEnter(0xa0, out var p) ? Subtrees(p) : [];
        var excluded = inside.TryEnter(0xa1, out var e) ? Subtrees(e) : [];
        return new NameConstraints(permitted, excluded);
    }

    private static List<GeneralName> Subtrees(DerReader list)
    {
        List<GeneralName> bases = [];
        while (!list.AtEnd)
        {
            var subtree = list.Enter(DerReader.Sequence);
            bases.Add(GeneralName.Parse(subtree.ReadRaw()));
            if (bases.Count > 1000)
                throw list.Malformed("more than 1000 name constraints");
            // RFC 5280: minimum is 0 (so absent in DER) and maximum absent; anything else cannot be honoured.
            if (subtree.Tag == 0x80 && subtree.ReadSmallInteger(0x80) == 0)
                continue;
            if (!subtree.AtEnd)
                throw list.Malformed("a name constraint with a minimum or maximum distance");
        }
        return bases;
    }
}
