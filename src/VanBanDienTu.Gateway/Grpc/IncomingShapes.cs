using Google.Protobuf;
using VanBanDienTu.Relay.Incoming;
using Proto = VanBanDienTu.Contracts.V1;

namespace VanBanDienTu.Gateway.Grpc;

/// <summary>Incoming documents as the contract shows them.</summary>
internal static class IncomingShapes
{
    public static Proto.IncomingDocument ToProto(this IncomingDocument document)
    {
        var wire = new Proto.IncomingDocument
        {
            IncomingId = document.Id.ToString(),
            From = document.From.ToProto(),
            ToOrganId = document.Organ,
            EdxmlDocumentId = document.EdxmlDocumentId,
            Document = document.Document.ToProto(),
            ReceivedUnixMs = document.Received.ToUnixTimeMilliseconds(),
            Acceptance = document.Acceptance.ToString(),
            AcceptanceRule = document.Rule ?? "",
            AcceptanceReason = document.Reason?.ToText(),
            Confirmed = document.Confirmed is not null,
            Request = document.Request,
            RequestReason = document.RequestReason ?? "",
            BusinessType = (int)document.BusinessType,
            AskedByIncomingId = document.AskedBy?.ToString() ?? "",
        };
        wire.Concerns.Add(document.Concerns);
        wire.Deadlines.Add(document.Deadlines.Select(deadline => new Proto.Deadline
        {
            Kind = deadline.Kind.ToString(),
            DueUnixMs = deadline.Due.ToUnixTimeMilliseconds(),
            MetUnixMs = deadline.Met.ToUnixOrZero(),
            RaisedUnixMs = deadline.Raised.ToUnixOrZero(),
        }));
        wire.Responses.Add(document.Responses.Select(response => response.ToProto()));
        wire.Attachments.Add(document.Attachments.Select(attachment => attachment.ToProto()));
        wire.Verdicts.Add(document.Verdicts.Select(verdict => verdict.ToProto()));
        wire.Answers.Add(document.Answers.Select(answer => answer.ToProto()));
        return wire;
    }

    public static Proto.FetchHeader ToFetchHeader(this IncomingDocument document)
    {
        var header = new Proto.FetchHeader { Document = document.ToProto(), Envelope = UnsafeByteOperations.UnsafeWrap(document.Envelope) };
        header.Hops.Add(document.Hops.Select(hop => hop.ToProto()));
        return header;
    }
}
