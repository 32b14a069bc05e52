using VanBanDienTu.Axis.Documents;
using VanBanDienTu.Axis.Organs;
using VanBanDienTu.Relay.Evidence;
using VanBanDienTu.Relay.Members;
using VanBanDienTu.Relay.Messages;

namespace VanBanDienTu.Relay.Outgoing;

/// <summary>What a submission must keep; every bad field is named at once.</summary>
internal static class SubmissionRules
{
    /// <exception cref="RelayException">InvalidField, OrganUnknown, OrganLocked, NotYourOrgan or SecretDocument; with every bad field.</exception>
    public static void Demand(Submission submission, LocalOrgan? sender, MemberDirectory directory, DateTimeOffset now)
    {
        if (sender is null)
        {
            throw new RelayException(
                RelayFault.NotYourOrgan, $"Nút này không gửi thay cho cơ quan «{submission.FromOrgan}».", $"This node does not send for organ «{submission.FromOrgan}».");
        }

        var (problems, unreachable) = (new List<FieldProblem>(), new List<(RelayFault Fault, FieldProblem Problem)>());
        CheckRequest(submission, sender, problems);
        CheckRecipients(submission, directory, now, problems, unreachable);
        CheckDocument(submission.Document, problems);
        CheckAttachments(submission.Attachments, problems);
        if (problems.Count == 0 && unreachable.Count > 0)
            throw RelayException.For([.. unreachable.Select(u => u.Problem)], unreachable[0].Fault);
        problems.AddRange(unreachable.Select(u => u.Problem));
        if (problems.Count > 0)
            throw RelayException.For(problems);
        var mark = submission.Document.Secrecy is { Length: > 0 } secrecy
            ? secrecy : Secrecy.OfSubject(submission.Document.Subject) ?? Secrecy.OfSubject(submission.Document.Content);
        if (mark is not null)
        {
            throw new RelayException(
                RelayFault.SecretDocument,
                $"Văn bản có dấu «{mark}»: văn bản bí mật nhà nước không được gửi qua trục liên thông.",
                $"The document is marked «{mark}»: state secrets must not travel here.");
        }
    }

    /// <summary>What «the same content» means: a digest of all fields and of the attachments' digests.</summary>
    public static string Digest(Submission s) => MessageDigest.Hex(CanonicalJson.Write(new List<object?>
    {
        s.FromOrgan, s.Recipients.Select(r => (object?)new List<object?> { r.Organ, r.Name ?? "" }).ToList(),
        new List<object?>
        {
            s.Document.Number, s.Document.Notation, s.Document.Place, Date(s.Document.PromulgationDate), s.Document.TypeName, s.Document.Subject,
            s.Document.Content ?? "", s.Document.SignerCompetence ?? "", s.Document.SignerPosition ?? "", s.Document.SignerName ?? "",
            Date(s.Document.DueDate), (int)s.Document.Urgency, s.Document.ToPlaces,
            s.Document.RespondsTo.Select(r => (object?)new List<object?> { r.Organ ?? "", r.Code ?? "", r.EdxmlDocumentId ?? "", Date(r.PromulgationDate) }).ToList(),
            s.Document.PageCount,
        },
        s.Attachments.Select(a => (object?)new List<object?> { a.Name, a.Payload!.Size, a.Payload.Sha256, a.ContentType, a.Description ?? "" }).ToList(),
        s.BusinessType.ToString(), s.BusinessReason, s.Concerns,
        s.Placement is null ? null : FormattableString.Invariant($"{s.Placement.Page} {s.Placement.X:R} {s.Placement.Y:R} {s.Placement.Width:R} {s.Placement.Height:R}"),
    }));

    /// <summary>
    /// edXML DocumentId: organ, date, number and notation. An update or a replacement under the number of what it speaks of still has an id of
    /// its own: then the beginning of the request's digest follows.
    /// </summary>
    public static string EdxmlIdOf(Submission submission, string digest)
    {
        var id = $"{submission.FromOrgan},{submission.Document.PromulgationDate:yyyy/MM/dd},{submission.Document.Code}";
        return submission.Concerns.Contains(id, StringComparer.Ordinal) ? $"{id},{digest[..8]}" : id;
    }

    private static void CheckRequest(Submission s, LocalOrgan sender, List<FieldProblem> problems)
    {
        Length(problems, "request_id", s.RequestId, 1, 100);
        if (sender.SigningKey is null)
            problems.Add(new("from_organ_id", $"cơ quan {sender.Organ} chưa có khóa ký tại nút này.", $"organ {sender.Organ} has no signing key at this node."));
        if (s.BusinessType == BusinessType.Recall)
            problems.Add(new("business_type", "việc lấy lại không gửi bằng văn bản mới: dùng lệnh lấy lại.", "a recall is not submitted: use Recall."));
        if (s.BusinessType is BusinessType.Update or BusinessType.Replace)
        {
            if (s.Concerns.Count == 0 || (s.BusinessType == BusinessType.Update && s.Concerns.Count > 1))
                problems.Add(new("concerns", "cập nhật cần đúng một, thay thế cần ít nhất một mã văn bản liên quan.", "an update needs exactly one, a replacement at least one document id."));
            if (s.Concerns.Count > 50)
                problems.Add(new("concerns", "tối đa 50 văn bản.", "at most 50 documents."));
            Length(problems, "business_reason", s.BusinessReason, 1, 1000);
        }

        if (s.Placement is { } p && (p.Page < 1 || !(p.Width > 0) || !(p.Height > 0)))
            problems.Add(new("placement", "trang từ 1, chiều rộng và cao phải lớn hơn 0.", "the page counts from 1, width and height must be positive."));
    }

    private static void CheckRecipients(
        Submission s, MemberDirectory directory, DateTimeOffset now, List<FieldProblem> problems, List<(RelayFault, FieldProblem)> unreachable)
    {
        if (s.Recipients.Count is 0 or > 500)
            problems.Add(new("recipients", $"cần 1 đến 500 nơi nhận, đang có {s.Recipients.Count}.", $"1 to 500 recipients are needed, there are {s.Recipients.Count}."));
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < s.Recipients.Count; i++)
        {
            var (field, organ) = ($"recipients[{i}].organ_id", s.Recipients[i].Organ);
            if (!OrganId.TryParse(organ, out _))
                problems.Add(new(field, $"mã định danh «{organ}» không hợp lệ.", $"«{organ}» is not an organ code."));
            else if (!seen.Add(organ))
                problems.Add(new(field, $"{organ} được ghi hai lần.", $"{organ} is named twice."));
            else if (directory.Route(organ, now) is RouteAnswer.None)
                unreachable.Add((RelayFault.OrganUnknown, new(field, $"không biết cơ quan {organ} và không có tuyến tới đó.", $"organ {organ} is not known and there is no route to it.")));
            else if (directory.Route(organ, now) is RouteAnswer.Locked)
                unreachable.Add((RelayFault.OrganLocked, new(field, $"cơ quan {organ} đang bị khóa hoặc hết hạn tham gia.", $"organ {organ} is locked or its membership is over.")));
            if (s.Recipients[i].Name is { Length: > 200 })
                problems.Add(new($"recipients[{i}].name", "tên dài quá 200 ký tự.", "the name is longer than 200 characters."));
        }
    }

    private static void CheckDocument(DocumentHeader d, List<FieldProblem> problems)
    {
        Length(problems, "document.number", d.Number, 1, 11);
        Length(problems, "document.notation", d.Notation, 1, 30);
        Length(problems, "document.place", d.Place, 0, 50);
        Length(problems, "document.type_name", d.TypeName, 1, 100);
        Length(problems, "document.subject", d.Subject, 1, 500);
        Length(problems, "document.content", d.Content ?? "", 0, 500);
        Length(problems, "document.signer_competence", d.SignerCompetence ?? "", 0, 100);
        Length(problems, "document.signer_position", d.SignerPosition ?? "", 0, 100);
        Length(problems, "document.signer_name", d.SignerName ?? "", 0, 50);
        if (d.PromulgationDate is null)
            problems.Add(new("document.promulgation_date", "thiếu ngày ban hành (yyyy-MM-dd).", "the date of issue is missing (yyyy-MM-dd)."));
        for (var i = 0; i < d.ToPlaces.Count; i++)
            Length(problems, $"document.to_places[{i}]", d.ToPlaces[i], 1, 150);
    }

    private static void CheckAttachments(IReadOnlyList<SubmittedAttachment> attachments, List<FieldProblem> problems)
    {
        if (attachments.Count is 0 or > 20)
            problems.Add(new("attachments", $"cần 1 đến 20 tệp, đang có {attachments.Count}.", $"1 to 20 files are needed, there are {attachments.Count}."));
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < attachments.Count; i++)
        {
            var (field, name) = ($"attachments[{i}].name", attachments[i].Name);
            Length(problems, field, name, 1, 250);
            if (name.AsSpan().IndexOfAny('/', '\\') >= 0 || name is "." or "..")
                problems.Add(new(field, $"«{name}» phải là tên tệp, không có đường dẫn.", $"«{name}» must be a file name without a path."));
            if (!seen.Add(name))
                problems.Add(new(field, $"«{name}» được ghi hai lần.", $"«{name}» is named twice."));
        }
    }

    private static void Length(List<FieldProblem> problems, string field, string text, int min, int max)
    {
        if (text.Length < min || (min > 0 && string.IsNullOrWhiteSpace(text)))
            problems.Add(new(field, "còn thiếu.", "is missing."));
        else if (text.Length > max)
            problems.Add(new(field, $"dài {text.Length} ký tự, tối đa {max}.", $"has {text.Length} characters, at most {max}."));
        else if (text.Any(char.IsControl) && text.Any(c => char.IsControl(c) && c is not ('\n' or '\r' or '\t')))
            problems.Add(new(field, "có ký tự điều khiển.", "contains a control character."));
    }

    private static string Date(DateOnly? date) => date?.ToString("yyyy-MM-dd") ?? "";
}
