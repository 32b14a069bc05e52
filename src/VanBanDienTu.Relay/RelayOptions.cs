using VanBanDienTu.Relay.Incoming;
using VanBanDienTu.Relay.Outgoing;
using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Keys;
using VanBanDienTu.Signing.Lint;

namespace VanBanDienTu.Relay;

/// <summary>How one node works; never changes while it runs.</summary>
public sealed record RelayOptions
{
    /// <summary>The node's name, as written into its evidence.</summary>
    public required string Node { get; init; }

    /// <summary>The organ that runs the node; its code is the node's mark in the trace of a message.</summary>
    public required string Organ { get; init; }

    /// <summary>Folder of the node's own files; made when missing, used by one process only.</summary>
    public required string DataFolder { get; init; }

    /// <summary>The database that this node shares with others; null = its own, in the data folder.</summary>
    public Storage.PostgresStorage? Postgres { get; init; }

    /// <summary>What payloads at rest are sealed with.</summary>
    public AtRest.KeyRing Keys { get; init; } = AtRest.KeyRing.Empty;

    /// <summary>Folder for documents while they are signed and verified; null = in <see cref="DataFolder"/>. With keys it should be in memory.</summary>
    public string? ScratchFolder { get; init; }

    internal string Scratch => ScratchFolder ?? Path.Combine(DataFolder, "work");

    /// <summary>The organs whose documents begin or end here.</summary>
    public IReadOnlyList<LocalOrgan> Organs { get; init; } = [];

    public RetrySchedule Retry { get; init; } = RetrySchedule.Default;

    /// <summary>Null = as <see cref="Retry"/> suggests.</summary>
    public BreakerRule? Breaker { get; init; }

    internal BreakerRule BreakerRule => Breaker ?? BreakerRule.For(Retry);

    /// <summary>Which days are worked, and until when: what is due «the same day» is due by this.</summary>
    public Deadlines.WorkingCalendar Calendar { get; init; } = Deadlines.WorkingCalendar.Default;

    public AcceptancePolicy Acceptance { get; init; } = AcceptancePolicy.Default;

    /// <summary>How long a claim of work is good for before it may be claimed again; renewed while the work goes on.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Workers look for due work at least this often, when no commit wakes them.</summary>
    public TimeSpan Poll { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Messages on their way to one next hop at the same time.</summary>
    public int SendsPerLink { get; init; } = 32;

    /// <summary>Several per processor: much of a document's time is waiting for commits, which those who wait share.</summary>
    public static int UsualPreparers => 4 * Environment.ProcessorCount;

    /// <summary>Documents that are signed at the same time, and as many that are verified.</summary>
    public int Preparers { get; init; } = UsualPreparers;

    /// <summary>Stored verdicts are put under a timestamp together, at most this often.</summary>
    public TimeSpan StampEvery { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How much each organ may have here.</summary>
    public Quotas.OrganQuotas Quotas { get; init; } = VanBanDienTu.Relay.Quotas.OrganQuotas.None;

    /// <summary>New documents are refused below this many free bytes on the data folder's disk.</summary>
    public long MinFreeBytes { get; init; } = 64L << 20;

    /// <summary>Room kept for receipts and answers when the disk is full.</summary>
    public long ReserveBytes { get; init; } = 16L << 20;

    /// <summary>The database never grows beyond this many pages of 4 KiB; 0 = no limit but the disk.</summary>
    public long MaxDatabasePages { get; init; }

    /// <summary>Files that no document names are deleted when they are older than this.</summary>
    public TimeSpan OrphanAge { get; init; } = TimeSpan.FromHours(6);
}

/// <summary>An organ that this node signs for, or whose documents it keeps until they are fetched.</summary>
/// <param name="SigningKey">The organisation's key (khóa ký của cơ quan); null for an organ that only receives.</param>
public sealed record LocalOrgan(string Organ, string Name, ISigningKey? SigningKey = null)
{
    /// <summary>Types of document that go out without a personal signature, by name (NĐ 30/2020, article 32.2d).</summary>
    public IReadOnlyList<string> ExemptTypes { get; init; } = [];

    /// <summary>The level of the organisation's signature. One that cannot be reached for now holds the document.</summary>
    public BaselineLevel Level { get; init; } = BaselineLevel.Basic;

    /// <summary>How the organisation's signature looks. With a picture it places itself beside the personal signature; without a place or a font it is invisible.</summary>
    public SignatureAppearance Seal { get; init; } = new() { MayBeInvisible = true };

    /// <summary>What in a document stops the organisation's signature; such a document is refused.</summary>
    public LintPolicy Lint { get; init; } = LintPolicy.Default;
}

/// <summary>When a destination is left alone for a while.</summary>
/// <param name="Failures">Transport failures in a row that open the breaker.</param>
/// <param name="OpenFor">How long before one probe is sent; doubled with each failed probe up to <paramref name="Longest"/>.</param>
public sealed record BreakerRule(int Failures, TimeSpan OpenFor, TimeSpan Longest)
{
    /// <summary>Five failures in a row; rests from the first retry delay to five minutes, never longer than the longest retry delay.</summary>
    public static BreakerRule For(RetrySchedule retry)
    {
        var longest = TimeSpan.FromMinutes(5);
        return new BreakerRule(5, retry.FirstDelay, retry.LongestDelay < longest ? retry.LongestDelay : longest);
    }
}
