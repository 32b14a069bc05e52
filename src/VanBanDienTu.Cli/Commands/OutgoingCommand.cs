using System.CommandLine;
using VanBanDienTu.Cli.Client;
using VanBanDienTu.Cli.Terminals;
using VanBanDienTu.Contracts.V1;

namespace VanBanDienTu.Cli.Commands;

/// <summary><c>vbdt outgoing</c>: where are the documents that we sent?</summary>
internal static class OutgoingCommand
{
    public static Command Create() => new("outgoing", "Văn bản đi: danh sách và trạng thái từng nơi nhận / Documents sent, and where each one is now")
    {
        List(), Show(), Requeue(),
    };

    private static Command List()
    {
        var code = new Option<string?>("--code") { Description = "chỉ số và ký hiệu này / only this number and notation: 101/CQM1-VP" };
        var state = new Option<string?>("--state") { Description = "chỉ trạng thái này / only this state: Received, Signing, Held, Queued, Refused" };
        var json = Options.Json();
        var command = new Command("list", "Mới nhất trước / Newest first") { code, state, json };
        var node = new NodeOptions(command);
        return command.WithExamples("outgoing list --code 101/CQM1-VP", "outgoing list --state Refused --json").Does(async (parsed, terminal, ct) =>
        {
            using var connection = NodeConnection.Open(node.Read(parsed), TimeProvider.System);
            var request = new ListOutgoingRequest { Code = parsed.GetValue(code) ?? "", State = parsed.GetValue(state) ?? "", PageSize = 500 };
            var all = new ListOutgoingResponse();
            do
            {
                var page = await connection.Outgoing.ListAsync(request, cancellationToken: ct);
                all.Documents.AddRange(page.Documents);
                request.PageToken = page.NextPageToken;
            }
            while (request.PageToken.Length > 0);
            if (parsed.GetValue(json)) terminal.WriteJson(all);
            else terminal.ShowOutgoing(all.Documents);
            return ExitCode.Ok;
        });
    }

    private static Command Show()
    {
        var id = new Argument<string>("ID") { Description = "mã văn bản / document id" };
        var json = Options.Json();
        var command = new Command("show", "Một văn bản và từng nơi nhận / One document and every recipient") { id, json };
        var node = new NodeOptions(command);
        return command.WithExamples("outgoing show 0b3c…").Does(async (parsed, terminal, ct) =>
        {
            using var connection = NodeConnection.Open(node.Read(parsed), TimeProvider.System);
            var document = await connection.Outgoing.GetAsync(new GetOutgoingRequest { DocumentId = parsed.GetRequiredValue(id) }, cancellationToken: ct);
            if (parsed.GetValue(json)) terminal.WriteJson(document);
            else terminal.ShowOutgoing(document);
            return ExitCode.Ok;
        });
    }

    private static Command Requeue()
    {
        var id = new Argument<string>("ID") { Description = "mã văn bản / document id" };
        var json = Options.Json();
        var command = new Command("requeue", "Gửi lại những nơi không chuyển được / Queue failed deliveries again") { id, json };
        var node = new NodeOptions(command);
        return command.WithExamples("outgoing requeue 0b3c…").Does(async (parsed, terminal, ct) =>
        {
            using var connection = NodeConnection.Open(node.Read(parsed), TimeProvider.System);
            var answer = await connection.Outgoing.RequeueAsync(new RequeueRequest { DocumentId = parsed.GetRequiredValue(id) }, cancellationToken: ct);
            if (parsed.GetValue(json)) terminal.WriteJson(answer);
            else terminal.Say($"Đã xếp hàng lại {answer.Deliveries.Count} nơi nhận.", $"{answer.Deliveries.Count} deliveries queued again.");
            return ExitCode.Ok;
        });
    }
}
