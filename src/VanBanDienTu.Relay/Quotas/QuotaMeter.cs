using System.Collections.Concurrent;

namespace VanBanDienTu.Relay.Quotas;

/// <summary>
/// Keeps organs within their quotas. What an organ uses is counted in the database now and then; between two counts what this node accepts is
/// added, so that nobody gets beyond a quota at one node. Where several nodes share a database, what another one accepted is seen with the
/// next count, a second or so later.
/// </summary>
internal sealed class QuotaMeter
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Vietnam = TimeSpan.FromHours(7);

    /// <summary>A count may cost what a dead destination's backlog costs: it takes at most one part in this many of the time.</summary>
    private const int Rest = 20;

    private readonly ConcurrentDictionary<(string Organ, QuotaKind Kind), Gauge> gauges = new();
    private readonly Lock gate = new();
    private readonly Ground ground;

    public QuotaMeter(Ground ground) => this.ground = ground;

    /// <summary>Takes room for one document of an organ; refuses when there is none in one of these quotas.</summary>
    /// <returns>To be kept when the document is committed; disposed without that, the room is free again.</returns>
    /// <exception cref="RelayException"><see cref="RelayFault.QuotaExceeded"/>.</exception>
    public async Task<QuotaPlace> TakeAsync(string organ, long bytes, CancellationToken ct, params QuotaKind[] kinds)
    {
        var limited = kinds.Where(kind => ground.Options.Quotas.Of(organ, kind) is not null).ToList();
        if (limited.Count == 0)
            return new QuotaPlace([], gate, bytes);
        foreach (var kind in limited)
            await GaugeOf(organ, kind).MeasureAsync(Fresh, ct);
        if (Taken() is { } at_once)
            return at_once;
        foreach (var kind in limited)
            await GaugeOf(organ, kind).MeasureAsync(TimeSpan.Zero, ct); // nobody is refused by an old count
        return Taken() ?? throw Exceeded(organ, bytes, limited);

        QuotaPlace? Taken()
        {
            lock (gate)
            {
                if (limited.Exists(kind => !ground.Options.Quotas.Of(organ, kind)!.Allows(GaugeOf(organ, kind).With(bytes))))
                    return null;
                return new QuotaPlace([.. limited.Select(kind => GaugeOf(organ, kind))], gate, bytes).Begin();
            }
        }
    }

    /// <summary>What every organ of this node uses of what is limited for it.</summary>
    public async Task<IReadOnlyList<QuotaUse>> UseAsync(CancellationToken ct)
    {
        var organs = ground.Options.Organs.Select(o => o.Organ)
            .Concat(ground.Directory.Members.Where(m => m is { Local: true, ByPackets: true }).Select(m => m.Organ)).Distinct(StringComparer.Ordinal);
        var all = new List<QuotaUse>();
        foreach (var organ in organs)
        {
            foreach (var kind in Enum.GetValues<QuotaKind>())
            {
                if (ground.Options.Quotas.Of(organ, kind) is not { } limit)
                    continue;
                var gauge = GaugeOf(organ, kind);
                await gauge.MeasureAsync(Fresh, ct);
                lock (gate)
                    all.Add(new QuotaUse(organ, kind, gauge.Used, limit));
            }
        }

        return all;
    }

    private Gauge GaugeOf(string organ, QuotaKind kind) => gauges.GetOrAdd((organ, kind), static (key, meter) => new Gauge(meter, key.Organ, key.Kind), this);

    private DateTimeOffset Today() => new DateTimeOffset(ground.Now.ToOffset(Vietnam).Date, Vietnam);

    private RelayException Exceeded(string organ, long bytes, List<QuotaKind> kinds)
    {
        lock (gate)
        {
            var full = kinds.Select(kind => (Kind: kind, GaugeOf(organ, kind).Used, With: GaugeOf(organ, kind).With(bytes), Limit: ground.Options.Quotas.Of(organ, kind)!))
                .Where(k => !k.Limit.Allows(k.With)).ToList();
            return new RelayException(
                RelayFault.QuotaExceeded,
                $"Cơ quan {organ} đã hết hạn mức: {string.Join("; ", full.Select(k => QuotaWords.Vi(k.Kind, k.Used, k.Limit)))}. {QuotaWords.AdviceVi(full[0].Kind)}",
                $"Organ {organ} is at its quota: {string.Join("; ", full.Select(k => QuotaWords.En(k.Kind, k.Used, k.Limit)))}. {QuotaWords.AdviceEn(full[0].Kind)}")
            {
                Fields = [.. full.Select(k => new FieldProblem($"{organ}/{k.Kind}", QuotaWords.Vi(k.Kind, k.Used, k.Limit), QuotaWords.En(k.Kind, k.Used, k.Limit)))],
                RetryAfter = full.Exists(k => k.Kind == QuotaKind.Daily) ? Today().AddDays(1) - ground.Now : TimeSpan.FromMinutes(1),
            };
        }
    }

    /// <summary>One kind of one organ. All but the measuring happens under the meter's gate.</summary>
    internal sealed class Gauge(QuotaMeter meter, string organ, QuotaKind kind)
    {
        private readonly SemaphoreSlim measuring = new(1);
        private QuotaLimit counted = new(0, 0);
        private QuotaLimit added = new(0, 0);
        private DateTimeOffset? day;
        private long measuredAt;
        private TimeSpan cost;

        public QuotaLimit Used => new(counted.Documents + added.Documents, counted.Bytes + added.Bytes);

        /// <summary>What is on its way to be committed.</summary>
        public QuotaLimit Underway { get; set; } = new(0, 0);

        public QuotaLimit With(long bytes) => new(Used.Documents + Underway.Documents + 1, Used.Bytes + Underway.Bytes + bytes);

        public void Add(long bytes) => added = new QuotaLimit(added.Documents + 1, added.Bytes + bytes);

        /// <summary>Counts anew when the last count is older than this, and the database had its rest.</summary>
        public async Task MeasureAsync(TimeSpan age, CancellationToken ct)
        {
            await measuring.WaitAsync(ct);
            try
            {
                var today = meter.Today();
                var since = meter.ground.Time.GetElapsedTime(measuredAt);
                if (day == today && (since < age || since < cost * Rest))
                    return;
                var begin = meter.ground.Time.GetTimestamp();
                QuotaLimit before;
                lock (meter.gate)
                    before = added;
                var count = await meter.ground.Database.ReadAsync(tx => QuotaTable.CountAsync(tx, organ, kind, today, ct), ct);
                lock (meter.gate)
                {
                    // What was added while we counted may be in the count or not: until the next one it counts twice.
                    added = new QuotaLimit(added.Documents - before.Documents, added.Bytes - before.Bytes);
                    counted = count;
                }

                (day, measuredAt, cost) = (today, meter.ground.Time.GetTimestamp(), meter.ground.Time.GetElapsedTime(begin));
            }
            finally
            {
                measuring.Release();
            }
        }
    }
}

/// <summary>Room that was taken in quotas for one document.</summary>
internal sealed class QuotaPlace(IReadOnlyList<QuotaMeter.Gauge> gauges, Lock gate, long bytes) : IDisposable
{
    private bool open;

    /// <summary>Call under the gate.</summary>
    public QuotaPlace Begin()
    {
        Move(1);
        open = true;
        return this;
    }

    /// <summary>The document is committed.</summary>
    public void Keep()
    {
        lock (gate)
        {
            if (!open)
                return;
            open = false;
            Move(-1);
            foreach (var gauge in gauges)
                gauge.Add(bytes);
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            if (open)
                Move(-1);
            open = false;
        }
    }

    private void Move(int by)
    {
        foreach (var gauge in gauges)
            gauge.Underway = new QuotaLimit(gauge.Underway.Documents + by, gauge.Underway.Bytes + (by * bytes));
    }
}
