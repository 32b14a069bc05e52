using Google.Protobuf;
using Spectre.Console;
using VanBanDienTu.Cli.Terminals;
using VanBanDienTu.Contracts.V1;
using LocalText = VanBanDienTu.Contracts.V1.Text;

namespace VanBanDienTu.Cli.Client;

/// <summary>Shows what a node answered: tables for people, the wire contract's own JSON for machines.</summary>
internal static class Answers
{
    private static readonly JsonFormatter Json = new(JsonFormatter.Settings.Default.WithFormatDefaultValues(true).WithIndentation());
    private static readonly JsonFormatter JsonLine = new(JsonFormatter.Settings.Default.WithFormatDefaultValues(true));

    public static void WriteJson(this Terminal terminal, IMessage message) => terminal.Out.WriteLine(Json.Format(message));

    public static void WriteJsonLine(this Terminal terminal, IMessage message) => terminal.Out.WriteLine(JsonLine.Format(message));

    public static string Code(DocumentHeader header) => $"{header.Number}/{header.Notation}";

    public static void ShowOutgoing(this Terminal terminal, IEnumerable<OutgoingDocument> documents)
    {
        var table = Columns("Mã / id", "Số, ký hiệu", "Trích yếu", "Nhận lúc", "Trạng thái", "Nơi nhận");
        foreach (var d in documents)
        {
            var places = string.Join("\n", d.Deliveries.Select(x => $"{x.Recipient.OrganId}: {StateWords.Vi(x.State)}"));
            table.AddRow(Cells(d.DocumentId, Code(d.Document), d.Document.Subject, VietnamTime.Text(d.ReceivedUnixMs), StateWords.Vi(d.State), places));
        }
        terminal.Table.Write(table);
    }

    public static void ShowOutgoing(this Terminal terminal, OutgoingDocument d)
    {
        terminal.Out.WriteLine($"{Code(d.Document)}  {d.Document.Subject}");
        terminal.Out.WriteLine($"mã / id: {d.DocumentId}   edXML: {d.EdxmlDocumentId}");
        terminal.Out.WriteLine($"trạng thái / state: {StateWords.Vi(d.State)} ({d.State}) {Reason(d.Reason, d.ReasonCode)}");
        terminal.ShowRelations(d.Document, StateWords.Business((int)d.BusinessType), d.Concerns, d.BusinessReason, d.Responses);
        if (d.NextAttemptUnixMs > 0)
            terminal.Out.WriteLine($"tự thử lại lúc / tried again at: {VietnamTime.Text(d.NextAttemptUnixMs)} (đã thử / tried {d.Attempts})");
        var table = Columns("Nơi nhận", "Trạng thái", "Lúc", "Đề nghị", "Lần gửi", "Ghi chú");
        foreach (var x in d.Deliveries)
        {
            var note = string.Join("\n", new[] { Reason(x.Reason, ""), x.LastError, Next(x) }.Where(s => s.Length > 0));
            table.AddRow(Cells(
                $"{x.Recipient.OrganId} {x.Recipient.Name}", $"{StateWords.Vi(x.State)} ({x.State})", VietnamTime.Text(x.ChangedUnixMs),
                StateWords.Request(x.Request), x.Attempts.ToString(), note));
            foreach (var s in x.History)
            {
                var flag = s.Contradicts ? " (trái với trạng thái trước)" : "";
                table.AddRow(Cells("", $"  {s.Code} {StateWords.Status(s.Code)}{flag}", VietnamTime.Text(s.TimeUnixMs), "", "", s.Description));
            }
        }
        terminal.Table.Write(table);
    }

    public static void ShowIncoming(this Terminal terminal, IEnumerable<IncomingDocument> documents)
    {
        var table = Columns("Mã / id", "Số, ký hiệu", "Từ", "Trích yếu", "Đến lúc", "Kiểm tra", "Chữ ký", "Đã trả lời");
        foreach (var d in documents)
        {
            table.AddRow(Cells(
                d.IncomingId, Code(d.Document), $"{d.From.OrganId} {d.From.Name}", d.Document.Subject, VietnamTime.Text(d.ReceivedUnixMs),
                $"{StateWords.Vi(d.Acceptance)}{(d.Request.Length > 0 ? "\n" + StateWords.Request(d.Request) : "")}",
                string.Join("\n", d.Verdicts.Select(v => v.Verdict)), string.Join(" ", d.Answers.Select(a => a.Code)) + string.Concat(d.Deadlines.Where(StateWords.Overdue).Select(x => $"\nQUÁ HẠN {StateWords.Deadline(x)}"))));
        }
        terminal.Table.Write(table);
    }

    public static void ShowIncoming(this Terminal terminal, IncomingDocument d)
    {
        terminal.Out.WriteLine($"{Code(d.Document)}  {d.Document.Subject}");
        terminal.Out.WriteLine($"từ / from: {d.From.OrganId} {d.From.Name}   mã / id: {d.IncomingId}   edXML: {d.EdxmlDocumentId}");
        terminal.Out.WriteLine($"kiểm tra / acceptance: {StateWords.Vi(d.Acceptance)} ({d.Acceptance}, {d.AcceptanceRule}) {Reason(d.AcceptanceReason, "")}");
        terminal.ShowRelations(d.Document, StateWords.Business(d.BusinessType), d.Concerns, d.RequestReason, d.Responses);
        var by = d.AskedByIncomingId.Length > 0 ? $" (bởi văn bản / by document {d.AskedByIncomingId})" : "";
        if (d.Request.Length > 0) terminal.Out.WriteLine($"đề nghị / request: {StateWords.Request(d.Request)}{by}: {d.RequestReason}");
        foreach (var verdict in d.Verdicts)
        {
            terminal.Out.WriteLine($"{verdict.File}: {verdict.Verdict}");
            foreach (var s in verdict.Signatures) terminal.Out.WriteLine($"  {s.Field}: {s.Indication}; {s.Signer?.Name}; {s.Text?.Vi}");
        }
        foreach (var x in d.Deadlines)
        {
            var how = x.MetUnixMs > 0 ? $"xong / met {VietnamTime.Text(x.MetUnixMs)}" : StateWords.Overdue(x) ? "QUÁ HẠN / overdue" : "";
            terminal.Out.WriteLine($"hạn / deadline: {StateWords.Deadline(x)}  {how}");
        }
        foreach (var a in d.Answers) terminal.Out.WriteLine($"{VietnamTime.Text(a.TimeUnixMs)}  {a.Code} {StateWords.Status(a.Code)} {a.Description}");
    }

    /// <summary>What a document answers, changes and is answered by, and until when it wants an answer.</summary>
    private static void ShowRelations(
        this Terminal terminal, DocumentHeader header, string business, IEnumerable<string> concerns, string reason, IEnumerable<ResponseLink> responses)
    {
        if (header.DueDate.Length > 0) terminal.Out.WriteLine($"hạn trả lời / due: {header.DueDate}");
        if (business.Length > 0) terminal.Out.WriteLine($"{business}: {string.Join("; ", concerns)} ({reason})");
        foreach (var r in header.RespondsTo)
            terminal.Out.WriteLine($"trả lời văn bản / answers: {r.OrganId} {r.Code} {r.PromulgationDate}");
        foreach (var r in responses)
            terminal.Out.WriteLine($"được trả lời bởi / answered by: {r.From.OrganId} {r.Code} lúc {VietnamTime.Text(r.TimeUnixMs)} ({r.Id})");
    }

    private static string Next(Delivery delivery) =>
        delivery.State == "Queued" && delivery.NextAttemptUnixMs > 0 && delivery.Attempts > 0
            ? $"gửi lại lúc {VietnamTime.Text(delivery.NextAttemptUnixMs)}"
            : "";

    private static string Reason(LocalText? reason, string code) =>
        reason is { Vi.Length: > 0 } ? code.Length > 0 ? $"{reason.Vi} [{code}]" : reason.Vi : "";

    private static Table Columns(params string[] names)
    {
        var table = new Table { Border = TableBorder.Minimal };
        foreach (var name in names) table.AddColumn(new TableColumn(Markup.Escape(name)));
        return table;
    }

    private static Markup[] Cells(params string[] cells) => [.. cells.Select(c => new Markup(Markup.Escape(c)))];
}
