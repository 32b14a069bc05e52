using System.CommandLine;
using VanBanDienTu.Cli.Terminals;
using VanBanDienTu.Gateway.Hosting;

namespace VanBanDienTu.Cli.Commands;

/// <summary><c>vbdt serve</c>: one node, until it is told to stop.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var config = new Option<string>("--config", "-c") { Description = "tệp JSON của nút / the node's JSON file", HelpName = "FILE", Required = true };
        // For programs that start a node as their child: when the starter is gone, so is the other end of standard input.
        var tied = new Option<bool>("--stop-at-end-of-input") { Hidden = true };
        return new Command("serve", "Chạy một nút: của đơn vị, của trục, hoặc cả hai / Run one node: a unit's, a hub, or both") { config, tied }
            .WithExamples("serve --config /etc/vbdt/node.json", "serve --config demo-out/nodes/ministry.json")
            .Does(async (parsed, terminal, ct) =>
            {
                var file = parsed.GetRequiredValue(config);
                if (!File.Exists(file)) throw CommandException.NoInput(file);
                using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
                if (parsed.GetValue(tied)) _ = StopAtEndOfInputAsync(stop);
                await GatewayHost.RunAsync(file, terminal.Out, stop.Token);
                return ExitCode.Ok;
            });
    }

    private static async Task StopAtEndOfInputAsync(CancellationTokenSource stop)
    {
        var input = Console.OpenStandardInput();
        var buffer = new byte[64];
        while (await input.ReadAsync(buffer, CancellationToken.None) > 0)
        {
            // Nobody has anything to say to a node this way.
        }
        await stop.CancelAsync();
    }
}
