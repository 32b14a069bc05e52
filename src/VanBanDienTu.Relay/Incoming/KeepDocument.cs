using VanBanDienTu.Axis.Edxml;
using VanBanDienTu.Relay.Evidence;
using VanBanDienTu.Relay.Messages;
using VanBanDienTu.Relay.Outgoing;
using VanBanDienTu.Relay.Storage;

namespace VanBanDienTu.Relay.Incoming;

/// <summary>A document that ends here: kept for its unit, to be verified next, unless the unit's own system takes packets and does that itself.</summary>
internal sealed class KeepDocument(Ground ground)
{
    /// <summary>Stands where the acceptance policy's rule stands: nobody here looked at the signatures.</summary>
    private const string UnitVerifies = "unit-verifies";

    public async Task KeepAsync(DatabaseTransaction tx, MessageHeader message, EdxmlDocument document, SignedEvidence consignment)
    {
        var type = (BusinessType)(int)document.Kind;
        var byPackets = ground.ByPackets(message.To.Organ);
        var incoming = new StoredIncoming
        {
            Id = message.Id,
            Organ = ground.Directory.Resolve(message.To.Organ), // perhaps addressed to a unit that it took over
            From = message.From with { Name = message.From.Name ?? document.From.Name },
            EdxmlDocumentId = message.EdxmlDocumentId,
            Code = document.Code.ToString(),
            Promulgated = document.Promulgation.Date.ToString("yyyy-MM-dd"),
            Envelope = message.Envelope.ToArray(),
            Attachments = message.Attachments,
            Hops = message.Hops,
            Received = ground.Now,
            Consignment = consignment.EvidenceId,
            Acceptance = byPackets ? Acceptance.Accepted : Acceptance.Verifying,
            Rule = byPackets ? UnitVerifies : null,
            Reports = [],
            Request = type switch { BusinessType.Update => "update:open", BusinessType.Replace => "replace:open", _ => "" },
            RequestReason = document.Bussiness?.Reason,
            BusinessType = type,
            Epoch = 0,
            Attempts = 0,
        };
        await IncomingTable.InsertAsync(tx, incoming, default);
        IncomingTable.Tell(tx, incoming, "", incoming.Acceptance.ToString(), incoming.Request, ground.Now);
        // Some systems recall by a document of type 1 that repeats the DocumentId, others by status 13: both open the same request.
        if (type == BusinessType.Recall
            && await IncomingTable.MatchAsync(tx, incoming.Organ, message.From.Organ, message.EdxmlDocumentId, default) is { RequestOpen: false } recalled)
        {
            await IncomingTable.SetRequestAsync(tx, recalled.Id, "recall:open", document.Bussiness?.Reason, default);
            IncomingTable.Tell(
                tx, recalled, recalled.Acceptance.ToString(), recalled.Acceptance.ToString(), "recall:open", ground.Now);
        }
    }
}
