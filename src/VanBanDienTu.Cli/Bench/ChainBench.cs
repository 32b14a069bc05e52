using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography;
using Google.Protobuf;
using Grpc.Core;
using VanBanDienTu.Cli.Client;
using VanBanDienTu.Cli.Demo;
using VanBanDienTu.Cli.Nodes;
using VanBanDienTu.Cli.Pki;
using VanBanDienTu.Cli.Terminals;
using VanBanDienTu.Contracts.V1;
using VanBanDienTu.Gateway.Config;
using VanBanDienTu.Gateway.Hosting;
using VanBanDienTu.Signing.Authority;

namespace VanBanDienTu.Cli.Bench;

/// <summary>
/// <c>vbdt bench relay --shape chain</c>: a unit's system submits, its node signs with RSA-2048 and verifies, the ministry's hub forwards, the
/// government's node verifies, its system fetches and confirms, and 01 is back at the unit. Three durable nodes, both systems and the
/// authority in this one process.
/// </summary>
internal sealed class ChainBench : IAsyncDisposable
{
    public const string Shape = "chain";
    private const int WarmUpDocuments = 300;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly BenchFolder folder = BenchFolder.OnDisk();
    private readonly List<GatewayHost> nodes = [];
    private readonly ConcurrentDictionary<string, TaskCompletionSource> arrived = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> taken = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource stop = new();
    private readonly byte[] pdf = SamplePdfs.Read("cong-van.pdf");
    private PkiServer? pki;
    private NodeConnection? sender;
    private NodeConnection? recipient;
    private Task watching = Task.CompletedTask;

    /// <summary>Writes the rows <c>documents</c>, <c>latency-p50</c>, <c>latency-p99</c>, the use of the process, <c>peak-rss</c>.</summary>
    public static async Task RunAsync(BenchRows rows, int inFlight, int seconds, CancellationToken ct)
    {
        await using var bench = new ChainBench();
        await bench.StartAsync(ct);
        await bench.LoadAsync(inFlight, Warmth.SettleAsync(ct), WarmUpDocuments, ct);
        var before = ProcessUse.Now();
        var (latencies, elapsed) = await bench.LoadAsync(inFlight, Task.Delay(TimeSpan.FromSeconds(seconds), ct), 1, ct);
        var used = ProcessUse.Now().Since(before);
        await rows.AddAsync("documents", latencies.Count / elapsed.TotalSeconds, "documents/s");
        await rows.AddAsync("latency-p50", latencies[latencies.Count / 2], "ms");
        await rows.AddAsync("latency-p99", latencies[(int)(latencies.Count * 0.99)], "ms");
        await used.AddAsync(rows, latencies.Count);
        await rows.AddAsync("peak-rss", PeakMemory.Mebibytes(), "MiB");
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await watching;
        sender?.Dispose();
        recipient?.Dispose();
        foreach (var node in nodes) await node.DisposeAsync();
        if (pki is not null) await pki.DisposeAsync();
        stop.Dispose();
        folder.Dispose();
    }

    private async Task StartAsync(CancellationToken ct)
    {
        var authority = SampleAuthority.Init(folder.Of("pki"), new SampleAuthorityOptions
        {
            BaseUrl = $"http://127.0.0.1:{FreePorts.Take(1)[0]}",
            Profiles = [.. SampleNetwork.Profiles.Select(p => p with { Key = p.Kind == SampleKind.Organization ? SampleKeyType.Rsa2048 : SampleKeyType.P256 })],
        });
        pki = await PkiServer.StartAsync(authority, ct);
        var network = SampleNetwork.Create(folder.Root, authority, new RetryConfig());
        foreach (var node in network.Nodes)
        {
            var config = NodeConfigFile.Load(node.ConfigFile) with { Log = new LogConfig { Level = "Error" } };
            nodes.Add(await GatewayHost.StartAsync(config, null, new GatewayOptions(), ct));
        }

        sender = NodeConnection.Open(network.SystemOf(SampleNetwork.UnitOrgan), TimeProvider.System);
        recipient = NodeConnection.Open(network.SystemOf(SampleNetwork.GovernmentOrgan), TimeProvider.System);
        watching = Task.WhenAll(WatchSenderAsync(sender), WatchRecipientAsync(recipient));
    }

    private async Task<(List<double> Latencies, TimeSpan Elapsed)> LoadAsync(int inFlight, Task until, int atLeast, CancellationToken ct)
    {
        var latencies = new ConcurrentBag<double>();
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, inFlight).Select(_ => Task.Run(async () =>
        {
            while (!until.IsCompleted || latencies.Count < atLeast) latencies.Add(await SendAsync(ct));
        }, ct)));
        return ([.. latencies.Order()], watch.Elapsed);
    }

    /// <returns>Milliseconds from the submission's first byte until 01 is known to the unit's system.</returns>
    private async Task<double> SendAsync(CancellationToken ct)
    {
        var begun = Stopwatch.GetTimestamp();
        using var call = sender!.Outgoing.Submit(cancellationToken: ct);
        await call.RequestStream.WriteAsync(new SubmitRequest { Header = Header() }, ct);
        await call.RequestStream.WriteAsync(new SubmitRequest { Chunk = new Chunk { Data = UnsafeByteOperations.UnsafeWrap(Unique()) } }, ct);
        await call.RequestStream.CompleteAsync();
        var submitted = await call.ResponseAsync;
        await arrived.GetOrAdd(submitted.DocumentId, _ => Fresh()).Task.WaitAsync(Patience, ct);
        arrived.TryRemove(submitted.DocumentId, out _);
        return Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
    }

    private async Task WatchSenderAsync(NodeConnection unit)
    {
        await UntilStoppedAsync(async () =>
        {
            using var watch = unit.Outgoing.Watch(new WatchOutgoingRequest(), cancellationToken: stop.Token);
            await foreach (var change in watch.ResponseStream.ReadAllAsync(stop.Token))
            {
                if (change.State == "Arrived")
                    arrived.GetOrAdd(change.DocumentId, _ => Fresh()).TrySetResult();
                else if (change.State is "Refused" or "Failed" or "Rejected" or "Held")
                    arrived.GetOrAdd(change.DocumentId, _ => Fresh()).TrySetException(new CommandException(ExitCode.Failed, change.Reason?.Vi ?? change.State, change.Reason?.En ?? change.State));
            }
        });
    }

    private Task WatchRecipientAsync(NodeConnection government) => UntilStoppedAsync(async () =>
    {
        using var watch = government.Incoming.Watch(new WatchIncomingRequest(), cancellationToken: stop.Token);
        await foreach (var document in watch.ResponseStream.ReadAllAsync(stop.Token))
        {
            if (taken.TryAdd(document.IncomingId, true)) _ = TakeAsync(government, document.IncomingId);
        }
    });

    /// <summary>As the receiving system does: fetches, hashes what it got, confirms.</summary>
    private async Task TakeAsync(NodeConnection government, string id)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var fetch = government.Incoming.Fetch(new FetchRequest { IncomingId = id }, cancellationToken: stop.Token);
        await foreach (var part in fetch.ResponseStream.ReadAllAsync(stop.Token))
        {
            if (part.Chunk is { } chunk) hash.AppendData(chunk.Data.Span);
        }

        var sha256 = Convert.ToHexStringLower(hash.GetCurrentHash());
        await government.Incoming.ConfirmFetchAsync(new ConfirmFetchRequest { IncomingId = id, Sha256 = sha256 }, cancellationToken: stop.Token);
    }

    private async Task UntilStoppedAsync(Func<Task> watch)
    {
        try
        {
            await watch();
        }
        catch (Exception e) when (stop.IsCancellationRequested && e is RpcException or OperationCanceledException)
        {
            // The benchmark is over.
        }
    }

    /// <summary>The comment in a PDF's second line may hold any bytes: no two documents are equal.</summary>
    private byte[] Unique()
    {
        const int comment = 10;
        var bytes = (byte[])pdf.Clone();
        RandomNumberGenerator.Fill(bytes.AsSpan(comment, 8));
        for (var i = comment; i < comment + 8; i++) bytes[i] |= 0x80;
        return bytes;
    }

    private static SubmitHeader Header() => new()
    {
        RequestId = Guid.NewGuid().ToString("N"),
        Recipients = { new Party { OrganId = SampleNetwork.GovernmentOrgan } },
        Document = new DocumentHeader
        {
            Number = "5", Notation = "PG-CQM1", Place = "Hà Nội", PromulgationDate = "2026-10-21", TypeName = "Phiếu gửi",
            Subject = "Phiếu gửi", SignerPosition = "Chánh Văn phòng", SignerName = "Người Ký Mẫu", PageCount = 1,
        },
        Attachments = { new Attachment { Name = "cong-van.pdf", ContentType = "application/pdf" } },
    };

    private static TaskCompletionSource Fresh() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
