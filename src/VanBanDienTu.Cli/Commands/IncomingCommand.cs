using System.CommandLine;
using VanBanDienTu.Cli.Client;
using VanBanDienTu.Cli.Terminals;
using VanBanDienTu.Contracts.V1;

namespace VanBanDienTu.Cli.Commands;

/// <summary><c>vbdt incoming</c>: documents that arrived for the caller's organ (văn bản đến).</summary>
internal static class IncomingCommand
{
    public static Command Create() => new("incoming", "Văn bản đến: danh sách, xem, lấy về / Documents that arrived: list, show, fetch")
    {
        List(), Show(), Fetch(),
    };

    private static Command List()
    {
        var fresh = new Option<bool>("--unconfirmed") { Description = "chỉ văn bản chưa lấy về / only what is not fetched yet" };
        var overdue = new Option<bool>("--overdue") { Description = "chỉ văn bản đã quá hạn báo nhận hoặc trả lời / only what is overdue" };
        var code = new Option<string?>("--code") { Description = "chỉ số và ký hiệu này / only this number and notation" };
        var json = Options.Json();
        var command = new Command("list", "Cũ nhất trước / Oldest first") { fresh, overdue, code, json };
        var node = new NodeOptions(command);
        return command.WithExamples("incoming list --unconfirmed", "incoming list --overdue", "incoming list --json").Does(async (parsed, terminal, ct) =>
        {
            using var connection = NodeConnection.Open(node.Read(parsed), TimeProvider.System);
            var request = new ListIncomingRequest { PageSize = 500, UnconfirmedOnly = parsed.GetValue(fresh), OverdueOnly = parsed.GetValue(overdue), Code = parsed.GetValue(code) ?? "" };
            var all = new ListIncomingResponse();
            do
            {
                var page = await connection.Incoming.ListAsync(request, cancellationToken: ct);
                all.Documents.AddRange(page.Documents);
                request.PageToken = page.NextPageToken;
            }
            while (request.PageToken.Length > 0);
            if (parsed.GetValue(json)) terminal.WriteJson(all);
            else terminal.ShowIncoming(all.Documents);
            return ExitCode.Ok;
        });
    }

    private static Command Show()
    {
        var id = new Argument<string>("ID") { Description = "mã văn bản đến / incoming id" };
        var json = Options.Json();
        var command = new Command("show", "Một văn bản, kết quả kiểm tra chữ ký và các trả lời / One document, its verdicts and answers") { id, json };
        var node = new NodeOptions(command);
        return command.WithExamples("incoming show 0b3c… --json").Does(async (parsed, terminal, ct) =>
        {
            using var connection = NodeConnection.Open(node.Read(parsed), TimeProvider.System);
            var document = await connection.Incoming.GetAsync(new GetIncomingRequest { IncomingId = parsed.GetRequiredValue(id) }, cancellationToken: ct);
            if (parsed.GetValue(json)) terminal.WriteJson(document);
            else terminal.ShowIncoming(document);
            return ExitCode.Ok;
        });
    }

    private static Command Fetch()
    {
        var id = new Argument<string>("ID") { Description = "mã văn bản đến / incoming id" };
        var into = new Option<string>("--into", "-o") { Description = "thư mục ghi tệp / folder for the files", HelpName = "DIR", DefaultValueFactory = _ => "." };
        var only = new Option<bool>("--no-confirm") { Description = "chỉ tải, chưa xác nhận (chưa gửi 01) / only download; 01 is not sent yet" };
        var json = Options.Json();
        var command = new Command("fetch", "Tải tệp về, rồi xác nhận đã nhận (gửi 01) / Download the files, then confirm (sends 01)") { id, into, only, json };
        var node = new NodeOptions(command);
        return command.WithExamples("incoming fetch 0b3c… --into van-ban-den").Does(async (parsed, terminal, ct) =>
        {
            using var connection = NodeConnection.Open(node.Read(parsed), TimeProvider.System);
            var incomingId = parsed.GetRequiredValue(id);
            var got = await Transfer.ShowAsync(
                terminal, "Tải / fetching", transfer => DocumentDownload.FetchAsync(connection, incomingId, parsed.GetRequiredValue(into), ct, transfer));
            foreach (var file in got.Files) terminal.Error.WriteLine(file);
            if (parsed.GetValue(only)) return ExitCode.Ok;
            var answer = await connection.Incoming.ConfirmFetchAsync(
                new ConfirmFetchRequest { IncomingId = incomingId, Sha256 = got.Header.Document.Attachments[0].Sha256 }, cancellationToken: ct); // checked when it came
            if (parsed.GetValue(json)) terminal.WriteJson(answer);
            else terminal.Say($"Đã xác nhận lúc {VietnamTime.Text(answer.ConfirmedUnixMs)}; 01 đang về nơi gửi.", "Confirmed; 01 is on its way to the sender.");
            return ExitCode.Ok;
        });
    }
}
