namespace VanBanDienTu.Relay.Members;

/// <summary>Whose word about a unit counts more; an entry is never overwritten by a lesser one.</summary>
public enum UnitAuthority
{
    /// <summary>A directory that this node follows: the axis's, the next hub's.</summary>
    Followed = 0,

    /// <summary>Registered here by a system, which acts for the unit.</summary>
    Registered = 1,

    /// <summary>The node's own configuration.</summary>
    Configured = 2,
}

/// <summary>A unit (cơ quan, đơn vị) as the directory knows it.</summary>
public sealed record Unit(string Code, string Name)
{
    /// <summary>Code of the unit above it.</summary>
    public string? Parent { get; init; }

    /// <summary>The code of 13 characters that it had before; packets may still carry it.</summary>
    public string? OldCode { get; init; }

    public string? Mail { get; init; }

    /// <summary>The unit that took over its work (merged, renamed): what is addressed to the old code goes there.</summary>
    public string? Successor { get; init; }

    public bool Locked { get; init; }

    public bool Deleted { get; init; }

    /// <summary>Who says so: a link's name, a SystemId, or <c>node</c>.</summary>
    public string Source { get; init; } = "";

    public UnitAuthority Authority { get; init; }

    /// <summary>The source's own version of the entry.</summary>
    public long SourceVersion { get; init; }

    /// <summary>This node's version of the entry; rises with every change of any entry.</summary>
    public long Version { get; init; }

    public DateTimeOffset Changed { get; init; }
}

/// <summary>What routing must know of the directory, and nothing more: who succeeded whom, who is closed, who registered here.</summary>
internal sealed record UnitOverlay(
    long Version, IReadOnlyDictionary<string, string> Successors, IReadOnlySet<string> Closed, IReadOnlyDictionary<string, Member> Registered,
    ILookup<string, string> RegisteredBy)
{
    public static UnitOverlay Empty { get; } = new(
        0, new Dictionary<string, string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal),
        new Dictionary<string, Member>(StringComparer.Ordinal), Array.Empty<string>().ToLookup(s => s, StringComparer.Ordinal));

    /// <param name="special">Units with an old code or successor, locked or deleted ones, and those registered here.</param>
    public static UnitOverlay Of(long version, IReadOnlyList<Unit> special)
    {
        var successors = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var unit in special)
        {
            if (unit.Successor is { } successor)
                successors[unit.Code] = successor;
            if (unit is { OldCode: { } old, Deleted: false } && old != unit.Code)
                successors.TryAdd(old, unit.Code);
        }

        var registered = special.Where(u => u is { Authority: UnitAuthority.Registered, Deleted: false }).ToList();
        return new UnitOverlay(
            version, successors,
            // What the configuration no longer mentions is not closed by that: it may be behind a link.
            special.Where(u => (u.Locked || (u.Deleted && u.Authority != UnitAuthority.Configured)) && u.Successor is null).Select(u => u.Code).ToHashSet(StringComparer.Ordinal),
            registered.ToDictionary(
                u => u.Code, u => new Member(u.Code, u.Name, Local: true) { ByPackets = true, Locked = u.Locked }, StringComparer.Ordinal),
            registered.ToLookup(u => u.Source, u => u.Code, StringComparer.Ordinal));
    }
}
