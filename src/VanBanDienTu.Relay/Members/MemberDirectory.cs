namespace VanBanDienTu.Relay.Members;

/// <summary>What a member may do at this node.</summary>
public static class Roles
{
    /// <summary>A unit's own document-management system (QLVB) or clerk.</summary>
    public const string System = "system";

    /// <summary>A gateway or hub that hands messages over.</summary>
    public const string Node = "node";

    public const string Operator = "operator";

    public const string Auditor = "auditor";
}

/// <summary>An organ that this node knows.</summary>
/// <param name="Local">True when its documents end here: its own system fetches them from this node.</param>
/// <param name="Certificates">SHA-256 of the certificates it may call with, lower-case hexadecimal; several may overlap for rollover.</param>
public sealed record Member(string Organ, string? Name, bool Local)
{
    public IReadOnlyList<string> Certificates { get; init; } = [];

    public IReadOnlyList<string> Roles { get; init; } = [];

    public bool Locked { get; init; }

    /// <summary>Local, and its system exchanges whole edXML packets (VXP): it signs and verifies by itself.</summary>
    public bool ByPackets { get; init; }

    public DateTimeOffset? ValidFrom { get; init; }

    public DateTimeOffset? ValidTo { get; init; }

    public bool IsOpen(DateTimeOffset at) => !Locked && !(ValidFrom > at) && !(ValidTo <= at);
}

/// <summary>Everything behind an organ code goes through one link; <c>*</c> is the way upward.</summary>
public sealed record MemberRoute(string Organ, string Link);

/// <summary>Where messages for an organ go.</summary>
public abstract record RouteAnswer
{
    private RouteAnswer()
    {
    }

    /// <summary>The organ is served by this node.</summary>
    public sealed record Local : RouteAnswer;

    public sealed record Via(string Link) : RouteAnswer;

    /// <summary>Locked, or its membership has not begun or is over.</summary>
    public sealed record Locked : RouteAnswer;

    public sealed record None : RouteAnswer;
}

/// <summary>Who is known and where everyone is; a snapshot that never changes.</summary>
public sealed class MemberDirectory
{
    private readonly Dictionary<string, Member> members;
    private readonly Dictionary<string, Member> byCertificate;
    private readonly Dictionary<string, string> routes;
    private readonly string? upward;

    private MemberDirectory(MemberDirectory from, UnitOverlay overlay) =>
        (members, byCertificate, routes, upward, Overlay) = (from.members, from.byCertificate, from.routes, from.upward, overlay);

    public MemberDirectory(IEnumerable<Member> members, IEnumerable<MemberRoute> routes)
    {
        byCertificate = new Dictionary<string, Member>(StringComparer.OrdinalIgnoreCase);
        this.routes = new Dictionary<string, string>(StringComparer.Ordinal);
        this.members = members.ToDictionary(m => m.Organ, StringComparer.Ordinal);
        foreach (var member in this.members.Values)
        {
            foreach (var certificate in member.Certificates)
                byCertificate[certificate] = member;
        }

        foreach (var route in routes)
        {
            if (route.Organ == "*")
                upward = route.Link;
            else
                this.routes[route.Organ] = route.Link;
        }
    }

    public IReadOnlyCollection<Member> Members => members.Values;

    /// <summary>What routing knows of the units' directory.</summary>
    internal UnitOverlay Overlay { get; } = UnitOverlay.Empty;

    /// <summary>The same members and routes, with another state of the units' directory.</summary>
    internal MemberDirectory With(UnitOverlay overlay) => new(this, overlay);

    public Member? Find(string organ) => members.GetValueOrDefault(organ) ?? Overlay.Registered.GetValueOrDefault(organ);

    /// <summary>
    /// Today's code: of the unit that took over, of a code of 13 characters as the directory translates it. A code that this node has a member
    /// or a route for means itself.
    /// </summary>
    public string Resolve(string organ)
    {
        // Successors of successors, but no circles.
        for (var i = 0; i < 8 && Find(organ) is null && !routes.ContainsKey(organ) && Overlay.Successors.TryGetValue(organ, out var next); i++)
            organ = next;
        return organ;
    }

    public Member? FindByCertificate(string sha256) => byCertificate.GetValueOrDefault(sha256);

    /// <summary>
    /// The way to an organ, or to who succeeded it: itself, else the longest route of whole dot groups (<c>G12.1</c> never catches
    /// <c>G12.18</c>), else upward.
    /// </summary>
    public RouteAnswer Route(string addressed, DateTimeOffset at)
    {
        var organ = Resolve(addressed);
        var member = Find(organ);
        if ((member is not null && !member.IsOpen(at)) || (member is null && Overlay.Closed.Contains(organ)))
            return new RouteAnswer.Locked();
        if (member is { Local: true })
            return new RouteAnswer.Local();
        if (routes.TryGetValue(organ, out var exact))
            return new RouteAnswer.Via(exact);
        if (HasGroups(organ))
        {
            for (var dot = organ.LastIndexOf('.'); dot > 0; dot = organ.LastIndexOf('.', dot - 1))
            {
                if (routes.TryGetValue(organ[..dot], out var link))
                    return new RouteAnswer.Via(link);
            }
        }

        return upward is null ? new RouteAnswer.None() : new RouteAnswer.Via(upward);
    }
    // Only codes of QĐ 20/2020, article 4, read from the top down. A code of 13 characters (000.00.18.G12) reads the other way round
    // and is never reversed by guessing; Z codes (article 6) name one organisation each.
    private static bool HasGroups(string organ) => organ.Length > 0 && organ[0] is >= 'A' and < 'Z';
}
