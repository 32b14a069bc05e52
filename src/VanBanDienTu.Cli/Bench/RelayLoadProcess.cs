using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using VanBanDienTu.Cli.Client;
using VanBanDienTu.Cli.Terminals;
using VanBanDienTu.Signing.Authority;

namespace VanBanDienTu.Cli.Bench;

/// <summary>The other side of <c>vbdt bench relay</c>: sends documents as the unit's node would, and is the sink that they are forwarded to.</summary>
internal static class RelayLoadProcess
{
    /// <summary>Documents flow, so that the node warms up until it says <see cref="Warm"/>.</summary>
    public const string Warming = "warming";

    /// <summary>What the node's side says, on the input.</summary>
    public const string Warm = "warm";

    /// <summary>The measurement begins; the result follows on the next line.</summary>
    public const string Begun = "begun";

    /// <summary>The measurement is over; what follows is at half load.</summary>
    public const string Ended = "ended";

    private const int ParkedBytes = 256;

    private const int WarmUpDocuments = 2_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static async Task RunAsync(string json, TextWriter output, CancellationToken ct)
    {
        var order = JsonSerializer.Deserialize<RelayLoadOrder>(json)!;
        var authority = SampleAuthority.Open(order.Pki);
        var (sink, app) = order.SinkPort == 0 ? (null, null) : await RelaySink.StartAsync(authority, order.SinkPort);
        try
        {
            var caller = new NodeAddress(order.Node, authority.KeyFile("node-unit"), authority.Password, authority.TrustFolder, AllowSample: true);
            using var connection = NodeConnection.Open(caller, TimeProvider.System);
            await ParkAsync(order, connection, ct);
            var documents = new RelayDocuments(order.Size);
            await output.WriteLineAsync(Warming);
            await output.FlushAsync(ct);
            var warm = await LoadAsync(documents, order.InFlight, [connection], sink, Task.Run(Console.In.ReadLine, ct), WarmUpDocuments, ct);
            documents.Prepare((int)(warm.Documents / warm.Seconds * order.Seconds));
            await output.WriteLineAsync(Begun);
            await output.FlushAsync(ct);
            var result = await LoadAsync(documents, order.InFlight, [connection], sink, Task.Delay(TimeSpan.FromSeconds(order.Seconds), ct), 1, ct);
            await output.WriteLineAsync(Ended);
            await output.FlushAsync(ct);
            var half = await PacedAsync(documents, result.Documents / result.Seconds / 2, connection, sink, TimeSpan.FromSeconds(order.Seconds), ct);
            await output.WriteLineAsync(JsonSerializer.Serialize(result with { HalfLoadP99 = half }));
        }
        finally
        {
            if (app is not null) await app.DisposeAsync();
            sink?.Dispose();
        }
    }

    private static async Task ParkAsync(RelayLoadOrder order, NodeConnection connection, CancellationToken ct)
    {
        var (documents, left) = (new RelayDocuments(ParkedBytes, RelayBenchNode.DeadOrgan), order.Parked);
        await Task.WhenAll(Enumerable.Range(0, order.InFlight).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Decrement(ref left) >= 0)
                await SendAsync(documents, connection, null, ct);
        }, ct)));
    }

    /// <param name="connections">Each document goes over one of them, to every one as many.</param>
    /// <param name="until">Nothing new is sent when this is over and <paramref name="atLeast"/> are done.</param>
    public static async Task<RelayLoadResult> LoadAsync(
        RelayDocuments documents, int inFlight, IReadOnlyList<NodeConnection> connections, RelaySink? sink, Task until, int atLeast, CancellationToken ct)
    {
        var latencies = new ConcurrentBag<double>();
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, inFlight).Select(i => Task.Run(async () =>
        {
            while (!until.IsCompleted || latencies.Count < atLeast)
                latencies.Add(await SendAsync(documents, connections[i % connections.Count], sink, ct));
        }, ct)));
        var seconds = watch.Elapsed.TotalSeconds;
        var sorted = latencies.Order().ToList();
        return new RelayLoadResult(sorted.Count, seconds, sorted[sorted.Count / 2], sorted[(int)(sorted.Count * 0.99)], 0);
    }

    /// <summary>Sends at an even pace; a document that leaves late, because the line was busy, is late.</summary>
    /// <returns>Milliseconds from the instant that a document was due until it was done, 99 of 100.</returns>
    private static async Task<double> PacedAsync(
        RelayDocuments documents, double perSecond, NodeConnection connection, RelaySink? sink, TimeSpan time, CancellationToken ct)
    {
        var sent = new List<Task<double>>();
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < time)
        {
            for (; sent.Count / perSecond <= watch.Elapsed.TotalSeconds; sent.Add(LateAsync(sent.Count / perSecond)))
            {
            }

            await Task.Delay(1, ct);
        }

        var latencies = (await Task.WhenAll(sent)).Order().ToList();
        return latencies[(int)(latencies.Count * 0.99)];

        async Task<double> LateAsync(double due)
        {
            await Task.Run(() => SendAsync(documents, connection, sink, ct), ct);
            return (watch.Elapsed.TotalSeconds - due) * 1000;
        }
    }

    /// <returns>Milliseconds until the receipt was here and, with a sink, the document there.</returns>
    private static async Task<double> SendAsync(RelayDocuments documents, NodeConnection connection, RelaySink? sink, CancellationToken ct)
    {
        var (id, parts) = documents.Next();
        var arrival = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        sink?.Waiting.TryAdd(id, arrival);
        var begun = Stopwatch.GetTimestamp();
        using var call = connection.Link.Deliver(cancellationToken: ct);
        foreach (var part in parts)
            await call.RequestStream.WriteAsync(part, ct);
        await call.RequestStream.CompleteAsync();
        var response = await call.ResponseAsync;
        if (!response.Accepted || response.Receipt is null)
            throw new CommandException(ExitCode.Failed, $"Nút từ chối: {response.ReasonCode} {response.Reason?.Vi}", $"The node refused: {response.ReasonCode} {response.Reason?.En}");
        if (sink is not null) await arrival.Task.WaitAsync(Patience, ct);
        return Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
    }
}
