using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using VanBanDienTu.Relay.Evidence;
using VanBanDienTu.Relay.Members;
using VanBanDienTu.Relay.Payloads;
using VanBanDienTu.Relay.Quotas;
using VanBanDienTu.Relay.Restored;
using VanBanDienTu.Relay.Storage;
using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Trust;

namespace VanBanDienTu.Relay;

/// <summary>What every part of a node stands on.</summary>
internal sealed class Ground(
    RelayOptions options, RelayParts parts, Database database, PayloadStore payloads, EvidenceLog evidence, IssuedMark issued, DiskReserve reserve)
{
    /// <summary>The name of the way from this node to an organ of its own.</summary>
    public const string LocalLink = "local";

    private QuotaMeter? quotas;
    private readonly ConcurrentDictionary<string, Signal> wakes = new(StringComparer.Ordinal);
    private long ahead;
    private volatile MemberDirectory directory = parts.Directory;
    private volatile TrustSnapshot trust = parts.Trust;
    private volatile PdfSigner signer = parts.Signer;
    private volatile PdfVerifier verifier = parts.Verifier;

    public RelayOptions Options { get; } = options;

    public RelayParts Parts { get; } = parts;

    public Database Database { get; } = database;

    public PayloadStore Payloads { get; } = payloads;

    public EvidenceLog Evidence { get; } = evidence;

    /// <summary>How far this node's evidence was given out.</summary>
    public IssuedMark Issued { get; } = issued;

    public DiskReserve Reserve { get; } = reserve;

    public QuotaMeter Quotas => LazyInitializer.EnsureInitialized(ref quotas, () => new QuotaMeter(this));

    /// <summary>Closed while a restored node has neighbours to ask.</summary>
    public RestoreGate Gate { get; set; } = new(_ => null);

    /// <summary>The newest directory; take it once per piece of work.</summary>
    public MemberDirectory Directory => directory;

    /// <summary>Replaces members and routes; the units' directory stays.</summary>
    public void Use(MemberDirectory next)
    {
        lock (wakes)
            directory = next.With(directory.Overlay);
    }

    public void Use(UnitOverlay units)
    {
        lock (wakes)
            directory = directory.With(units);
    }

    /// <summary>The newest anchors.</summary>
    public TrustSnapshot Trust
    {
        get => trust;
        set => trust = value;
    }

    public PdfSigner Signer
    {
        get => signer;
        set => signer = value;
    }

    /// <summary>Judges by the anchors that it was made with; replaced together with them.</summary>
    public PdfVerifier Verifier
    {
        get => verifier;
        set => verifier = value;
    }

    /// <summary>Wakes those who prepare documents.</summary>
    public Signal Prepare { get; } = new();

    /// <summary>Wakes those who verify what arrived.</summary>
    public Signal Verify { get; } = new();

    public TimeProvider Time => Parts.Time;

    /// <summary>The node's clock; where nodes share a database, all of them go by that one's.</summary>
    public DateTimeOffset Now => Parts.Time.GetUtcNow() + new TimeSpan(Interlocked.Read(ref ahead));

    /// <summary>How far the shared database's clock is ahead of ours, measured just now.</summary>
    public void FollowDatabaseClock(DateTimeOffset clock)
    {
        if (Database.Dialect.Shared)
            Interlocked.Exchange(ref ahead, (clock - Parts.Time.GetUtcNow()).Ticks);
    }

    /// <summary>Another node committed something.</summary>
    public void WakeAll()
    {
        Database.Told.Raise();
        Prepare.Raise();
        Verify.Raise();
        foreach (var wake in wakes.Values)
            wake.Raise();
    }

    /// <summary>Wakes who sends to a destination; raised after the commit that queued something.</summary>
    public Signal Outbox(string destination) => wakes.GetOrAdd(destination, _ => new Signal());

    public ILogger Log<T>() => Parts.Logs.CreateLogger(typeof(T).FullName!);

    /// <summary>An organ whose documents begin or end here: of the configuration, or one that exchanges packets and may come and go.</summary>
    public LocalOrgan? Find(string organ) =>
        Options.Organs.FirstOrDefault(o => string.Equals(o.Organ, organ, StringComparison.Ordinal))
        ?? (Directory.Find(organ) is { Local: true, ByPackets: true } member ? new LocalOrgan(organ, member.Name ?? organ) : null);

    /// <summary>Whether an organ's own system fetches whole packets from here and checks the signatures itself.</summary>
    public bool ByPackets(string organ) => Directory.Find(Directory.Resolve(organ)) is { Local: true, ByPackets: true };

    /// <summary>The link to an organ, or null with the reason why there is none.</summary>
    public (string? Link, Messages.Reason? Why) LinkTo(string organ) => Directory.Route(organ, Now) switch
    {
        RouteAnswer.Local => (LocalLink, null),
        RouteAnswer.Via(var link) when Parts.Links.ContainsKey(link) => (link, null),
        RouteAnswer.Locked => (null, Reasons.OrganLocked(organ)),
        _ => (null, Reasons.RouteUnknown(organ)),
    };
}
