namespace VanBanDienTu.Signing.Authority;

/// <summary>An organ of the demonstration.</summary>
public sealed record SampleOrgan(string OrganId, string Name, string Person, string Title, string TaxCode, string CitizenId);

/// <summary>The keys that <c>vbdt pki init</c> makes. All names and numbers are invented.</summary>
public static class SampleProfiles
{
    /// <summary>A unit of a ministry, the ministry, the government office, a province.</summary>
    public static IReadOnlyList<SampleOrgan> Organs { get; } =
    [
        new("G99.63", "Cơ quan Mẫu số Một", "Người Ký Mẫu", "Chánh Văn phòng", "0100000963", "001099000063"),
        new("G99", "Bộ Mẫu", "Người Ký Bộ Mẫu", "Thứ trưởng", "0100000099", "001099000099"),
        new("G22", "Văn phòng Chính phủ (mẫu)", "Người Ký Văn phòng Mẫu", "Phó Chủ nhiệm", "0100000022", "001099000022"),
        new("H99", "UBND tỉnh Mẫu", "Người Ký Tỉnh Mẫu", "Phó Chủ tịch", "0100000199", "001099000199"),
    ];

    /// <summary>The three nodes and the organ that runs each.</summary>
    public static IReadOnlyList<(string Node, string OrganId)> Nodes { get; } =
        [("government", "G22"), ("ministry", "G99"), ("unit", "G99.63")];

    /// <summary>What the demonstration needs, all of it good: persons, organisations, systems of each organ; nodes and their evidence keys.</summary>
    public static IReadOnlyList<SampleProfile> Demo { get; } = [.. Organs.SelectMany(OfOrgan), .. Nodes.SelectMany(OfNode)];

    /// <summary>Keys that are refused somewhere, and keys of less usual kinds.</summary>
    public static IReadOnlyList<SampleProfile> Variants { get; } =
    [
        Person("expired") with { Key = SampleKeyType.P256, StartsIn = TimeSpan.FromDays(-400), ValidFor = TimeSpan.FromDays(365) },
        Person("not-yet-valid") with { Key = SampleKeyType.P256, StartsIn = TimeSpan.FromDays(30) },
        Person("revoked") with { Key = SampleKeyType.P256, Revoked = true },
        Person("p256") with { Key = SampleKeyType.P256 },
        Person("p384") with { Key = SampleKeyType.P384 },
        Person("rsa3072") with { Key = SampleKeyType.Rsa3072 },
        new("stranger", SampleKind.System, "QLVB không đăng ký", "Đơn vị không phải thành viên (mẫu)", "G98") { Key = SampleKeyType.P256, Variant = true },
        new("foreign", SampleKind.System, "QLVB của gốc khác", "Cơ quan Mẫu số Một", "G99.63") { Key = SampleKeyType.P256, Variant = true, Foreign = true },
    ];

    public static IReadOnlyList<SampleProfile> All { get; } = [.. Demo, .. Variants];

    /// <summary>A signer's key of the first organ for <c>variants/NAME.p12</c>, to be changed with <c>with</c>.</summary>
    public static SampleProfile Person(string name) => PersonOf(name, Organs[0]) with { Variant = true };

    private static IEnumerable<SampleProfile> OfOrgan(SampleOrgan organ) =>
    [
        PersonOf($"person-{organ.OrganId}", organ),
        new($"organization-{organ.OrganId}", SampleKind.Organization, organ.Name, organ.Name, organ.OrganId) { UserId = "MST:" + organ.TaxCode },
        new($"system-{organ.OrganId}", SampleKind.System, $"QLVB {organ.Name}", organ.Name, organ.OrganId) { Key = SampleKeyType.P256 },
    ];

    private static IEnumerable<SampleProfile> OfNode((string Node, string OrganId) node)
    {
        var organ = Organs.Single(o => string.Equals(o.OrganId, node.OrganId, StringComparison.Ordinal));
        yield return new($"node-{node.Node}", SampleKind.Node, $"Nút {node.Node}", organ.Name, organ.OrganId) { Key = SampleKeyType.P256 };
        yield return new($"evidence-{node.Node}", SampleKind.Evidence, $"Chứng cứ của nút {node.Node}", organ.Name, organ.OrganId) { Key = SampleKeyType.P256 };
    }

    private static SampleProfile PersonOf(string name, SampleOrgan organ) =>
        new(name, SampleKind.Person, organ.Person, organ.Name, organ.OrganId)
        {
            Unit = "Văn phòng",
            Title = organ.Title,
            UserId = "CCCD:" + organ.CitizenId,
        };
}
