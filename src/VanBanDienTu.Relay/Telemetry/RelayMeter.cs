using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace VanBanDienTu.Relay.Telemetry;

/// <summary>What the relay counts while it works. Costs nothing until somebody listens.</summary>
public static class RelayMeter
{
    public const string Name = "VanBanDienTu.Relay";

    private static readonly Meter Meter = new(Name);

    private static readonly Counter<long> Syncs = Meter.CreateCounter<long>("vbdt.relay.syncs", "{sync}", "fsync of payloads, their folders and the database's log; a checkpoint's are not counted");

    private static readonly Counter<long> Takeovers = Meter.CreateCounter<long>(
        "vbdt.relay.lease_takeovers", "{takeover}", "nodes whose work was taken over because they did not renew");

    private static readonly Counter<long> Sends = Meter.CreateCounter<long>("vbdt.relay.sends", "{attempt}", "attempts to hand a message to the next hop, by destination and outcome");

    private static readonly Histogram<double> Accepting = Meter.CreateHistogram<double>(
        "vbdt.relay.accept.duration", "s", "from a message's header to its durable receipt; its count over that of syncs gives fsyncs per document",
        advice: new() { HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.015, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30, 300] });

    internal static void Synced() => Syncs.Add(1);

    internal static void TookOver() => Takeovers.Add(1);

    internal static void Sent(string destination, string outcome) => Sends.Add(1, new("destination", destination), new("outcome", outcome));

    /// <param name="since">A <see cref="Stopwatch"/> timestamp.</param>
    internal static void Accepted(long since, string kind) => Accepting.Record(Stopwatch.GetElapsedTime(since).TotalSeconds, new KeyValuePair<string, object?>("kind", kind));
}
