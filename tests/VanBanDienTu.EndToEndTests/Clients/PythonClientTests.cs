using System.Diagnostics;
using Grpc.Core;
using VanBanDienTu.Cli.Nodes;
using VanBanDienTu.Contracts.V1;
using VanBanDienTu.EndToEndTests.Nodes;
using VanBanDienTu.TestKit;

namespace VanBanDienTu.EndToEndTests.Clients;

/// <summary>A second opinion on our services: a gRPC implementation and generated code that are not ours, over mutual TLS.</summary>
public sealed class PythonClientTests
{
    [Fact]
    public async Task A_system_written_in_Python_sends_a_document_and_sees_it_arrive()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var nodes = await ThreeNodes.CreateAsync();
        await nodes.StartAllAsync(ct);
        var pdf = await nodes.SignedByPersonAsync();
        var key = Path.Combine(nodes.Folder, "system.pem");
        var opened = ExternalTool.Run(
            "openssl", "pkcs12", "-in", nodes.Authority.KeyFile("system-G99.63"), "-passin", "pass:" + nodes.Authority.Password, "-nodes", "-out", key);
        Assert.True(opened.ExitCode == 0, opened.Output);

        var sending = RunAsync(
            "--node", nodes.Network.Unit.Address.Authority, "--root", Path.Combine(nodes.Network.TrustFolder, "root.pem"), "--key", key, "--to", "G22", pdf);
        await ConfirmAsync(nodes, sending, ct);

        var (exit, output) = await sending;
        Assert.True(exit == 0, output);
        Assert.Matches(@"(?s)received [0-9a-f-]{36} G99\.63,.*G22 Relayed.*G22 Arrived", output);
    }

    /// <summary>The recipient's system: confirms what arrives until the sender has ended.</summary>
    private static async Task ConfirmAsync(ThreeNodes nodes, Task sending, CancellationToken ct)
    {
        var recipient = nodes.SystemOf(SampleNetwork.GovernmentOrgan).Incoming;
        while (!sending.IsCompleted)
        {
            foreach (var document in (await recipient.ListAsync(new ListIncomingRequest { UnconfirmedOnly = true }, cancellationToken: ct)).Documents)
                await recipient.ConfirmFetchAsync(new ConfirmFetchRequest { IncomingId = document.IncomingId, Sha256 = document.Attachments[0].Sha256 }, cancellationToken: ct);
            await Task.Delay(TimeSpan.FromMilliseconds(100), ct);
        }
    }

    private static async Task<(int Exit, string Output)> RunAsync(params string[] words)
    {
        var start = new ProcessStartInfo("/usr/bin/python3") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.ArgumentList.Add(Path.Combine(Samples.Root, "samples", "qlvb.py"));
        foreach (var word in words) start.ArgumentList.Add(word);
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await error);
    }
}
