using System.CommandLine;
using Google.Protobuf;
using Grpc.Core;
using VanBanDienTu.Cli.Client;
using VanBanDienTu.Cli.Terminals;
using VanBanDienTu.Contracts.V1;

namespace VanBanDienTu.Cli.Commands;

/// <summary><c>vbdt watch</c>: what happens to the caller's documents, line by line, until Ctrl+C.</summary>
internal static class WatchCommand
{
    public static Command Create()
    {
        var document = new Option<string?>("--document") { Description = "chỉ văn bản đi này / only this document", HelpName = "ID" };
        var after = new Option<long>("--after") { Description = "từ sau sự kiện này; 0 từ đầu, -1 từ bây giờ / events after this one; 0 all, -1 from now", DefaultValueFactory = _ => -1 };
        var json = new Option<bool>("--json") { Description = "mỗi sự kiện một dòng JSON / one line of JSON each" };
        var command = new Command("watch", "Theo dõi văn bản đi và đến khi sự việc xảy ra / Follow documents as things happen") { document, after, json };
        var node = new NodeOptions(command);
        return command.WithExamples("watch", "watch --document 0b3c… --after 0 --json").Does(async (parsed, terminal, ct) =>
        {
            using var connection = NodeConnection.Open(node.Read(parsed), TimeProvider.System);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(ct);
            var lines = new Lines(terminal, parsed.GetValue(json));
            var sent = OutgoingAsync(connection, parsed.GetValue(document) ?? "", parsed.GetValue(after), lines, both.Token);
            var arrived = parsed.GetValue(document) is null ? IncomingAsync(connection, lines, both.Token) : sent;
            try
            {
                await await Task.WhenAny(sent, arrived);
            }
            catch (Exception e) when (ct.IsCancellationRequested && e is RpcException or OperationCanceledException)
            {
                return ExitCode.Ok; // Ctrl+C is how one leaves
            }
            finally
            {
                await both.CancelAsync();
            }
            return ExitCode.Ok;
        });
    }

    private static async Task OutgoingAsync(NodeConnection node, string document, long after, Lines lines, CancellationToken ct)
    {
        using var call = node.Outgoing.Watch(new WatchOutgoingRequest { DocumentId = document, AfterSequence = after }, cancellationToken: ct);
        await foreach (var e in call.ResponseStream.ReadAllAsync(ct))
        {
            var whom = e.Recipient is { OrganId.Length: > 0 } r ? $" → {r.OrganId}" : "";
            var request = e.Request.Length > 0 ? $" [{StateWords.Request(e.Request)}]" : "";
            lines.Write(e, $"{VietnamTime.Clock(e.TimeUnixMs)}  đi   {e.Code}{whom}: {StateWords.Vi(e.State)}{request} {e.Reason?.Vi}");
        }
    }

    private static async Task IncomingAsync(NodeConnection node, Lines lines, CancellationToken ct)
    {
        using var call = node.Incoming.Watch(new WatchIncomingRequest(), cancellationToken: ct);
        await foreach (var d in call.ResponseStream.ReadAllAsync(ct))
        {
            var request = d.Request.Length > 0 ? $" [{StateWords.Request(d.Request)}: {d.RequestReason}]" : "";
            lines.Write(d, $"{VietnamTime.Clock(d.ReceivedUnixMs)}  đến  {Answers.Code(d.Document)} từ {d.From.OrganId}: {StateWords.Vi(d.Acceptance)}{request} ({d.IncomingId})");
        }
    }

    /// <summary>Two streams write here; one line at a time.</summary>
    private sealed class Lines(Terminal terminal, bool json)
    {
        private readonly Lock gate = new();

        public void Write(IMessage message, string line)
        {
            lock (gate)
            {
                if (json) terminal.WriteJsonLine(message);
                else terminal.Out.WriteLine(line.TrimEnd());
                terminal.Out.Flush();
            }
        }
    }
}
