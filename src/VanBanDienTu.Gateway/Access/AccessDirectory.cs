using VanBanDienTu.Gateway.Config;

namespace VanBanDienTu.Gateway.Access;

/// <summary>The member directory at one moment: which certificate may act for which organ. Never changes; a reload makes a new one.</summary>
internal sealed class AccessDirectory
{
    private readonly Dictionary<string, MemberConfig> byCertificate = new(StringComparer.Ordinal);
    private readonly HashSet<string> localOrgans;
    private readonly Dictionary<string, string> linkOfCertificate = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> linkOfOrgan = new(StringComparer.Ordinal);

    public AccessDirectory(NodeConfig config)
    {
        Config = config;
        foreach (var member in config.Members)
            foreach (var certificate in member.Certificates)
                byCertificate[certificate] = member;
        localOrgans = config.Organs.Select(organ => organ.Organ)
            .Concat(config.Vxp?.Systems.SelectMany(system => system.Organs).Select(organ => organ.Organ) ?? []).ToHashSet(StringComparer.Ordinal);
        foreach (var link in config.Links)
        {
            foreach (var certificate in link.PeerCertificates)
                linkOfCertificate[certificate] = link.Name;
            if (link.Organ is { } organ)
                linkOfOrgan.TryAdd(organ, link.Name);
        }
    }

    public NodeConfig Config { get; }

    public MemberConfig? Find(string certificateSha256) => byCertificate.GetValueOrDefault(certificateSha256);

    /// <summary>Whether the organ's documents are sent and received at this node.</summary>
    public bool IsLocal(string organ) => localOrgans.Contains(organ);

    /// <summary>The link that leads to the same neighbour that calls; null when we never call it.</summary>
    public string? LinkOf(Caller caller) =>
        linkOfCertificate.GetValueOrDefault(caller.Certificate.Sha256) ?? linkOfOrgan.GetValueOrDefault(caller.Organ);
}
