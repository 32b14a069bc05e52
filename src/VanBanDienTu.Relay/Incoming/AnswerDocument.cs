using VanBanDienTu.Axis.Edxml;
using VanBanDienTu.Relay.Deadlines;
using VanBanDienTu.Relay.Evidence;
using VanBanDienTu.Relay.Messages;
using VanBanDienTu.Relay.Outgoing;
using VanBanDienTu.Relay.Storage;

namespace VanBanDienTu.Relay.Incoming;

/// <summary>A unit answers a sender: 02 to 06 about the document, 15 or 16 to a recall, update or replacement.</summary>
public sealed class AnswerDocument
{
    private readonly Ground ground;

    internal AnswerDocument(Ground ground) => this.ground = ground;

    /// <returns>
    /// The message id of the status on its way. The same request id answers the same, and sends again what could not be delivered.
    /// </returns>
    /// <exception cref="RelayException">
    /// DocumentUnknown, InvalidField, StatusNotAllowed, ReasonRequired, NoOpenRequest, NotFetched, RequestIdReused.
    /// </exception>
    public async Task<Guid> RunAsync(string organ, Guid incomingId, UnitAnswer answer, CancellationToken ct)
    {
        var digest = MessageDigest.Hex(CanonicalJson.Write(new List<object?>
        {
            incomingId.ToString("D"), answer.Code, answer.Description ?? "", answer.Staff ?? "", answer.Department ?? "",
        }));
        var (incoming, repeated, before) = await ground.Database.ReadAsync(tx => ReadAsync(tx, organ, incomingId, answer.RequestId, ct), ct);
        if (repeated is { } known)
        {
            if (known.Digest.Length > 0 && known.Digest != digest)
                throw Reused(answer.RequestId);
            await OutgoingAnswer.SendAgainAsync(ground, known.Message);
            return known.Message;
        }

        ground.Gate.Demand([incoming.From.Organ]);
        if (AnswerRules.Problem(incoming, answer, before) is { } problem)
            throw problem;

        _ = EdxmlStatusCodes.TryParse(answer.Code, out var code);
        var evidence = ground.Evidence.Sign(Facts(incoming, answer, code));
        var message = OutgoingAnswer.Write(ground, incoming, code, answer.Description, (answer.Department, answer.Staff), [evidence], answer.Packet);
        var stored = await ground.Database.WriteAsync(
            async tx =>
            {
                // Looked at again where nobody can come between.
                var (now, again, codes) = await ReadAsync(tx, organ, incomingId, answer.RequestId, default);
                if (again is { } first)
                    return first.Digest.Length == 0 || first.Digest == digest ? first.Message : throw Reused(answer.RequestId);
                if (AnswerRules.Problem(now, answer, codes) is { } late)
                    throw late;
                await QueueAsync(tx, now, message, evidence, answer, digest, code);
                return message.Header.Id;
            }, ct);
        if (message.Link is not null)
            ground.Outbox(message.Link).Raise();
        return stored;
    }

    private async Task QueueAsync(
        DatabaseTransaction tx, StoredIncoming incoming, StatusMessage message, SignedEvidence evidence, UnitAnswer answer, string digest,
        EdxmlStatusCode code)
    {
        var at = ground.Now;
        await EvidenceLog.AppendAsync(tx, evidence, own: true, null, incoming.Id, default);
        await OutgoingAnswer.QueueAsync(tx, message, incoming, answer.RequestId, digest, code.Code(), answer.Description, at);
        if (code is EdxmlStatusCode.ChangeAgreed or EdxmlStatusCode.ChangeRefused)
        {
            foreach (var asked in await IncomingTable.SameRequestAsync(tx, incoming, default))
            {
                await IncomingTable.AskAsync(tx, asked, OpenRequest.Answered(asked.Request, code == EdxmlStatusCode.ChangeAgreed)!, null, null, at, default);
                if (asked.Request == "recall:open" && code == EdxmlStatusCode.ChangeAgreed)
                    await DeadlineTable.GivenBackAsync(tx, asked.Id, at, default);
            }

            return;
        }

        // A person's word decides what was held; later statuses find it decided.
        var acceptance = code == EdxmlStatusCode.Rejected ? Acceptance.Refused : Acceptance.Accepted;
        if (incoming.Acceptance != acceptance)
        {
            await IncomingTable.SetAcceptanceAsync(tx, incoming.Id, acceptance, default);
            IncomingTable.Tell(tx, incoming, incoming.Acceptance.ToString(), acceptance.ToString(), incoming.Request, at);
        }
    }

    private static EvidenceFacts Facts(StoredIncoming incoming, UnitAnswer answer, EdxmlStatusCode code) => new(code switch
    {
        EdxmlStatusCode.Rejected => EvidenceEvent.ConsignmentRejection,
        EdxmlStatusCode.Accepted => EvidenceEvent.ConsignmentAcceptance,
        _ => EvidenceEvent.BusinessStatus,
    })
    {
        From = incoming.From,
        To = [new Party(incoming.Organ)],
        RequestId = answer.RequestId,
        EdxmlDocumentId = incoming.EdxmlDocumentId,
        MessageId = incoming.Id,
        Payloads = [.. incoming.Attachments.Select(a => (a.Name, a.Payload))],
        Status = code.Code(),
        VerificationReports = [.. incoming.Reports.Select(r => r.Sha256)],
        Reason = string.IsNullOrEmpty(answer.Description) ? null : new Reason($"STATUS_{code.Code()}", answer.Description, answer.Description),
    };

    private static async Task<(StoredIncoming Incoming, (Guid Message, string Digest)? Known, IReadOnlyCollection<string> Codes)> ReadAsync(
        DatabaseTransaction tx, string organ, Guid id, string requestId, CancellationToken ct)
    {
        if (await IncomingTable.FindAsync(tx, id, ct) is not { } incoming || incoming.Organ != organ)
            throw RelayException.Unknown(id.ToString("D"));
        return (incoming, await AnswerTable.FindAsync(tx, organ, requestId, ct), await AnswerTable.CodesAsync(tx, id, ct));
    }

    private static RelayException Reused(string requestId) => new(
        RelayFault.RequestIdReused, $"Mã yêu cầu «{requestId}» đã dùng cho câu trả lời khác: hãy dùng mã mới.",
        $"The request id «{requestId}» was used for another answer: use a new id.");
}
