using Microsoft.Extensions.Logging;
using VanBanDienTu.Gateway.Config;
using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Certificates;
using VanBanDienTu.Signing.Lint;
using VanBanDienTu.Signing.Keys;

namespace VanBanDienTu.Gateway.Hosting;

/// <summary>The keys that the node signs with: one for evidence, one for each organ that sends from here.</summary>
internal sealed partial class NodeKeys : IDisposable
{
    private readonly NodeConfig config;
    private readonly ILogger log;
    private readonly List<IDisposable> owned = [];
    private readonly Dictionary<string, BaselineLevel> levels;
    private readonly Dictionary<string, SignatureAppearance> seals;

    private NodeKeys(NodeConfig config, TimeProvider time, ILogger log)
    {
        (this.config, this.log) = (config, log);
        levels = config.Organs.Where(organ => organ.Signing is not null)
            .ToDictionary(organ => organ.Organ, organ => BaselineLevels.Parse(organ.Signing!.Level) ?? BaselineLevel.Basic, StringComparer.Ordinal);
        seals = config.Organs.ToDictionary(organ => organ.Organ, organ => SealPicture.Load(config, organ), StringComparer.Ordinal);
        try
        {
            Evidence = OpenEvidence(time);
            Organs = config.Organs.Where(organ => organ.Signing is not null).ToDictionary(organ => organ.Organ, OpenOrgan, StringComparer.Ordinal);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public ISigningKey Evidence { get; }

    /// <summary>By organ id.</summary>
    public IReadOnlyDictionary<string, ISigningKey> Organs { get; }

    /// <summary>The certificates of <see cref="Organs"/> that are known: one on a token that is away is not.</summary>
    public IEnumerable<(string Organ, Certificate Certificate)> OrganCertificates =>
        from organ in Organs
        let certificate = organ.Value is LateKey late ? late.KnownCertificate : organ.Value.Certificate
        where certificate is not null
        select (organ.Key, certificate);

    /// <summary>The level of what an organ signs.</summary>
    public BaselineLevel LevelOf(string organ) => levels.GetValueOrDefault(organ);

    /// <summary>How an organ's signature looks.</summary>
    public SignatureAppearance SealOf(string organ) => seals.GetValueOrDefault(organ) ?? new SignatureAppearance { MayBeInvisible = true };

    /// <summary>What stops an organ's signature.</summary>
    public LintPolicy LintOf(string organ) => LintPolicy.Parse(config.Organs.FirstOrDefault(o => string.Equals(o.Organ, organ, StringComparison.Ordinal))?.Lint ?? []);

    /// <exception cref="GatewayException">A key file is missing, does not open or cannot sign; the evidence certificate is out of date.
    /// An organ's token that is only away stops that organ's documents, not the node.</exception>
    public static NodeKeys Load(NodeConfig config, TimeProvider time, ILogger log) => new(config, time, log);

    public void Dispose()
    {
        foreach (var key in owned)
            key.Dispose();
    }

    private ISigningKey OpenEvidence(TimeProvider time)
    {
        var address = KeyAddress.Find(config, config.Evidence, "evidence");
        try
        {
            var key = Own(address.Open()).Key;
            TlsIdentity.CheckPeriod(key.Certificate.NotBefore, key.Certificate.NotAfter, address.Path, time);
            return key;
        }
        catch (SigningException e)
        {
            throw Unusable("evidence", e);
        }
    }

    // An organ's certificate that is out of date stops that organ's documents with a reason, not the whole node: no time is checked here.
    private ISigningKey OpenOrgan(OrganConfig organ)
    {
        var address = KeyAddress.Find(config, organ.Signing!, organ.Organ);
        var key = Own(new LateKey(address.Open));
        if (key.TryOpen() is { } problem)
        {
            if (!(address.IsElsewhere && LateKey.MayCome(problem)))
                throw Unusable(organ.Organ, problem);
            LogAway(organ.Organ, problem.Message);
        }
        return key;
    }

    private static GatewayException Unusable(string use, SigningException e) => new(
        e.Fault is SigningFault.WrongPassword or SigningFault.WrongPin ? GatewayFault.WrongPassword : GatewayFault.KeyUnusable,
        $"Khoá {use}: {e.Vietnamese}", $"Key {use}: {e.Message}", e);

    [LoggerMessage(EventId = 16, EventName = "KeyAway", Level = LogLevel.Warning,
        Message = "The signing key of {Organ} is away; its documents are held until it is back: {Why}")]
    private partial void LogAway(string organ, string why);

    private T Own<T>(T part)
        where T : IDisposable
    {
        owned.Add(part);
        return part;
    }
}
