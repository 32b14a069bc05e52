using VanBanDienTu.Gateway.Config;
using VanBanDienTu.Relay.Members;

namespace VanBanDienTu.Gateway.Access;

/// <summary>The relay's view of the configuration: one member per organ, and the routes.</summary>
internal static class DirectoryShapes
{
    public static MemberDirectory ToRelay(this NodeConfig config)
    {
        var local = config.Organs.ToDictionary(organ => organ.Organ, StringComparer.Ordinal);
        var byPackets = config.Vxp?.Systems.SelectMany(system => system.Organs, (system, organ) => (organ, system.Locked))
            .ToDictionary(u => u.organ.Organ, StringComparer.Ordinal) ?? [];
        var grants = config.Members.GroupBy(member => member.Organ, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.ToList(), StringComparer.Ordinal);
        var members = local.Keys.Union(grants.Keys, StringComparer.Ordinal).Where(organ => !byPackets.ContainsKey(organ)).Select(organ =>
            Member(organ, local.GetValueOrDefault(organ), grants.GetValueOrDefault(organ, [])))
            .Concat(byPackets.Values.Select(u => new Member(u.organ.Organ, u.organ.Name, Local: true) { ByPackets = true, Locked = u.Locked }));
        var routes = config.Links.SelectMany(link => link.Routes.Select(route => new MemberRoute(route, link.Name)));
        return new MemberDirectory(members, routes);
    }

    // An organ is locked for documents when every grant it has is locked; one locked certificate of several locks only that one.
    private static Member Member(string organ, OrganConfig? local, List<MemberConfig> grants) =>
        new(organ, local?.Name ?? grants[0].Name, Local: local is not null)
        {
            Certificates = [.. grants.SelectMany(grant => grant.Certificates)],
            Roles = [.. grants.SelectMany(grant => grant.Roles).Distinct().Select(role => role.ToString().ToLowerInvariant())],
            Locked = grants.Count > 0 && grants.TrueForAll(grant => grant.Locked),
            ValidFrom = grants.Count > 0 && grants.TrueForAll(grant => grant.ValidFrom is not null) ? grants.Min(grant => grant.ValidFrom) : null,
            ValidTo = grants.Count > 0 && grants.TrueForAll(grant => grant.ValidTo is not null) ? grants.Max(grant => grant.ValidTo) : null,
        };
}
