using System.CommandLine;
using VanBanDienTu.Cli.Client;
using VanBanDienTu.Cli.Terminals;
using VanBanDienTu.Contracts.V1;

namespace VanBanDienTu.Cli.Commands;

/// <summary><c>vbdt reconcile</c>: after a restore, who was asked what passed since the backup, and what could not be put back.</summary>
internal static class ReconcileCommand
{
    public static Command Create()
    {
        var accept = new Option<string?>("--accept") { Description = "không đợi nút bên này nữa, chấp nhận phần chênh lệch / wait no longer for this link and take the difference as it is", HelpName = "LINK" };
        var json = Options.Json();
        var command = new Command("reconcile", "Sau khi phục hồi: đã hỏi những nút nào, văn bản nào không lấy lại được / After a restore: who was asked, and what could not be put back") { accept, json };
        var node = new NodeOptions(command);
        return command.WithExamples("reconcile", "reconcile --accept ministry").Does(async (parsed, terminal, ct) =>
        {
            using var connection = NodeConnection.Open(node.Read(parsed), TimeProvider.System);
            if (parsed.GetValue(accept) is { } link)
                await connection.Operations.AcceptDifferenceAsync(new AcceptDifferenceRequest { Link = link }, cancellationToken: ct);
            var answer = await connection.Operations.GetReconciliationAsync(new GetReconciliationRequest { PageSize = 500 }, cancellationToken: ct);
            if (parsed.GetValue(json))
            {
                terminal.WriteJson(answer);
                return ExitCode.Ok;
            }

            foreach (var peer in answer.Links)
                terminal.Out.WriteLine($"{peer.Link}: {peer.State}, {peer.Recovered} đã lấy lại / put back {peer.Error}".TrimEnd());
            foreach (var difference in answer.Differences)
                terminal.Out.WriteLine($"{difference.MessageId}  {difference.FromOrgan} → {difference.ToOrgan}  {VietnamTime.At(difference.TimeUnixMs):u}  {difference.Reason.Vi}");
            return ExitCode.Ok;
        });
    }
}
