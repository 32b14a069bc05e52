using System.CommandLine;
using VanBanDienTu.Cli.Client;
using VanBanDienTu.Cli.Terminals;
using VanBanDienTu.Contracts.V1;

namespace VanBanDienTu.Cli.Commands;

/// <summary><c>vbdt where</c>: where is this document now, by the number that people know it by?</summary>
internal static class WhereCommand
{
    public static Command Create()
    {
        var code = new Argument<string>("CODE") { Description = "số và ký hiệu / number and notation, e.g. 101/CQM1-VP" };
        var json = Options.Json();
        var command = new Command("where", "Văn bản đi này đang ở đâu? / Where is this document now?") { code, json };
        var node = new NodeOptions(command);
        return command.WithExamples("where 101/CQM1-VP").Does(async (parsed, terminal, ct) =>
        {
            using var connection = NodeConnection.Open(node.Read(parsed), TimeProvider.System);
            var found = await connection.Outgoing.ListAsync(new ListOutgoingRequest { Code = parsed.GetRequiredValue(code), PageSize = 100 }, cancellationToken: ct);
            if (found.Documents.Count == 0)
            {
                throw new CommandException(
                    ExitCode.Failed,
                    $"Cơ quan chưa gửi văn bản nào có số «{parsed.GetRequiredValue(code)}» qua nút này.",
                    $"No document «{parsed.GetRequiredValue(code)}» was sent through this node.");
            }
            if (parsed.GetValue(json)) terminal.WriteJson(found);
            else foreach (var document in found.Documents) terminal.ShowOutgoing(document);
            return ExitCode.Ok;
        });
    }
}
