using System.Text;
using Google.Protobuf;
using VanBanDienTu.Contracts.V1;

namespace VanBanDienTu.IntegrationTests.Gateway.Isolation;

/// <summary>One way to use an id in a call.</summary>
/// <param name="What">An id that opens this for the caller may be answered; any other must look as if it never was.</param>
internal sealed record Attempt(string Method, Opens What, params IMessage[] Requests);

/// <summary>Every RPC with an id in every place where one fits. A new RPC needs a row here, else the test of the table is red.</summary>
internal static class IsolationRows
{
    private static readonly byte[] Junk = "%PDF-1.7 hardly"u8.ToArray();

    public static readonly IReadOnlyDictionary<string, Func<Asker, string, IEnumerable<Attempt>>> Table =
        new Dictionary<string, Func<Asker, string, IEnumerable<Attempt>>>(StringComparer.Ordinal)
        {
            ["OutgoingService.Submit"] = (me, id) =>
            [
                Submit(me, id, header => header.RequestId = id.Length <= 100 ? id : id[..100]),
                Submit(me, id, header => header.Attachments[0].Sha256 = id.Length == 64 ? id : ""),
                Submit(me, id, header => (header.BusinessType, header.BusinessReason) = (BusinessType.Update, "x"), id),
                Submit(me, id, header => (header.BusinessType, header.BusinessReason) = (BusinessType.Replace, "x"), id),
                Submit(me, id, header => header.Document.RespondsTo.Add(new DocumentReference { EdxmlDocumentId = id, Code = id })),
            ],
            ["OutgoingService.GetUpload"] = (_, id) => [new("", Opens.Nothing, Upload(id))],
            ["OutgoingService.Get"] = (_, id) => [new("", Opens.Document, new GetOutgoingRequest { DocumentId = id })],
            ["OutgoingService.List"] = (_, id) =>
                [new("", Opens.Nothing, new ListOutgoingRequest { Code = id }), new("", Opens.Nothing, new ListOutgoingRequest { PageToken = id })],
            ["OutgoingService.Watch"] = (_, id) => [new("", Opens.Document, new WatchOutgoingRequest { DocumentId = id })],
            ["OutgoingService.Recall"] = (_, id) => [new("", Opens.Document, new RecallRequest { DocumentId = id, Reason = "x" })],
            ["OutgoingService.Requeue"] = (me, id) =>
            [
                new("", Opens.Document, new RequeueRequest { DocumentId = id }),
                new("", Opens.Nothing, new RequeueRequest { DocumentId = me.Document, MessageIds = { id } }),
            ],
            ["IncomingService.List"] = (_, id) =>
                [new("", Opens.Nothing, new ListIncomingRequest { Code = id }), new("", Opens.Nothing, new ListIncomingRequest { PageToken = id })],
            ["IncomingService.Get"] = (_, id) => [new("", Opens.Incoming, new GetIncomingRequest { IncomingId = id })],
            ["IncomingService.Watch"] = (_, _) => [new("", Opens.Nothing, new WatchIncomingRequest())],
            ["IncomingService.Fetch"] = (_, id) => [new("", Opens.Incoming, new FetchRequest { IncomingId = id })],
            ["IncomingService.ConfirmFetch"] = (_, id) =>
            [
                new("", Opens.Incoming, new ConfirmFetchRequest { IncomingId = id }),
                new("", Opens.Incoming, new ConfirmFetchRequest { IncomingId = id, Sha256 = new string('0', 64) }),
            ],
            ["IncomingService.Answer"] = (me, id) =>
            [
                .. new[] { "02", "03", "06", "15", "16", "13", "99" }.Select(code => new Attempt(
                    "", Opens.Incoming, new AnswerRequest { IncomingId = id, RequestId = Guid.NewGuid().ToString(), Code = code, Description = "x" })),
                new("", Opens.Nothing, new AnswerRequest { IncomingId = me.Incoming, RequestId = id, Code = "99", Description = "x" }),
            ],
            ["SigningService.Sign"] = (_, id) => [new("", Opens.Nothing, new SignRequest { Header = new SignHeader { Name = id } }, new SignRequest { Data = Bytes(Junk) })],
            ["SigningService.SignBatch"] = (_, id) =>
            [
                new("", Opens.Nothing, new SignBatchRequest { Header = new SignBatchHeader { Id = id, Sign = new SignHeader { Name = id } } },
                    new SignBatchRequest { Data = Bytes(Junk) }),
            ],
            ["SigningService.PrepareSignature"] = (_, id) =>
                [new("", Opens.Nothing, new PrepareSignatureRequest { Header = new PrepareSignatureHeader { Name = id } }, new PrepareSignatureRequest { Data = Bytes(Junk) })],
            ["SigningService.CompleteSignature"] = (_, id) =>
                [new("", Opens.Nothing, new CompleteSignatureRequest { Header = new CompleteSignatureHeader { Name = "x", State = ByteString.CopyFrom(id, Encoding.UTF8) } })],
            ["VerificationService.Verify"] = (_, id) =>
            [
                new("", Opens.Nothing, new VerifyRequest { Name = id, Data = Bytes(Junk) }),
                new("", Opens.Report, new VerifyRequest { AsReport = id, Data = Bytes(Junk) }),
            ],
            ["VerificationService.VerifyBatch"] = (_, id) =>
                [new("", Opens.Nothing, new VerifyBatchRequest { File = new BatchFile { Name = id } }, new VerifyBatchRequest { Data = Bytes(Junk) })],
            ["VerificationService.GetReport"] = (_, id) => [new("", Opens.Report, new GetReportRequest { ReportId = id })],
            ["VerificationService.GetReportEvidence"] = (me, id) =>
            [
                new("", Opens.Report, new GetReportEvidenceRequest { ReportId = id, Sha256 = new string('0', 64) }),
                new("", Opens.Nothing, new GetReportEvidenceRequest { ReportId = me.Report, Sha256 = id }),
            ],
            ["AuditService.GetEvidence"] = (_, id) =>
            [
                new("", Opens.Document, new GetEvidenceRequest { DocumentId = id }),
                new("", Opens.Message, new GetEvidenceRequest { MessageId = id }),
                new("", Opens.Nothing, new GetEvidenceRequest { AfterSequence = 0 }),
            ],
            ["AuditService.GetBundle"] = (_, id) =>
                [new("", Opens.Document, new GetBundleRequest { DocumentId = id }), new("", Opens.Message, new GetBundleRequest { MessageId = id })],
            ["AuditService.GetFigures"] = (me, id) =>
            [
                new("", Opens.Nothing, new GetFiguresRequest { FromDate = "2026-01-01", ToDate = "2026-12-31", OrganId = id }),
                new("", Opens.Nothing, new GetFiguresRequest { FromDate = id, ToDate = id, OrganId = me.Organ }),
            ],
            ["AxisLinkService.Deliver"] = (me, id) =>
            [
                new("", Opens.Nothing, new DeliverRequest
                {
                    Header = new MessageHeader
                    {
                        MessageId = id, ConcernsMessageId = id, EdxmlDocumentId = id, Kind = MessageKind.Status,
                        From = new Party { OrganId = me.Organ }, To = new Party { OrganId = "G22" },
                    },
                }),
            ],
            ["AxisLinkService.GetUpload"] = (_, id) => [new("", Opens.Nothing, Upload(id))],
            ["AxisLinkService.ListExchanged"] = (_, id) => [new("", Opens.Nothing, new ListExchangedRequest { Page = id })],
            ["AxisLinkService.FetchExchanged"] = (_, id) => [new("", Opens.Nothing, new FetchExchangedRequest { MessageId = id })],
            ["AxisLinkService.Hello"] = (_, id) => [new("", Opens.Nothing, new HelloRequest { Node = id })],
            ["DirectoryService.ListUnits"] = (_, _) => [new("", Opens.Nothing, new ListUnitsRequest())],
            ["DirectoryService.GetUnit"] = (_, id) => [new("", Opens.Nothing, new GetUnitRequest { Code = id })],
            ["OperationsService.GetStatus"] = (_, _) => [new("", Opens.Nothing, new GetStatusRequest())],
            ["OperationsService.ListQuarantine"] = (_, _) => [new("", Opens.Nothing, new ListQuarantineRequest())],
            ["OperationsService.GetReconciliation"] = (_, _) => [new("", Opens.Nothing, new GetReconciliationRequest())],
            ["OperationsService.AcceptDifference"] = (_, id) => [new("", Opens.Nothing, new AcceptDifferenceRequest { Link = id })],
        };

    /// <summary>A file that is empty on arrival: all checks of the header, and nothing is kept.</summary>
    private static Attempt Submit(Asker me, string id, Action<SubmitHeader> bend, string? concerns = null)
    {
        var header = UnitClient.Slip(Guid.NewGuid().ToString(), me.Organ);
        header.Document.Number = "1";
        bend(header);
        if (concerns is not null)
            header.Concerns.Add(concerns);
        return new("", Opens.Nothing, new SubmitRequest { Header = header });
    }

    private static GetUploadRequest Upload(string id) => new()
    {
        Id = id, Attachments = { new Attachment { Name = "x", Sha256 = id.Length == 64 ? id : new string('0', 64), Size = 5 << 20 } },
    };

    private static ByteString Bytes(byte[] bytes) => ByteString.CopyFrom(bytes);
}

/// <summary>Who asks, and something of its own to ask with.</summary>
internal sealed record Asker(string Organ, string Document, string Incoming, string Report);
