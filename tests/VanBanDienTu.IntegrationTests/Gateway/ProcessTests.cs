using System.Diagnostics;
using VanBanDienTu.Contracts.V1;
using VanBanDienTu.Gateway.Config;
using VanBanDienTu.TestKit;

namespace VanBanDienTu.IntegrationTests.Gateway;

/// <summary>A node as a process of its own, as an operator runs it.</summary>
public sealed class ProcessTests(TestNetwork network) : IClassFixture<TestNetwork>
{
    [Fact]
    public async Task A_node_says_ready_once_and_stops_cleanly_when_told()
    {
        var file = network["process.json"];
        NodeConfigFile.Save(network.Government("process") with { Log = new LogConfig { Level = "Information" } }, file);
        using var node = Start(file);
        var ready = await node.StandardOutput.ReadLineAsync();
        Assert.Matches("^ready government https://127\\.0\\.0\\.1:[1-9][0-9]*$", ready);
        using var channel = network.Channel(ready!.Split(' ')[2], "system-H99");
        await new AxisLinkService.AxisLinkServiceClient(channel).HelloAsync(new HelloRequest());
        using var watch = new IncomingService.IncomingServiceClient(channel).Watch(new WatchIncomingRequest()); // would stay open for ever

        // The shell's own word: the program «kill» is not on every machine.
        using var kill = Process.Start("sh", ["-c", $"kill -TERM {node.Id}"]);
        using var patience = new CancellationTokenSource(Patience.Longest);
        await node.WaitForExitAsync(patience.Token);

        Assert.Equal(0, node.ExitCode);
        Assert.Equal("", await node.StandardOutput.ReadToEndAsync(patience.Token));
        Assert.DoesNotContain(network.Authority.Password, await node.StandardError.ReadToEndAsync(patience.Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_that_cannot_start_ends_with_1_and_a_sentence_in_both_languages()
    {
        var file = network["broken.json"];
        var config = network.Government("broken");
        NodeConfigFile.Save(config with { Tls = config.Tls with { Key = "nowhere.p12" } }, file);
        using var node = Start(file);
        using var patience = new CancellationTokenSource(Patience.Longest);
        var error = await node.StandardError.ReadToEndAsync(patience.Token);
        await node.WaitForExitAsync(patience.Token);
        Assert.Equal(1, node.ExitCode);
        Assert.Contains("Không thấy tệp khoá TLS", error, StringComparison.Ordinal);
        Assert.Contains("does not exist; check the path in the configuration file", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Changed_routes_hold_at_once_and_what_waits_for_a_restart_is_named()
    {
        var file = network["routes.json"];
        var config = network.Government("routes") with { Log = new LogConfig { Level = "Warning" } };
        NodeConfigFile.Save(config, file);
        using var node = Start(file);
        using var channel = network.Channel((await node.StandardOutput.ReadLineAsync())!.Split(' ')[2], "node-ministry");
        var client = new AxisLinkService.AxisLinkServiceClient(channel);
        byte[] bytes = [1];
        Assert.Equal("ROUTE_UNKNOWN", (await LinkTests.DeliverAsync(client, LinkTests.Message(bytes, "G50"), bytes)).ReasonCode);

        NodeConfigFile.Save(config with { Links = [config.Links[0] with { Routes = ["G99", "G50"] }], Organs = config.Organs.Take(1).ToList() }, file);
        var answer = new DeliverResponse();
        for (var patience = new Patience(); patience.Lasts && !answer.Accepted;)
        {
            await Task.Delay(100);
            answer = await LinkTests.DeliverAsync(client, LinkTests.Message(bytes, "G50"), bytes);
        }

        Assert.True(answer.Accepted, answer.ReasonCode);
        node.StandardInput.Close(); // stops it
        Assert.Contains("says otherwise in: organs;", await node.StandardError.ReadToEndAsync(), StringComparison.Ordinal);
    }

    internal static Process Start(string config)
    {
        // Tied to our end of its standard input: a test that fails halfway leaves no node behind.
        var start = new ProcessStartInfo("dotnet") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var word in new[] { Path.Combine(AppContext.BaseDirectory, "vbdt.dll"), "serve", "--config", config, "--stop-at-end-of-input" })
            start.ArgumentList.Add(word);
        return Process.Start(start)!;
    }
}
