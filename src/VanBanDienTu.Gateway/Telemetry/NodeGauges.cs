using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using VanBanDienTu.Gateway.Config;
using VanBanDienTu.Gateway.Hosting;
using VanBanDienTu.Relay;
using VanBanDienTu.Relay.Outgoing;

namespace VanBanDienTu.Gateway.Telemetry;

/// <summary>How the node stands, as gauges: read from what is stored once per export, so that a restart loses no figure.</summary>
internal sealed class NodeGauges : BackgroundService
{
    public const string Name = "VanBanDienTu.Gateway";

    private readonly RelayNode relay;
    private readonly NodeHealthReport problems;
    private readonly TimeProvider time;
    private readonly TimeSpan every;
    private readonly ILogger<NodeGauges> log;
    private readonly Meter meter = new(Name);
    private HealthReport? last;

    public NodeGauges(RelayNode relay, NodeHealthReport problems, NodeConfig config, TimeProvider time, ILogger<NodeGauges> log)
    {
        (this.relay, this.problems, this.time, this.log) = (relay, problems, time, log);
        every = config.Telemetry!.Every;
        PerDestination("vbdt.relay.waiting", "{message}", "messages that wait for the next hop", d => d.Waiting);
        PerDestination("vbdt.relay.oldest", "s", "age of the oldest message that waits", d => d.Oldest is { } oldest ? (time.GetUtcNow() - oldest).TotalSeconds : 0);
        PerDestination("vbdt.relay.breaker", "1", "0 closed, 1 half open (one probe), 2 open", d => Number(d.Breaker));
        PerDestination("vbdt.relay.clock_skew", "s", "the next hop's clock minus ours at its last receipt", d => d.ClockSkew.TotalSeconds);
        Whole("vbdt.relay.preparing", "{document}", "received and not yet signed and packed", h => h.Preparing);
        Whole("vbdt.relay.held", "{document}", "waiting for an authority or a person", h => h.Held);
        Whole("vbdt.relay.unconfirmed", "{document}", "arrived and not yet fetched by their unit", h => h.UnconfirmedIncoming);
        Whole("vbdt.relay.evidence", "{piece}", "number of the last piece of evidence", h => h.EvidenceCount);
        Whole("vbdt.node.free", "By", "free on the data folder's disk", h => h.FreeBytes);
        Whole("vbdt.node.problems", "{problem}", "what `vbdt doctor` would name; 0 = healthy", h => this.problems.Problems(h).Count);
    }

    public override void Dispose()
    {
        meter.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(every, time);
        try
        {
            do
                await LookAsync(stoppingToken);
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The node stops.
        }
    }

    private async Task LookAsync(CancellationToken ct)
    {
        try
        {
            last = await relay.Health.ReportAsync(ct);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            last = null; // a missing figure is true, an old one is not
            log.LogDebug("The node's figures cannot be read: {Why}", e.Message);
        }
    }

    private void PerDestination(string name, string unit, string description, Func<DestinationHealth, double> value) => meter.CreateObservableGauge(
        name, () => last?.Destinations.Select(d => new Measurement<double>(value(d), new KeyValuePair<string, object?>("destination", d.Name))) ?? [], unit, description);

    private void Whole(string name, string unit, string description, Func<HealthReport, long> value) => meter.CreateObservableGauge(
        name, () => last is { } report ? (Measurement<long>[])[new(value(report))] : [], unit, description);

    private static double Number(string breaker) => breaker switch
    {
        nameof(BreakerMode.Closed) => 0,
        nameof(BreakerMode.HalfOpen) => 1,
        _ => 2,
    };
}
