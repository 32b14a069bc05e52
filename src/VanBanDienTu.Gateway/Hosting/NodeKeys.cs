using VanBanDienTu.Gateway.Config;
using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Keys;

namespace VanBanDienTu.Gateway.Hosting;

/// <summary>The keys that the node signs with: one for evidence, one for each organ that sends from here.</summary>
internal sealed class NodeKeys : IDisposable
{
    private readonly List<Pkcs12Key> owned = [];
    private readonly Dictionary<string, BaselineLevel> levels;

    private NodeKeys(NodeConfig config, TimeProvider time)
    {
        levels = config.Organs.Where(organ => organ.Signing is not null)
            .ToDictionary(organ => organ.Organ, organ => BaselineLevels.Parse(organ.Signing!.Level) ?? BaselineLevel.Basic, StringComparer.Ordinal);
        Evidence = Load(config, config.Evidence, "evidence", time);
        Organs = config.Organs.Where(organ => organ.Signing is not null).ToDictionary(
            organ => organ.Organ, ISigningKey (organ) => Load(config, organ.Signing!, organ.Organ, time: null), StringComparer.Ordinal);
    }

    public ISigningKey Evidence { get; }

    /// <summary>By organ id.</summary>
    public IReadOnlyDictionary<string, ISigningKey> Organs { get; }

    /// <summary>The level of what an organ signs.</summary>
    public BaselineLevel LevelOf(string organ) => levels.GetValueOrDefault(organ);

    /// <exception cref="GatewayException">A key file is missing, does not open or cannot sign; the evidence certificate is out of date.</exception>
    public static NodeKeys Load(NodeConfig config, TimeProvider time) => new(config, time);

    public void Dispose()
    {
        foreach (var key in owned)
            key.Dispose();
    }

    // An organ's certificate that is out of date stops that organ's documents with a reason, not the whole node: no time is given then.
    private Pkcs12Key Load(NodeConfig config, KeyConfig where, string use, TimeProvider? time)
    {
        var file = KeyFile.Find(config, where, use);
        try
        {
            var key = Pkcs12Key.Load(file.Path, file.Password);
            owned.Add(key);
            if (time is not null)
                TlsIdentity.CheckPeriod(key.Certificate.NotBefore, key.Certificate.NotAfter, file.Path, time);
            return key;
        }
        catch (SigningException e)
        {
            var fault = e.Fault == SigningFault.WrongPassword ? GatewayFault.WrongPassword : GatewayFault.KeyUnusable;
            throw new GatewayException(fault, $"Khoá {use}: {e.Vietnamese}", $"Key {use}: {e.Message}", e);
        }
    }
}
