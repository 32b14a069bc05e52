using VanBanDienTu.Axis.Documents;
using VanBanDienTu.Axis.Edxml;

namespace VanBanDienTu.Cli.Commands.Edxml;

/// <summary>Packets for people: one field a line.</summary>
internal static class EdxmlText
{
    private const int NameWidth = 26;

    public static void Write(TextWriter output, SeenPacket seen, bool full)
    {
        var packet = seen.Packet;
        var warnings = packet.Problems.Count(p => !p.IsError);
        var verdict = packet.HasErrors
            ? $"{packet.Problems.Count - warnings} lỗi / errors, {warnings} cảnh báo / warnings"
            : warnings > 0 ? $"dùng được / usable, {warnings} cảnh báo / warnings" : "đạt / ok";
        output.WriteLine($"{seen.File}: {verdict}");
        if (full && packet.Reading.Document is { } document)
            Write(output, document, packet.Attachments);
        if (full && packet.Reading.Status is { } status)
            Write(output, status);
        foreach (var problem in packet.Problems)
            WriteProblem(output, problem);
    }

    private static void Write(TextWriter output, EdxmlDocument document, IReadOnlyList<UnpackedAttachment> attachments)
    {
        Field(output, "Số, ký hiệu / number", document.Code.ToString());
        Field(output, "Loại / type", document.DocumentType?.TypeName);
        Field(output, "Trích yếu / subject", document.Subject);
        Field(output, "Ban hành / issued", $"{document.Promulgation.Place} {document.Promulgation.Date:yyyy-MM-dd}");
        Field(output, "Người ký / signer", Joined(document.Signer?.Competence, document.Signer?.Position, document.Signer?.FullName));
        Field(output, "Hạn trả lời / due", document.DueDate?.ToString("yyyy-MM-dd"));
        Field(output, "Độ khẩn / urgency", document.Other?.Priority is { } priority ? $"{Urgencies.FromPriority(priority).Vi()} ({priority})" : null);
        Field(output, "Mã văn bản / id", document.DocumentId);
        Field(output, "Từ / from", Organ(document.From));
        foreach (var to in document.To)
            Field(output, "Đến / to", Organ(to));
        foreach (var answered in document.ResponseFor)
            Field(output, "Trả lời / answers", About(answered));
        Field(output, "Nghiệp vụ / business", Joined(Kind(document.Kind), document.Bussiness?.DocumentId, document.Bussiness?.Reason));
        foreach (var replaced in document.Bussiness?.Replacements ?? [])
            Field(output, "Thay thế / replaces", Joined(replaced.DocumentId, string.Join(", ", replaced.OrganIds)));
        foreach (var hop in document.Trace)
            Field(output, "Chặng / hop", $"{hop.OrganId?.Text ?? "?"} {hop.Timestamp:yyyy-MM-dd HH:mm:ss}");
        foreach (var file in attachments)
        {
            Field(output, "Tệp / file", $"{file.Name ?? file.ContentId} ({file.Size} byte{(file.WasZipped ? ", zip" : "")})");
            Field(output, "", $"sha256 {file.Sha256}");
        }
    }

    private static void Write(TextWriter output, EdxmlStatus status)
    {
        Field(output, "Trạng thái / status", $"{status.StatusCode.Code()} {status.StatusCode.Vi()} / {status.StatusCode.En()}");
        Field(output, "Từ / from", Organ(status.From));
        Field(output, "Về / about", About(status.ResponseFor));
        Field(output, "Nội dung / description", status.Description);
        Field(output, "Lúc / at", status.Timestamp?.ToString("yyyy-MM-dd HH:mm:ss"));
        Field(output, "Cán bộ / staff", Joined(status.Staff?.Staff, status.Staff?.Department));
    }

    private static void WriteProblem(TextWriter output, EdxmlProblem problem)
    {
        var place = problem.Line is { } line ? $" ({line}:{problem.Column})" : "";
        output.WriteLine($"  {(problem.IsError ? "LỖI " : "chú ý")} {Plain(problem.Code)}{place}");
        output.WriteLine($"       {Plain(problem.Vi)}");
        output.WriteLine($"       {Plain(problem.En)}");
    }

    private static void Field(TextWriter output, string name, string? value)
    {
        if (!string.IsNullOrWhiteSpace(value))
            output.WriteLine($"  {name.PadRight(NameWidth)}{Plain(value)}");
    }

    private static string Organ(EdxmlOrgan organ) => Joined(organ.OrganId.Text, organ.Name)!;

    private static string? About(ResponseFor about) => Joined(about.OrganId?.Text, about.Code, about.DocumentId, about.PromulgationDate?.ToString("yyyy-MM-dd"));

    private static string? Joined(params string?[] parts) =>
        string.Join(" · ", parts.Where(p => !string.IsNullOrWhiteSpace(p))) is { Length: > 0 } text ? text : null;

    private static string Kind(BussinessType type) => type switch
    {
        BussinessType.Recall => "thu hồi / recall",
        BussinessType.Update => "cập nhật / update",
        BussinessType.Replace => "thay thế / replacement",
        _ => "mới / new",
    };

    // A stranger's text must not steer the terminal.
    private static string Plain(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
}
