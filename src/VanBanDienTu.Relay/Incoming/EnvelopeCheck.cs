using VanBanDienTu.Axis.Edxml;
using VanBanDienTu.Relay.Messages;

namespace VanBanDienTu.Relay.Incoming;

/// <summary>Whether the edXML inside a message can be read and says the same as the message around it. Asked only where the message ends.</summary>
internal static class EnvelopeCheck
{
    /// <summary>What was read, or why the message must be refused.</summary>
    public static (EdxmlReading? Reading, Reason? Problem) Read(MessageHeader message)
    {
        var reading = EdxmlReader.ReadEnvelope(message.Envelope);
        if (reading.HasErrors)
        {
            var errors = reading.Problems.Where(p => p.IsError).Take(5).ToList();
            return (null, Reasons.EnvelopeInvalid(string.Join(" ", errors.Select(e => e.Vi)), string.Join(" ", errors.Select(e => e.En))));
        }

        var problem = message.Kind == MessageKind.Status ? Status(message, reading) : Document(message, reading);
        return problem is null ? (reading, null) : (null, problem);
    }

    private static Reason? Document(MessageHeader message, EdxmlReading reading)
    {
        if (reading.Document is not { } document)
            return Differs("loại gói tin", "kind");
        if (document.From.OrganId.Text != message.From.Organ)
            return Differs("nơi gửi", "sender");
        if (document.DocumentId != message.EdxmlDocumentId)
            return Differs("DocumentId", "DocumentId");
        if (!document.To.Any(to => to.OrganId.Text == message.To.Organ))
            return Differs("nơi nhận", "recipient");
        return document.References.Count == message.Attachments.Count ? null : Differs("số tệp đính kèm", "number of attachments");
    }

    private static Reason? Status(MessageHeader message, EdxmlReading reading)
    {
        if (reading.Status is not { } status)
            return Differs("loại gói tin", "kind");
        return status.From.OrganId.Text == message.From.Organ ? null : Differs("cơ quan báo trạng thái", "reporting organ");
    }

    private static Reason Differs(string vi, string en) => Reasons.EnvelopeInvalid(
        $"Gói edXML không khớp với thông điệp mang nó ({vi}).", $"The edXML does not agree with the message that carries it ({en}).");
}
