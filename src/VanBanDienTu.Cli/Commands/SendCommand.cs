using System.CommandLine;
using Grpc.Core;
using VanBanDienTu.Cli.Client;
using VanBanDienTu.Cli.Terminals;
using VanBanDienTu.Contracts.V1;

namespace VanBanDienTu.Cli.Commands;

/// <summary><c>vbdt send</c>: hands a document to the unit's node (văn bản đi).</summary>
internal sealed class SendCommand
{
    private readonly Argument<string[]> files = new("FILE") { Description = "văn bản PDF đã có chữ ký của người có thẩm quyền, rồi đến các phụ lục / the signed PDF, then its annexes", Arity = ArgumentArity.OneOrMore };
    private readonly Option<string[]> to = new("--to") { Description = "mã cơ quan nhận, lặp lại được / recipient organ id, repeatable", Required = true, HelpName = "ORGAN" };
    private readonly Option<string> number = new("--number") { Description = "số / number", Required = true };
    private readonly Option<string> notation = new("--notation") { Description = "ký hiệu / notation, e.g. CQM1-VP", Required = true };
    private readonly Option<string> type = new("--type") { Description = "loại văn bản / document type: «Công văn», «Quyết định» …", Required = true };
    private readonly Option<string> subject = new("--subject") { Description = "trích yếu / subject", Required = true };
    private readonly Option<string?> date = new("--date") { Description = "ngày ban hành / date of issue, yyyy-MM-dd; mặc định hôm nay / default today" };
    private readonly Option<string?> place = new("--place") { Description = "nơi ban hành / place" };
    private readonly Option<string?> signer = new("--signer") { Description = "họ tên người ký / signer's name" };
    private readonly Option<string?> position = new("--position") { Description = "chức vụ người ký / signer's position" };
    private readonly Option<string?> update = new("--update") { Description = "cập nhật văn bản đi này / updates this document: id, edXML id, or 101/CQM1-VP", HelpName = "DOC" };
    private readonly Option<string[]> replace = new("--replace") { Description = "thay thế văn bản đi này, lặp lại được / replaces this document, repeatable", HelpName = "DOC" };
    private readonly Option<string?> reason = new("--reason", "-m") { Description = "lý do cập nhật, thay thế / why it updates or replaces" };
    private readonly Option<string[]> answers = new("--answers") { Description = "trả lời văn bản đến này, lặp lại được / answers this incoming document, repeatable", HelpName = "ID" };
    private readonly Option<string?> due = new("--due") { Description = "hạn trả lời / due date, yyyy-MM-dd" };
    private readonly Option<string> urgency = new("--urgency") { Description = "độ khẩn / urgency", DefaultValueFactory = _ => "thuong" };
    private readonly Option<string?> from = new("--from") { Description = "mã cơ quan gửi, nếu người gọi có nhiều / sending organ, when the caller has several", HelpName = "ORGAN" };
    private readonly Option<string?> requestId = new("--request-id") { Description = "mã yêu cầu; gửi lại cùng mã không tạo bản thứ hai / request id; the same one never sends twice" };
    private readonly Option<int?> page = new("--page") { Description = "trang đặt chữ ký của cơ quan / page of the organisation's signature" };
    private readonly Option<string?> rect = new("--rect") { Description = "vị trí x,y,w,h (điểm, từ góc dưới trái) / points from the lower left" };
    private readonly Option<bool> wait = new("--wait") { Description = "chờ đến khi được ký và xếp hàng, hoặc bị từ chối / wait until it is signed and queued, or refused" };
    private readonly Option<bool> json = Options.Json();

    public static Command Create() => new SendCommand().Build();

    private Command Build()
    {
        var command = new Command("send", "Gửi một văn bản qua nút của đơn vị / Send a document through the unit's node")
        {
            files, to, number, notation, type, subject, date, place, signer, position, due, update, replace, reason, answers, urgency, from, requestId, page, rect, wait, json,
        };
        urgency.AcceptOnlyFromAmong("thuong", "khan", "thuong-khan", "hoa-toc");
        command.Validators.Add(result =>
        {
            if (result.GetResult(update) is not null && result.GetResult(replace) is not null)
                result.AddError("--update và --replace không đi cùng nhau / are not used together");
            if ((result.GetResult(update) ?? result.GetResult(replace)) is not null && result.GetResult(reason) is null)
                result.AddError("--update, --replace cần --reason / need --reason");
        });
        var node = new NodeOptions(command);
        return command
            .WithExamples(
                "send sua-doi.pdf --update 101/CQM1-VP --reason \"Sửa số liệu phụ lục\" --to G99 --number 105 --notation CQM1-VP --type \"Công văn\" --subject \"Về số liệu\"",
                "send cong-van.pdf --to G99 --to H99 --number 101 --notation CQM1-VP --type \"Công văn\" --subject \"V/v gửi, nhận văn bản điện tử\" --node https://127.0.0.1:7445 --cert demo-out/clients/G99.63.p12 --password-file demo-out/clients/password --trust demo-out/trust --allow-sample-trust")
            .Does((parsed, terminal, ct) => RunAsync(parsed, node.Read(parsed), terminal, ct));
    }

    private async Task<int> RunAsync(ParseResult parsed, NodeAddress where, Terminal terminal, CancellationToken ct)
    {
        var header = Header(parsed);
        using var node = NodeConnection.Open(where, TimeProvider.System);
        await RelateAsync(parsed, node, header, ct);
        var answer = await UploadAsync(node, header, parsed.GetRequiredValue(files), terminal, ct);
        if (!parsed.GetValue(wait))
        {
            if (parsed.GetValue(json)) terminal.WriteJson(answer);
            else terminal.Out.WriteLine($"Đã nhận / received: {answer.DocumentId} ({answer.EdxmlDocumentId})");
            return ExitCode.Ok;
        }
        var document = await DecidedAsync(node, answer.DocumentId, ct);
        if (parsed.GetValue(json)) terminal.WriteJson(document);
        else terminal.ShowOutgoing(document);
        return document.State == "Queued" ? ExitCode.Ok : ExitCode.Failed;
    }

    private static async Task<SubmitResponse> UploadAsync(NodeConnection node, SubmitHeader header, string[] files, Terminal terminal, CancellationToken ct)
    {
        var moved = 0L;
        try
        {
            return await Transfer.ShowAsync(terminal, "Gửi / sending", async transfer =>
            {
                try
                {
                    return await DocumentUpload.SendAsync(node, header, files, ct, transfer);
                }
                finally
                {
                    moved = transfer.Moved;
                }
            });
        }
        catch (Exception e) when (moved > 0 && e is OperationCanceledException or RpcException { StatusCode: StatusCode.Unavailable or StatusCode.Cancelled })
        {
            terminal.Say($"Chạy lại với --request-id {header.RequestId} để gửi tiếp chỗ đang dở.", $"run again with --request-id {header.RequestId} to go on there");
            throw;
        }
    }

    private async Task RelateAsync(ParseResult parsed, NodeConnection node, SubmitHeader header, CancellationToken ct)
    {
        header.BusinessReason = parsed.GetValue(reason) ?? "";
        if (parsed.GetValue(update) is { } updated)
        {
            header.BusinessType = BusinessType.Update;
            header.Concerns.Add(await DocumentNames.EdxmlIdAsync(node, updated, ct));
        }

        foreach (var replaced in parsed.GetValue(replace) ?? [])
        {
            header.BusinessType = BusinessType.Replace;
            header.Concerns.Add(await DocumentNames.EdxmlIdAsync(node, replaced, ct));
        }

        foreach (var id in parsed.GetValue(answers) ?? [])
        {
            var asked = await node.Incoming.GetAsync(new GetIncomingRequest { IncomingId = id }, cancellationToken: ct);
            header.Document.RespondsTo.Add(new DocumentReference
            {
                OrganId = asked.From.OrganId, Code = Answers.Code(asked.Document), EdxmlDocumentId = asked.EdxmlDocumentId,
                PromulgationDate = asked.Document.PromulgationDate,
            });
        }
    }

    private static async Task<OutgoingDocument> DecidedAsync(NodeConnection node, string documentId, CancellationToken ct)
    {
        using var events = node.Outgoing.Watch(new WatchOutgoingRequest { DocumentId = documentId }, cancellationToken: ct);
        await foreach (var happened in events.ResponseStream.ReadAllAsync(ct))
        {
            if (happened.State is "Queued" or "Refused" or "Held") break;
        }
        return await node.Outgoing.GetAsync(new GetOutgoingRequest { DocumentId = documentId }, cancellationToken: ct);
    }

    private SubmitHeader Header(ParseResult parsed)
    {
        var header = new SubmitHeader
        {
            RequestId = parsed.GetValue(requestId) ?? Guid.NewGuid().ToString(),
            FromOrganId = parsed.GetValue(from) ?? "",
            Document = new DocumentHeader
            {
                Number = parsed.GetRequiredValue(number),
                Notation = parsed.GetRequiredValue(notation),
                TypeName = parsed.GetRequiredValue(type),
                Subject = parsed.GetRequiredValue(subject),
                PromulgationDate = parsed.GetValue(date) ?? VietnamTime.Now(TimeProvider.System).ToString("yyyy-MM-dd"),
                Place = parsed.GetValue(place) ?? "",
                SignerName = parsed.GetValue(signer) ?? "",
                SignerPosition = parsed.GetValue(position) ?? "",
                DueDate = parsed.GetValue(due) ?? "",
                Urgency = UrgencyOf(parsed.GetValue(urgency)),
            },
        };
        header.Recipients.AddRange(parsed.GetRequiredValue(to).SelectMany(t => t.Split(',')).Select(o => new Party { OrganId = o }));
        if (parsed.GetValue(rect) is { } text)
        {
            var r = Rectangle.Parse(text);
            header.Placement = new Placement { Page = parsed.GetValue(page) ?? 1, X = r.X, Y = r.Y, Width = r.Width, Height = r.Height };
        }
        return header;
    }

    private static Urgency UrgencyOf(string? word) => word switch
    {
        "khan" => Urgency.Urgent,
        "thuong-khan" => Urgency.VeryUrgent,
        "hoa-toc" => Urgency.Flash,
        _ => Urgency.Ordinary,
    };
}
