using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Google.Protobuf;
using VanBanDienTu.Contracts.V1;
using VanBanDienTu.Gateway.Config;
using VanBanDienTu.IntegrationTests.Gateway.Vxp;
using VanBanDienTu.TestKit;

namespace VanBanDienTu.IntegrationTests.Gateway;

/// <summary>Two nodes as processes, and a collector that is not ours (grpcio), which gets what they export over OTLP.</summary>
public sealed class TelemetryTests(TestNetwork network) : IClassFixture<TestNetwork>
{
    private readonly ConcurrentBag<(string Node, string Trace, string Step)> spans = [];
    private readonly ConcurrentDictionary<(string Node, string Metric), bool> metrics = [];

    [Fact]
    public async Task The_message_id_is_the_trace_at_both_nodes_and_the_figures_of_both_arrive()
    {
        using var collector = Collector();
        var telemetry = new TelemetryConfig { Otlp = $"http://127.0.0.1:{(await collector.StandardOutput.ReadLineAsync())!.Split(' ')[1]}", Every = TimeSpan.FromSeconds(1) };
        var taking = TakeAllAsync(collector.StandardOutput);
        var (governmentPort, ministryPort) = (FreePort.Take(), FreePort.Take());
        var log = new ConcurrentQueue<string>();
        using var ministry = await StartAsync(network.Node("ministry", "G99", "told-ministry") with
        {
            Listen = $"https://127.0.0.1:{ministryPort}",
            Organs = [network.Organ("G99")],
            Members = [network.Member("G99", "system-G99", MemberRole.System), network.Member("G22", "node-government", MemberRole.Node)],
            Links = [network.Link("government", "G22", $"https://127.0.0.1:{governmentPort}", "*")],
            Log = new LogConfig { Level = "Information", Format = LogFormat.Json },
            Telemetry = telemetry,
        }, log);
        using var sender = new UnitClient(network.Channel($"https://127.0.0.1:{ministryPort}", "system-G99"));
        var submitted = await sender.SubmitAsync(UnitClient.Slip("told-1", "H99"), await File.ReadAllBytesAsync(Samples.CongVan));
        var prepared = await sender.PreparedAsync(submitted.DocumentId);
        var trace = Guid.Parse(prepared.Deliveries[0].MessageId).ToString("N");
        await Eventually(() => log.Any(line => TraceOf(line) == trace), "a line about the attempt that failed names the trace");

        using var government = await StartAsync(network.Government("told-government") with
        {
            Listen = $"https://127.0.0.1:{governmentPort}",
            Links = [network.Link("ministry", "G99", $"https://127.0.0.1:{ministryPort}", "G99")],
            Telemetry = telemetry,
        }, []);
        using var recipient = new UnitClient(network.Channel($"https://127.0.0.1:{governmentPort}", "system-H99"));
        var arrived = await recipient.ArrivedAsync(submitted.EdxmlDocumentId);
        await recipient.Incoming.ConfirmFetchAsync(new ConfirmFetchRequest { IncomingId = arrived.IncomingId });

        (string, string)[] steps =
        [
            ("ministry", "send"), ("government", "accept"), ("government", "verify"), ("government", "handover"), ("government", "send"), ("ministry", "accept"),
        ];
        await Eventually(
            () => steps.All(step => spans.Contains((step.Item1, trace, step.Item2))), $"every hop's step is in the trace {trace}; came: {string.Join(", ", spans)}");
        Assert.Contains(("ministry", Guid.Parse(submitted.DocumentId).ToString("N"), "prepare"), spans);
        string[] wanted =
        [
            "vbdt.relay.waiting", "vbdt.relay.oldest", "vbdt.relay.breaker", "vbdt.relay.clock_skew", "vbdt.relay.syncs", "vbdt.relay.sends", "vbdt.relay.accept.duration", "vbdt.node.problems",
        ];
        await Eventually(
            () => wanted.All(metric => metrics.ContainsKey(("ministry", metric)) && metrics.ContainsKey(("government", metric))), $"every figure of both nodes; came: {string.Join(", ", metrics.Keys)}");
        collector.StandardInput.Close();
        await taking; // whatever could not be read shows here
    }

    [Fact]
    public async Task A_collector_that_is_away_keeps_nothing_from_working()
    {
        var node = await network.StartAsync(network.Government("untold") with
        {
            Telemetry = new TelemetryConfig { Otlp = $"http://127.0.0.1:{FreePort.Take()}", Every = TimeSpan.FromSeconds(1), Protocol = OtlpKind.Http },
        });
        using var sender = new UnitClient(network.Channel(node.Address, "system-G22"));
        using var recipient = new UnitClient(network.Channel(node.Address, "system-H99"));
        var submitted = await sender.SubmitAsync(UnitClient.Slip("untold-1", "H99"), await File.ReadAllBytesAsync(Samples.CongVan));
        Assert.NotEmpty((await recipient.ArrivedAsync(submitted.EdxmlDocumentId)).IncomingId);
    }

    private async Task TakeAllAsync(StreamReader exported)
    {
        while (await exported.ReadLineAsync() is { } line)
            Take(line);
    }

    private static Process Collector() => Process.Start(
        new ProcessStartInfo("/usr/bin/python3", ["-X", "utf8", VxpSystem.Find(Path.Combine("..", "collector.py"))])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false,
        })!;

    private async Task<Process> StartAsync(NodeConfig config, ConcurrentQueue<string> log)
    {
        var file = network[$"{config.Data}.json"];
        NodeConfigFile.Save(config, file);
        var node = ProcessTests.Start(file);
        node.ErrorDataReceived += (_, line) => log.Enqueue(line.Data ?? "");
        node.BeginErrorReadLine();
        Assert.StartsWith("ready", await node.StandardOutput.ReadLineAsync(), StringComparison.Ordinal);
        return node;
    }

    private static async Task Eventually(Func<bool> holds, string what)
    {
        for (var patience = new Patience(); patience.Lasts;)
        {
            if (holds())
                return;
            await Task.Delay(100);
        }

        Assert.Fail($"Never seen: {what}.");
    }

    private static string? TraceOf(string line)
    {
        if (!line.StartsWith('{'))
            return null;
        using var json = JsonDocument.Parse(line);
        return !json.RootElement.TryGetProperty("Scopes", out var scopes) ? null : scopes.EnumerateArray()
            .Select(scope => scope.ValueKind == JsonValueKind.Object && scope.TryGetProperty("TraceId", out var id) ? id.GetString() : null).FirstOrDefault(id => id is not null);
    }

    /// <summary>ExportTraceServiceRequest and ExportMetricsServiceRequest have the same outline: resource (1.1), scope (2), item (2).</summary>
    private void Take(string line)
    {
        if (line.Split(' ') is not [var signal, var text])
            return;
        foreach (var ofNode in Fields(Convert.FromBase64String(text), 1))
        {
            var attributes = Fields(Fields(ofNode, 1)[0], 1).ToDictionary(a => Text(a, 1), a => Text(Fields(a, 2)[0], 1), StringComparer.Ordinal);
            var node = attributes["service.instance.id"];
            foreach (var item in Fields(ofNode, 2).SelectMany(scope => Fields(scope, 2)))
            {
                if (signal == "traces")
                    spans.Add((node, Convert.ToHexStringLower(Fields(item, 1)[0]), Text(item, 5)));
                else
                    metrics[(node, Text(item, 1))] = true;
            }
        }
    }

    private static string Text(byte[] message, int field) => System.Text.Encoding.UTF8.GetString(Fields(message, field)[0]);

    private static List<byte[]> Fields(byte[] message, int field)
    {
        var found = new List<byte[]>();
        var input = new CodedInputStream(message);
        while (input.ReadTag() is > 0 and var tag)
        {
            if (tag == WireFormat.MakeTag(field, WireFormat.WireType.LengthDelimited))
                found.Add(input.ReadBytes().ToByteArray());
            else
                input.SkipLastField();
        }

        return found;
    }
}
