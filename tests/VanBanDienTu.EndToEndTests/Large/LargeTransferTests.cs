using System.Diagnostics;
using System.Globalization;
using VanBanDienTu.Cli.Client;
using VanBanDienTu.Cli.Demo;
using VanBanDienTu.Cli.Nodes;
using VanBanDienTu.Cli.Terminals;
using VanBanDienTu.Contracts.V1;
using VanBanDienTu.EndToEndTests.Commands;
using VanBanDienTu.EndToEndTests.Nodes;
using VanBanDienTu.Gateway.Config;
using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Keys;
using VanBanDienTu.TestKit;

namespace VanBanDienTu.EndToEndTests.Large;

/// <summary>
/// A PDF and an attachment beyond any memory cross three nodes that have 256 MiB of heap each, and their clients. Each of the four ways is
/// interrupted at 60 %, and goes on there: what crosses the line in all is hardly more than the files. VBDT_LONG=1: a PDF of more than
/// 2 GiB, and 5 GiB.
/// </summary>
public sealed class LargeTransferTests(ITestOutputHelper output)
{
    private const long Heap = 256L << 20;
    private static readonly bool Long = Environment.GetEnvironmentVariable("VBDT_LONG") == "1";
    private static readonly long Picture = Long ? 2_100L << 20 : 128L << 20;
    private static readonly long Annex = Long ? 5L << 30 : 384L << 20;
    private static readonly long Size = Picture + Annex;
    private static readonly (string, string)[] Limited = [("DOTNET_GCHeapHardLimit", $"0x{Heap:X}")];

    [Fact]
    public async Task Large_files_cross_three_nodes_and_go_on_where_they_were_interrupted()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromMinutes(Long ? 60 : 10));
        var ct = limit.Token;
        await using var nodes = await ThreeNodes.CreateAsync();
        var network = nodes.Network;
        foreach (var (name, value) in Limited) nodes.Environment[name] = value;
        await using var toUnit = new CountingProxy(network.Unit.Address.Port);
        await using var toMinistry = Between(network.Unit, network.Ministry);
        await using var toGovernment = Between(network.Ministry, network.Government);
        await using var fromGovernment = new CountingProxy(network.Government.Address.Port);
        var (pdf, annex) = (await PdfAsync(nodes, ct), Path.Combine(nodes.Folder, "phu-luc.bin"));
        LargeFiles.Write(annex, Annex);
        await nodes.StartAllAsync(ct);
        var watch = Stopwatch.StartNew();

        // The sender's line is cut: the client goes on by itself.
        var sending = Vbdt.RunAsync(
            Limited, [.. Caller("send", nodes, toUnit, "G99.63"), pdf, annex, "--to", "H99", "--number", "7", "--notation", "CQM1-VP", "--type", "Báo cáo", "--subject", "Hồ sơ lớn", "--json"]);
        await InterruptedAsync(toUnit, ct);
        toUnit.Cut();
        toUnit.Release();
        // The receiving node is killed.
        await InterruptedAsync(toMinistry, ct);
        var sent = await sending;
        Assert.True(sent.ExitCode == 0, sent.ToString());
        Assert.Contains("Tiếp tục từ", sent.Error, StringComparison.Ordinal);
        var peaks = new SortedDictionary<string, long>(StringComparer.Ordinal) { ["ministry, killed"] = Peak(nodes, network.Ministry) };
        await nodes.KillAsync(network.Ministry);
        toMinistry.Release();
        await nodes.StartAsync(network.Ministry, ct);
        // The sending node is killed.
        await InterruptedAsync(toGovernment, ct);
        peaks["ministry, killed again"] = Peak(nodes, network.Ministry);
        await nodes.KillAsync(network.Ministry);
        toGovernment.Release();
        await nodes.StartAsync(network.Ministry, ct);
        var arrived = await ArrivedAsync(nodes, ct);
        // The fetching client is killed, and run again.
        var inbox = Path.Combine(nodes.Folder, "inbox");
        string[] fetch = [.. Caller("incoming fetch", nodes, fromGovernment, "H99"), arrived.IncomingId, "--into", inbox];
        using (var killed = Start(fetch))
        {
            await InterruptedAsync(fromGovernment, ct);
            killed.Kill();
            await killed.WaitForExitAsync(ct);
            fromGovernment.Release();
        }
        var fetched = await Vbdt.RunAsync(Limited, fetch);
        Assert.True(fetched.ExitCode == 0, fetched.ToString());
        Assert.Contains("Tiếp tục từ", fetched.Error, StringComparison.Ordinal);

        foreach (var node in network.Nodes) peaks[node.Name] = Peak(nodes, node);
        foreach (var (name, bytes) in peaks) output.WriteLine($"VmHWM {name}: {bytes >> 20} MiB");
        foreach (var (name, line) in new[] { ("client to unit", toUnit), ("unit to ministry", toMinistry), ("ministry to government", toGovernment), ("government to client", fromGovernment) })
        {
            output.WriteLine($"{name}: {line.Crossed >> 20} MiB crossed for {Size >> 20} MiB");
            Assert.InRange(line.Crossed, Size, Size + (Size / 10)); // beginning again would make it 1.6 times
        }
        output.WriteLine($"{watch.Elapsed.TotalSeconds:0} s");
        Assert.All(network.Nodes.Take(2), node => Assert.Contains("goes on at byte", File.ReadAllText(node.LogFile), StringComparison.Ordinal));
        Assert.All(peaks.Values, bytes => Assert.InRange(bytes, 0, 3 * Heap));
        Assert.Equal("TOTAL-PASSED", Assert.Single(arrived.Verdicts).Verdict);
        Assert.Equal(FileDigest.Of(annex), FileDigest.Of(Path.Combine(inbox, Path.GetFileName(annex))));
        Assert.Equal(arrived.Attachments[0].Sha256, FileDigest.Of(Path.Combine(inbox, Path.GetFileName(pdf))));
        Assert.All(network.Nodes, node => Assert.Empty(Directory.GetFiles(Path.Combine(Path.GetDirectoryName(node.ConfigFile)!, node.Name, "uploads"))));
    }

    /// <summary>Lets 60 % cross, and holds the line there.</summary>
    private static Task InterruptedAsync(CountingProxy line, CancellationToken ct) => line.HoldAtAsync(Size * 6 / 10, ct);

    private static CountingProxy Between(SampleNode from, SampleNode to)
    {
        var proxy = new CountingProxy(to.Address.Port);
        var config = NodeConfigFile.Load(from.ConfigFile);
        NodeConfigFile.Save(
            config with { Links = [.. config.Links.Select(l => l.Address == $"https://127.0.0.1:{to.Address.Port}" ? l with { Address = $"https://127.0.0.1:{proxy.Port}" } : l)] },
            from.ConfigFile);
        return proxy;
    }

    private static async Task<string> PdfAsync(ThreeNodes nodes, CancellationToken ct)
    {
        var (blank, signed) = (Path.Combine(nodes.Folder, "blank.pdf"), Path.Combine(nodes.Folder, "ho-so.pdf"));
        LargeFiles.WritePdf(blank, Picture);
        using var key = Pkcs12Key.Load(nodes.Authority.KeyFile(DemoDrafts.Person), nodes.Authority.Password);
        await new PdfSigner(TimeProvider.System).SignAsync(blank, signed, key, new SignatureRequest(), ct);
        File.Delete(blank);
        return signed;
    }

    private static async Task<IncomingDocument> ArrivedAsync(ThreeNodes nodes, CancellationToken ct)
    {
        var province = nodes.SystemOf("H99");
        while (true)
        {
            var list = await province.Incoming.ListAsync(new ListIncomingRequest(), cancellationToken: ct);
            if (list.Documents.FirstOrDefault(d => d.Acceptance != "Verifying") is { } document)
            {
                Assert.Equal("Accepted", document.Acceptance);
                return document;
            }
            await Task.Delay(TimeSpan.FromMilliseconds(100), ct);
        }
    }

    private static string[] Caller(string command, ThreeNodes nodes, CountingProxy line, string organ)
    {
        var caller = nodes.Network.SystemOf(organ);
        return
        [
            .. command.Split(' '), "--node", $"https://127.0.0.1:{line.Port}", "--cert", caller.CertificateFile,
            "--password-file", Path.Combine(nodes.Folder, "pki", "password"), "--trust", caller.TrustFolder, "--allow-sample-trust",
        ];
    }

    private static Process Start(string[] words)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.ArgumentList.Add(typeof(Cli.CommandLine).Assembly.Location);
        foreach (var word in words) start.ArgumentList.Add(word);
        foreach (var (name, value) in Limited) start.Environment[name] = value;
        return Process.Start(start)!;
    }

    private static long Peak(ThreeNodes nodes, SampleNode node)
    {
        var line = File.ReadLines($"/proc/{nodes.ProcessIdOf(node)}/status").First(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) << 10;
    }
}
