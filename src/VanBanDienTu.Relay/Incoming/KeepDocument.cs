using VanBanDienTu.Axis.Edxml;
using VanBanDienTu.Relay.Deadlines;
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
            Request = OpenRequest.Of(type),
            RequestReason = document.Bussiness?.Reason,
            BusinessType = type,
            Epoch = 0,
            Attempts = 0,
        };
        await IncomingTable.InsertAsync(tx, incoming, default);
        IncomingTable.Tell(tx, incoming, "", incoming.Acceptance.ToString(), incoming.Request, ground.Now);
        if (type != BusinessType.New)
            await AskAsync(tx, incoming, document);
        else
            await AskedBeforeAsync(tx, incoming);
        await ResponseTable.ArrivedAsync(tx, incoming, document, default);
        var calendar = ground.Options.Calendar;
        await DeadlineTable.SetAsync(tx, incoming.Id, incoming.Organ, DeadlineKind.Receipt, calendar.SameDay(incoming.Received), default);
        if (document.DueDate is { } due)
            await DeadlineTable.SetAsync(tx, incoming.Id, incoming.Organ, DeadlineKind.Answer, calendar.By(due), default);
    }

    /// <summary>
    /// What an update, a replacement or a recall speaks of is asked for from now on. Some systems recall by a document of type 1 that repeats the
    /// DocumentId, others by status 13, some by both: it is one request.
    /// </summary>
    private async Task AskAsync(DatabaseTransaction tx, StoredIncoming asking, EdxmlDocument document)
    {
        foreach (var edxml in Concerns(document))
        {
            if (await IncomingTable.MatchAsync(tx, asking.Organ, asking.From.Organ, edxml, default, asking.Id) is { } asked
                && (!asked.RequestOpen || (asked.Request == asking.Request && asked.AskedBy is null)))
                await IncomingTable.AskAsync(tx, asked, asking.Request, asking.RequestReason, asking.Id, ground.Now, default);
        }
    }

    /// <summary>A document that was overtaken by what asks for its recall, update or replacement.</summary>
    private async Task AskedBeforeAsync(DatabaseTransaction tx, StoredIncoming late)
    {
        foreach (var asking in await IncomingTable.AskingAsync(tx, late.Organ, late.From.Organ, default))
        {
            if (!Concerns(EdxmlReader.ReadEnvelope(asking.Envelope).RequireDocument()).Contains(late.EdxmlDocumentId, StringComparer.Ordinal)
                || await IncomingTable.MatchAsync(tx, late.Organ, late.From.Organ, late.EdxmlDocumentId, default, asking.Id) is not { } only || only.Id != late.Id)
                continue;
            await IncomingTable.AskAsync(tx, late, asking.Request, asking.RequestReason, asking.Id, ground.Now, default);
            return;
        }
    }

    /// <summary>The edXML ids that a packet speaks of.</summary>
    internal static IEnumerable<string> Concerns(EdxmlDocument document) => document.Kind == BussinessType.Recall
        ? [document.DocumentId]
        : (document.Bussiness?.Replacements ?? []).Select(r => r.DocumentId).Prepend(document.Bussiness?.DocumentId).OfType<string>();
}
