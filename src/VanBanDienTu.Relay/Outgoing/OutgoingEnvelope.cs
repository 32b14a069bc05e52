using VanBanDienTu.Axis.Documents;
using VanBanDienTu.Axis.Edxml;
using VanBanDienTu.Axis.Organs;
using VanBanDienTu.Relay.Messages;

namespace VanBanDienTu.Relay.Outgoing;

/// <summary>Writes the edXML envelope of a document: once, the same for every recipient.</summary>
internal static class OutgoingEnvelope
{
    /// <exception cref="Axis.AxisException">The header cannot be written as edXML.</exception>
    public static byte[] Write(string edxmlId, Submission submission, LocalOrgan sender, IReadOnlyList<Attachment> attachments)
    {
        var header = submission.Document;
        return EdxmlWriter.WriteEnvelope(new EdxmlDocument
        {
            From = new EdxmlOrgan { OrganId = OrganId.Parse(sender.Organ), Name = sender.Name },
            To = [.. submission.Recipients.Select(r => new EdxmlOrgan { OrganId = OrganId.Parse(r.Organ), Name = r.Name ?? r.Organ })],
            DocumentId = edxmlId,
            Code = new EdxmlCode(header.Number, header.Notation),
            Promulgation = new PromulgationInfo(Text(header.Place), header.PromulgationDate!.Value),
            DocumentType = new EdxmlDocumentType(null, null, header.TypeName),
            Subject = header.Subject,
            Content = Text(header.Content) ?? header.Subject,
            Signer = new SignerInfo(Text(header.SignerCompetence), Text(header.SignerPosition), Text(header.SignerName)),
            DueDate = header.DueDate,
            Other = new OtherInfo
            {
                Priority = ((Axis.Documents.Urgency)(int)header.Urgency).Priority(),
                PageAmount = header.PageCount > 0 ? header.PageCount : null,
            },
            ResponseFor = [.. header.RespondsTo.Select(r => new ResponseFor(
                OrganId.TryParse(r.Organ, out var organ) ? organ : null, Text(r.Code), Text(r.EdxmlDocumentId), r.PromulgationDate))],
            ToPlaces = header.ToPlaces,
            Bussiness = Bussiness(submission),
            References = [.. attachments.Select(Reference)],
        });
    }

    private static Bussiness Bussiness(Submission submission) => new()
    {
        Type = (BussinessType)(int)submission.BusinessType,
        Reason = Text(submission.BusinessReason),
        Paper = false,
        DocumentId = submission.BusinessType == BusinessType.Update ? submission.Concerns[0] : null,
        Replacements = submission.BusinessType == BusinessType.Replace
            ? [.. submission.Concerns.Select(id => new ReplacementInfo(id, [.. submission.Recipients.Select(r => OrganId.Parse(r.Organ))]))] : [],
    };

    // The content id names the bytes, so that packing twice gives the same packet.
    private static EdxmlReference Reference(Attachment attachment, int index) => new(
        $"{index + 1}-{attachment.Payload.Sha256[..32]}", AttachmentEncoding.ContentTypeOf(attachment.Name), Text(attachment.Description), attachment.Name);

    private static string? Text(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
