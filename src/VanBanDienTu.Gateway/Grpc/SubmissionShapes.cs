using System.Globalization;
using VanBanDienTu.Relay;
using VanBanDienTu.Relay.Messages;
using VanBanDienTu.Relay.Outgoing;
using VanBanDienTu.Relay.Payloads;
using Proto = VanBanDienTu.Contracts.V1;

namespace VanBanDienTu.Gateway.Grpc;

/// <summary>A submission as a caller writes it, in the relay's words.</summary>
internal static class SubmissionShapes
{
    /// <param name="problems">Collects fields that cannot be read at all; what they may hold is the relay's to say.</param>
    public static Submission ToRelay(this Proto.SubmitHeader header, string fromOrgan, List<FieldProblem> problems) => new()
    {
        RequestId = header.RequestId,
        FromOrgan = fromOrgan,
        Recipients = [.. header.Recipients.Select(party => party.ToRelay())],
        Document = (header.Document ?? new Proto.DocumentHeader()).ToRelay(problems),
        Attachments = [.. header.Attachments.Select(a => new SubmittedAttachment(a.Name, null, a.ContentType, a.Description.NullWhenEmpty()))],
        BusinessType = (BusinessType)(int)header.BusinessType,
        BusinessReason = header.BusinessReason,
        Concerns = [.. header.Concerns],
        Placement = header.Placement is { } p ? new SignaturePlacement(p.Page, p.X, p.Y, p.Width, p.Height) : null,
    };

    /// <summary>As it is when the bytes are what the header announces; null when it does not announce them all.</summary>
    public static Submission? WithAnnounced(this Submission submission, Proto.SubmitHeader header) =>
        header.Attachments.All(a => a.Size > 0 && a.Sha256.Length > 0)
            ? submission.With([.. header.Attachments.Select(a => new PayloadRef(a.Sha256.ToLowerInvariant(), a.Size))]) : null;

    public static Submission With(this Submission submission, IReadOnlyList<PayloadRef> payloads) => submission with
    {
        Attachments = [.. submission.Attachments.Select((attachment, i) => attachment with { Payload = payloads[i] })],
    };

    public static Proto.DocumentHeader ToProto(this DocumentHeader document)
    {
        var wire = new Proto.DocumentHeader
        {
            Number = document.Number,
            Notation = document.Notation,
            Place = document.Place,
            PromulgationDate = Text(document.PromulgationDate),
            TypeName = document.TypeName,
            Subject = document.Subject,
            Content = document.Content ?? "",
            SignerCompetence = document.SignerCompetence ?? "",
            SignerPosition = document.SignerPosition ?? "",
            SignerName = document.SignerName ?? "",
            DueDate = Text(document.DueDate),
            Urgency = (Proto.Urgency)(int)document.Urgency,
            Secrecy = document.Secrecy ?? "",
            PageCount = document.PageCount,
        };
        wire.ToPlaces.Add(document.ToPlaces);
        wire.RespondsTo.Add(document.RespondsTo.Select(reference => new Proto.DocumentReference
        {
            OrganId = reference.Organ ?? "",
            Code = reference.Code ?? "",
            EdxmlDocumentId = reference.EdxmlDocumentId ?? "",
            PromulgationDate = Text(reference.PromulgationDate),
        }));
        return wire;
    }

    private static DocumentHeader ToRelay(this Proto.DocumentHeader document, List<FieldProblem> problems) => new()
    {
        Number = document.Number,
        Notation = document.Notation,
        Place = document.Place,
        PromulgationDate = Date(document.PromulgationDate, "document.promulgation_date", problems),
        TypeName = document.TypeName,
        Subject = document.Subject,
        Content = document.Content.NullWhenEmpty(),
        SignerCompetence = document.SignerCompetence.NullWhenEmpty(),
        SignerPosition = document.SignerPosition.NullWhenEmpty(),
        SignerName = document.SignerName.NullWhenEmpty(),
        DueDate = Date(document.DueDate, "document.due_date", problems),
        Urgency = Known(document.Urgency, problems),
        ToPlaces = [.. document.ToPlaces],
        RespondsTo = [.. document.RespondsTo.Select((reference, i) => new DocumentReference(
            reference.OrganId.NullWhenEmpty(), reference.Code.NullWhenEmpty(), reference.EdxmlDocumentId.NullWhenEmpty(),
            Date(reference.PromulgationDate, $"document.responds_to[{i}].promulgation_date", problems)))],
        Secrecy = document.Secrecy.NullWhenEmpty(),
        PageCount = document.PageCount,
    };

    private static DateOnly? Date(string text, string field, List<FieldProblem> problems)
    {
        if (text.Length == 0)
            return null;
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
            return date;
        problems.Add(new(field, "phải là ngày dạng yyyy-MM-dd, ví dụ 2026-11-22", "must be a date yyyy-MM-dd, for example 2026-11-22"));
        return null;
    }

    private static Urgency Known(Proto.Urgency urgency, List<FieldProblem> problems)
    {
        if (Enum.IsDefined(urgency))
            return (Urgency)(int)urgency;
        problems.Add(new("document.urgency", "phải từ 0 đến 3", "must be from 0 to 3"));
        return Urgency.Ordinary;
    }

    private static string Text(DateOnly? date) => date?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "";
}
