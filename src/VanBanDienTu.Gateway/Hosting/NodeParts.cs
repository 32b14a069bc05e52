using Microsoft.Extensions.Logging;
using VanBanDienTu.Gateway.Access;
using VanBanDienTu.Gateway.Config;
using VanBanDienTu.Gateway.Desk;
using VanBanDienTu.Gateway.Links;
using VanBanDienTu.Gateway.Vxp;
using VanBanDienTu.Relay;
using VanBanDienTu.Relay.AtRest;
using VanBanDienTu.Relay.Links;
using VanBanDienTu.Relay.Outgoing;
using VanBanDienTu.Relay.Storage;
using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Certificates;
using VanBanDienTu.Signing.Evidence;
using VanBanDienTu.Signing.Paths;
using VanBanDienTu.Signing.Trust;

namespace VanBanDienTu.Gateway.Hosting;

/// <summary>Everything that a node is made of, opened in the order in which it can fail with the clearest sentence.</summary>
internal sealed partial class NodeParts : IAsyncDisposable
{
    private readonly List<IDisposable> disposables = [];
    private PostgresStorage? postgres;
    private KeyRing encryption = KeyRing.Empty;
    private readonly List<IAxisLink> links = [];
    private readonly ILoggerFactory logs; // the relay outlives the application and logs to the end

    private NodeParts(NodeConfig config, GatewayOptions options)
    {
        Config = config;
        Secrets = new SecretFiles(config);
        Time = options.Time;
        logs = Own(LoggerFactory.Create(logging => NodeLog.Configure(logging, config.Log)));
        Tls = Own(TlsIdentity.Load(config, Time));
        Keys = Own(NodeKeys.Load(config, Time, logs.CreateLogger<NodeKeys>()));
        Certificates = new OwnCertificates(Tls, Keys);
        Intermediates = [.. Tls.Intermediates, .. Keys.Evidence.Chain];
        State = new NodeState(new AccessDirectory(config), Trust(config));
        foreach (var finding in State.Trust.Findings)
            LogTrustFinding(logs.CreateLogger<NodeParts>(), finding.File, finding.En);
        Signing = Own(new NodeSigning(config.Trust, config.Timestamps, State, Time));
        Revocation = new PeerRevocation(config.Trust, Signing.RevocationOfAsync, Time, logs.CreateLogger<PeerRevocation>());
    }

    public NodeConfig Config { get; }

    public TimeProvider Time { get; }

    public TlsIdentity Tls { get; }

    public NodeKeys Keys { get; }

    public OwnCertificates Certificates { get; }

    /// <summary>Certificates that the node has anyway: callers of the same authority need not send theirs.</summary>
    public IReadOnlyList<Certificate> Intermediates { get; }

    public NodeState State { get; }

    public NodeSigning Signing { get; }

    /// <summary>Of callers and neighbours.</summary>
    public PeerRevocation Revocation { get; }

    public SecretFiles Secrets { get; }

    /// <summary>As the relay has them; some must also be asked or watched.</summary>
    public IReadOnlyList<IAxisLink> Links => links;

    public RelayNode Relay { get; private set; } = null!; // set by OpenAsync, the only way to one

    /// <exception cref="GatewayException">Something of the configuration cannot be opened.</exception>
    public static async Task<NodeParts> OpenAsync(NodeConfig config, GatewayOptions options, CancellationToken ct)
    {
        var parts = new NodeParts(config, options);
        try
        {
            parts.encryption = NodeStorage.Keys(config);
            if (config.Encryption is not null)
                MemoryFolder.Make(config);
            parts.postgres = config.Storage is { } storage ? Connect(config, storage.Postgres) : null;
            parts.Relay = await RelayNode.OpenAsync(parts.RelayOptions(), parts.RelayParts(), ct);
            MemoryFolder.ClearOld(config);
            ClearScratch(config); // the folder is ours now: opening the relay locked it
            return parts;
        }
        catch (Exception e)
        {
            parts.DisposeOwned();
            MemoryFolder.Drop(config);
            if (e is RelayException { Fault: RelayFault.StorageKeyMissing or RelayFault.StorageKeyUnusable or RelayFault.DatabaseOlder } said)
                throw new GatewayException(GatewayFault.DataUnavailable, said.Vi, said.Message, said);
            if (e is not (RelayException or IOException or UnauthorizedAccessException))
                throw;
            if (parts.postgres is not null)
                throw NoPostgres(config, (e as RelayException)?.Vi ?? e.Message, e);
            throw new GatewayException(GatewayFault.DataUnavailable,
                $"Không mở được thư mục dữ liệu {config.PathOf(config.Data)}: {(e as RelayException)?.Vi ?? e.Message}",
                $"The data folder {config.PathOf(config.Data)} cannot be opened: {e.Message}", e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Relay.DisposeAsync();
        if (postgres is not null)
            await postgres.DisposeAsync();
        MemoryFolder.Drop(Config);
        DisposeOwned();
    }

    private void DisposeOwned()
    {
        foreach (var part in Enumerable.Reverse(disposables))
            part.Dispose();
    }

    private static PostgresStorage Connect(NodeConfig config, PostgresConfig postgres)
    {
        var path = config.PathOf(postgres.ConnectionFile);
        try
        {
            return new PostgresStorage(File.ReadAllText(path).Trim());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or RelayException)
        {
            throw NoPostgres(config, (e as RelayException)?.Vi ?? e.Message, e);
        }
    }

    private static GatewayException NoPostgres(NodeConfig config, string vi, Exception why) => new(GatewayFault.DataUnavailable,
        $"Không mở được cơ sở dữ liệu PostgreSQL nêu trong {config.PathOf(config.Storage!.Postgres.ConnectionFile)}, hoặc thư mục {config.PathOf(config.Data)}: {vi}",
        $"The PostgreSQL database named in {config.PathOf(config.Storage.Postgres.ConnectionFile)}, or the folder {config.PathOf(config.Data)}, cannot be opened: {why.Message}", why);

    private RelayOptions RelayOptions() => new()
    {
        Node = Config.Node,
        Organ = Config.Organ,
        DataFolder = Config.PathOf(Config.Data),
        Postgres = postgres,
        Keys = encryption,
        ScratchFolder = Config.Encryption is null ? null : Path.Combine(Config.MemoryFolder, "work"),
        Organs = [.. Config.Organs.Select(organ => new LocalOrgan(organ.Organ, organ.Name, Keys.Organs.GetValueOrDefault(organ.Organ))
        {
            ExemptTypes = organ.ExemptTypes,
            Level = Keys.LevelOf(organ.Organ),
            Lint = Keys.LintOf(organ.Organ),
            Seal = Keys.SealOf(organ.Organ),
        })],
        // Who waits for a timestamp needs no processor: the others go on.
        Preparers = VanBanDienTu.Relay.RelayOptions.UsualPreparers + (Config.Timestamps?.MaxConcurrentCalls ?? 0),
        Retry = new RetrySchedule(Config.Retry.FirstDelay, Config.Retry.LongestDelay, Config.Retry.Horizon),
        MinFreeBytes = Config.Limits.MinFreeBytes,
        Quotas = QuotaConfig.ToRelay(Config.Limits.Quotas),
        StampEvery = Config.Archive.StampEvery,
        Calendar = Calendars.Of(Config),
    };

    private RelayParts RelayParts() => new()
    {
        Signer = Signing.Signer,
        Verifier = Signing.Verifier,
        Timestamps = Signing.Timestamps,
        Evidence = new EvidenceSigner(Keys.Evidence),
        Trust = State.Trust,
        Directory = Config.ToRelay(),
        Links = Config.Links.ToDictionary(link => link.Name, IAxisLink (link) => Open(link), StringComparer.Ordinal),
        Time = Time,
        Logs = logs,
    };

    private IAxisLink Open(LinkConfig link)
    {
        IAxisLink opened = link.Kind switch
        {
            LinkKind.Vxp => Own(new VxpLink(link, VxpChannel.Open(link, Secrets, Time), Config)),
            LinkKind.Folder => new FolderLink(link, Config.PathOf(link.Folder!.Out), Config.PathOf(link.Folder.In), new EvidenceSigner(Keys.Evidence)),
            _ => Own(new NodeLink(link.Name, NodeChannel.Open(link, Tls, new PeerJudge(link, State, new PathValidator(), Revocation, Time), Config.Trust.PeerRevocationEvery), Time, logs.CreateLogger<NodeLink>())),
        };
        links.Add(opened);
        return opened;
    }

    // What a process that was killed left of its callers' files.
    private static void ClearScratch(NodeConfig config)
    {
        if (Directory.Exists(config.ScratchFolder))
            Directory.Delete(config.ScratchFolder, recursive: true);
    }

    private static TrustSnapshot Trust(NodeConfig config)
    {
        try
        {
            return TrustSnapshot.Load(config.PathOf(config.Trust.Folder), config.Trust.AllowSample);
        }
        catch (SigningException e)
        {
            throw new GatewayException(GatewayFault.TrustInvalid, e.Vietnamese, e.Message, e);
        }
    }

    [LoggerMessage(EventId = 15, EventName = "AnchorLeftOut", Level = LogLevel.Warning, Message = "Trust folder: {File} gave no anchor: {Why}")]
    private static partial void LogTrustFinding(ILogger log, string file, string why);

    private T Own<T>(T part)
        where T : IDisposable
    {
        disposables.Add(part);
        return part;
    }
}
