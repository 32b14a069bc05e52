// The shape that the gateway builds on; bodies follow one by one in their own files.
using VanBanDienTu.Relay.Evidence;
using VanBanDienTu.Relay.Incoming;
using VanBanDienTu.Relay.Members;
using VanBanDienTu.Relay.Messages;
using VanBanDienTu.Relay.Outgoing;
using VanBanDienTu.Relay.Payloads;

namespace VanBanDienTu.Relay
{
    public sealed class RelayNode : IAsyncDisposable
    {
        public static Task<RelayNode> OpenAsync(RelayOptions options, RelayParts parts, CancellationToken ct) => throw new NotSupportedException();

        public SubmitDocument Submit => throw new NotSupportedException();

        public PayloadStore Payloads => throw new NotSupportedException();

        public OutgoingDocuments Outgoing => throw new NotSupportedException();

        public RecallDocument Recall => throw new NotSupportedException();

        public AcceptMessage Accept => throw new NotSupportedException();

        public IncomingDocuments Incoming => throw new NotSupportedException();

        public ConfirmHandover Handover => throw new NotSupportedException();

        public AnswerDocument Answer => throw new NotSupportedException();

        public EvidenceLog Evidence => throw new NotSupportedException();

        public NodeHealth Health => throw new NotSupportedException();

        public MemberDirectory Directory => throw new NotSupportedException();

        /// <summary>All workers, until cancelled.</summary>
        public Task RunAsync(CancellationToken ct) => throw new NotSupportedException();

        /// <summary>Replaces the member directory while running.</summary>
        public void Use(MemberDirectory directory) => throw new NotSupportedException();

        public ValueTask DisposeAsync() => throw new NotSupportedException();
    }

    public sealed class NodeHealth
    {
        public Task<HealthReport> ReportAsync(CancellationToken ct) => throw new NotSupportedException();

        public Task<IReadOnlyList<QuarantinedMessage>> QuarantineAsync(int atMost, CancellationToken ct) => throw new NotSupportedException();
    }
}

namespace VanBanDienTu.Relay.Outgoing
{
    public sealed class SubmitDocument
    {
        /// <summary>Checks all that can be checked before the bytes come (fields, recipients, room on the disk).</summary>
        public void Check(Submission submission) => throw new NotSupportedException();

        /// <summary>Attachments must have their payloads by now.</summary>
        public Task<SubmissionReceipt> RunAsync(Submission submission, CancellationToken ct) => throw new NotSupportedException();
    }

    public sealed class OutgoingDocuments
    {
        public Task<OutgoingDocument> GetAsync(string organ, Guid documentId, CancellationToken ct) => throw new NotSupportedException();

        /// <summary>Newest first.</summary>
        public Task<Page<OutgoingDocument>> ListAsync(string organ, int size, string? next, string? code, DocumentState? state, CancellationToken ct) => throw new NotSupportedException();

        /// <summary>Empty messageIds = every failed delivery of the document.</summary>
        public Task<IReadOnlyList<DeliveryView>> RequeueAsync(string organ, Guid documentId, IReadOnlyList<Guid> messageIds, CancellationToken ct) => throw new NotSupportedException();

        /// <summary>afterSequence -1 = only what comes from now on.</summary>
        public IAsyncEnumerable<OutgoingEvent> WatchAsync(string organ, long afterSequence, Guid? documentId, CancellationToken ct) => throw new NotSupportedException();
    }

    public sealed class RecallDocument
    {
        /// <summary>Empty recipients = all.</summary>
        public Task<IReadOnlyList<DeliveryView>> RunAsync(string organ, Guid documentId, IReadOnlyList<string> recipients, string reason, CancellationToken ct) => throw new NotSupportedException();
    }
}

namespace VanBanDienTu.Relay.Incoming
{
    public sealed class AcceptMessage
    {
        /// <summary>Answers from the header alone where that can be (known message, no route …), else opens an intake for the bytes.</summary>
        public Task<IntakeStart> BeginAsync(MessageHeader header, string immutableDigest, PeerNode peer, CancellationToken ct) => throw new NotSupportedException();
    }

    /// <summary>Exactly one of the two is set.</summary>
    public sealed record IntakeStart(AcceptAnswer? Answer, Intake? Intake);

    public sealed class Intake
    {
        /// <summary>Payloads in the order of the header's attachments; their digests must be those of the header.</summary>
        public Task<AcceptAnswer> CompleteAsync(IReadOnlyList<PayloadRef> payloads, CancellationToken ct) => throw new NotSupportedException();
    }

    public sealed class IncomingDocuments
    {
        public Task<IncomingDocument> GetAsync(string organ, Guid id, CancellationToken ct) => throw new NotSupportedException();

        /// <summary>Oldest first.</summary>
        public Task<Page<IncomingDocument>> ListAsync(string organ, int size, string? next, bool unconfirmedOnly, string? code, CancellationToken ct) => throw new NotSupportedException();

        /// <summary>Begins with all that is not confirmed, then every new document, decision and request.</summary>
        public IAsyncEnumerable<IncomingDocument> WatchAsync(string organ, CancellationToken ct) => throw new NotSupportedException();
    }

    public sealed class ConfirmHandover
    {
        /// <summary>sha256: of the first attachment as the caller stored it.</summary>
        public Task<Handover> RunAsync(string organ, Guid incomingId, string sha256, CancellationToken ct) => throw new NotSupportedException();
    }

    public sealed class AnswerDocument
    {
        /// <summary>The message id of the status on its way.</summary>
        public Task<Guid> RunAsync(string organ, Guid incomingId, UnitAnswer answer, CancellationToken ct) => throw new NotSupportedException();
    }
}

namespace VanBanDienTu.Relay.Evidence
{
    public sealed class EvidenceLog
    {
        public Task<IReadOnlyList<SignedEvidence>> OfDocumentAsync(string? organ, Guid documentId, CancellationToken ct) => throw new NotSupportedException();

        public Task<IReadOnlyList<SignedEvidence>> OfMessageAsync(string? organ, Guid messageId, CancellationToken ct) => throw new NotSupportedException();

        public Task<IReadOnlyList<(long Sequence, SignedEvidence Evidence)>> AfterAsync(long sequence, int atMost, CancellationToken ct) => throw new NotSupportedException();
    }
}
