using VanBanDienTu.Relay.Outgoing;
using Proto = VanBanDienTu.Contracts.V1;

namespace VanBanDienTu.Gateway.Grpc;

/// <summary>Outgoing documents as the contract shows them.</summary>
internal static class OutgoingShapes
{
    public static Proto.SubmitResponse ToProto(this SubmissionReceipt receipt) => new()
    {
        DocumentId = receipt.DocumentId.ToString(),
        EdxmlDocumentId = receipt.EdxmlDocumentId,
        RequestDigest = receipt.RequestDigest,
        ReceivedUnixMs = receipt.Received.ToUnixTimeMilliseconds(),
    };

    public static Proto.OutgoingDocument ToProto(this OutgoingDocument document)
    {
        var wire = new Proto.OutgoingDocument
        {
            DocumentId = document.Id.ToString(),
            EdxmlDocumentId = document.EdxmlDocumentId,
            RequestId = document.Submission.RequestId,
            FromOrganId = document.Submission.FromOrgan,
            Document = document.Submission.Document.ToProto(),
            State = document.State.ToString(),
            Reason = document.Reason?.ToText(),
            ReasonCode = document.Reason?.Code ?? "",
            ReceivedUnixMs = document.Received.ToUnixTimeMilliseconds(),
            ChangedUnixMs = document.Changed.ToUnixTimeMilliseconds(),
            Outcome = document.Outcome?.ToProto(),
            NextAttemptUnixMs = document.NextAttempt.ToUnixOrZero(),
            Attempts = document.Attempts,
            BusinessType = (Proto.BusinessType)(int)document.Submission.BusinessType,
            BusinessReason = document.Submission.BusinessReason,
        };
        wire.Concerns.Add(document.Submission.Concerns);
        wire.Responses.Add(document.Responses.Select(response => response.ToProto()));
        wire.Attachments.Add(document.Attachments.Select(attachment => attachment.ToProto()));
        wire.Deliveries.Add(document.Deliveries.Select(delivery => delivery.ToProto()));
        return wire;
    }

    public static Proto.Delivery ToProto(this DeliveryView delivery)
    {
        var wire = new Proto.Delivery
        {
            MessageId = delivery.MessageId.ToString(),
            Recipient = delivery.Recipient.ToProto(),
            State = delivery.State.ToString(),
            Request = delivery.Request,
            By = delivery.By ?? "",
            Reason = delivery.Reason?.ToText(),
            Attempts = delivery.Attempts,
            NextAttemptUnixMs = delivery.NextAttempt.ToUnixOrZero(),
            LastError = delivery.LastError ?? "",
            ChangedUnixMs = delivery.Changed.ToUnixTimeMilliseconds(),
            AskedByMessageId = delivery.AskedBy?.ToString() ?? "",
        };
        wire.History.Add(delivery.History.Select(entry => entry.ToProto()));
        return wire;
    }

    public static Proto.StatusEntry ToProto(this StatusEntry entry) => new()
    {
        Code = entry.Code,
        Description = entry.Description ?? "",
        TimeUnixMs = entry.Time.ToUnixTimeMilliseconds(),
        OrganId = entry.Organ,
        Contradicts = entry.Contradicts,
    };

    public static Proto.OutgoingEvent ToProto(this OutgoingEvent change) => new()
    {
        Sequence = change.Sequence,
        TimeUnixMs = change.Time.ToUnixTimeMilliseconds(),
        DocumentId = change.DocumentId.ToString(),
        MessageId = change.MessageId?.ToString() ?? "",
        Recipient = change.Recipient?.ToProto(),
        PreviousState = change.PreviousState,
        State = change.State,
        Request = change.Request,
        Reason = change.Reason?.ToText(),
        Code = change.Code,
    };
}
