namespace VanBanDienTu.Gateway.Config;

/// <summary>Reads the section <c>vxp</c> of a node's file and checks what must hold in it.</summary>
internal static class VxpConfigReading
{
    public static VxpConfig Read(ConfigSection s)
    {
        var usual = new VxpConfig { Listen = "" };
        return new VxpConfig
        {
            Listen = s.Required("listen"),
            Path = "/" + (s.Optional("path") ?? usual.Path).Trim('/'),
            ClockWindow = s.Duration("clockWindow", usual.ClockWindow),
            MaxPacketBytes = s.Number("maxPacketBytes", usual.MaxPacketBytes, 1, long.MaxValue),
            Systems = s.Sections("systems", ReadSystem),
        };
    }

    public static void Check(NodeConfig config, List<ConfigProblem> problems)
    {
        if (config.Vxp is not { } vxp)
            return;
        var organs = config.Organs.Select(o => o.Organ).ToHashSet(StringComparer.Ordinal);
        var systems = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < vxp.Systems.Count; i++)
        {
            var (system, path) = (vxp.Systems[i], $"vxp.systems[{i}]");
            if (!systems.Add(system.SystemId))
                problems.Add(new(path + ".systemId", $"hệ thống {system.SystemId} được khai hai lần", $"system {system.SystemId} is listed twice"));
            for (var o = 0; o < system.Organs.Count; o++)
            {
                var organ = system.Organs[o].Organ;
                NodeConfigRules.CheckOrgan(organ, $"{path}.organs[{o}].organ", problems);
                if (!organs.Add(organ))
                    problems.Add(new($"{path}.organs[{o}].organ", $"cơ quan {organ} đã đặt tại nút này theo cách khác", $"organ {organ} lives at this node already"));
            }
        }
    }

    public static VxpLinkConfig ReadLink(ConfigSection s)
    {
        var usual = new VxpLinkConfig { SystemId = "", SecretFile = "" };
        return new VxpLinkConfig
        {
            SystemId = s.Required("systemId"),
            SecretFile = s.Required("secretFile"),
            HashFile = s.Choice("hashFile", usual.HashFile),
            Poll = s.Duration("poll", usual.Poll),
        };
    }

    private static VxpSystemConfig ReadSystem(ConfigSection s) => new()
    {
        SystemId = s.Required("systemId"),
        SecretFile = s.Required("secretFile"),
        ClockWindow = s.Optional("clockWindow") is null ? null : s.Duration("clockWindow", default),
        Locked = s.Flag("locked"),
        Organs = s.Sections("organs", o => new VxpOrganConfig { Organ = o.Required("organ"), Name = o.Required("name") }),
    };
}
