using VanBanDienTu.Relay.Messages;
using VanBanDienTu.Relay.Outgoing;
using VanBanDienTu.Relay.Payloads;
using VanBanDienTu.Relay.Storage;

namespace VanBanDienTu.Relay.Incoming;

/// <summary>What arrived, as it is kept.</summary>
internal sealed record StoredIncoming
{
    public required Guid Id { get; init; }
    public required string Organ { get; init; }
    public required Party From { get; init; }
    public required string EdxmlDocumentId { get; init; }
    public required string Code { get; init; }
    public required string Promulgated { get; init; }
    public required byte[] Envelope { get; init; }
    public required IReadOnlyList<Attachment> Attachments { get; init; }
    public required IReadOnlyList<Hop> Hops { get; init; }
    public required DateTimeOffset Received { get; init; }

    /// <summary>Id of the ContentConsignment that we gave for it.</summary>
    public required string Consignment { get; init; }
    public required Acceptance Acceptance { get; init; }
    public string? Rule { get; init; }
    public string? ReasonVi { get; init; }
    public string? ReasonEn { get; init; }
    public required IReadOnlyList<PayloadRef> Reports { get; init; }
    public DateTimeOffset? Confirmed { get; init; }

    /// <summary>Id of the ContentHandover.</summary>
    public string? Handover { get; init; }
    public required string Request { get; init; }
    public string? RequestReason { get; init; }
    public required BusinessType BusinessType { get; init; }

    /// <summary>The later document that asks something of this one.</summary>
    public Guid? AskedBy { get; init; }
    public required long Epoch { get; init; }
    public required int Attempts { get; init; }

    /// <summary>A recall, update or replacement still waits for 15 or 16.</summary>
    public bool RequestOpen => Request.EndsWith(":open", StringComparison.Ordinal);
}

internal static class IncomingTable
{
    private const string Select =
        """
        SELECT id, organ, from_organ, from_name, edxml_id, code, promulgated, envelope, attachments, hops, received_at, consignment, acceptance,
               rule, reason_vi, reason_en, reports, confirmed_at, handover, request, request_reason, business_type, lease_epoch, attempts, asked_by
        FROM incoming
        """;

    public static async Task InsertAsync(DatabaseTransaction tx, StoredIncoming incoming, CancellationToken ct)
    {
        foreach (var attachment in incoming.Attachments)
            await PayloadStore.KeepAsync(tx, attachment.Payload, ct);
        await tx.ExecuteAsync(
            """
            INSERT INTO incoming (id, organ, from_organ, from_name, edxml_id, code, promulgated, envelope, attachments, hops, received_at, consignment,
                                  acceptance, rule, reports, confirmed_at, request, request_reason, business_type, due_at, lease_epoch, leased, attempts, bytes)
            VALUES (@id, @organ, @from, @fromName, @edxml, @code, @promulgated, @envelope, @attachments, @hops, @now, @consignment,
                    @acceptance, @rule, '[]', 0, @request, @requestReason, @type, @now, 0, 0, 0, @bytes)
            """, ct,
            ("id", incoming.Id), ("organ", incoming.Organ), ("from", incoming.From.Organ), ("fromName", incoming.From.Name),
            ("edxml", incoming.EdxmlDocumentId), ("code", incoming.Code), ("promulgated", incoming.Promulgated), ("envelope", incoming.Envelope),
            ("attachments", RowJson.Write(incoming.Attachments)), ("hops", RowJson.Write(incoming.Hops)), ("now", incoming.Received),
            ("consignment", incoming.Consignment), ("acceptance", incoming.Acceptance), ("rule", incoming.Rule), ("request", incoming.Request),
            ("requestReason", incoming.RequestReason), ("type", (int)incoming.BusinessType), ("bytes", incoming.Attachments.Sum(a => a.Payload.Size)));
    }

    public static Task<StoredIncoming?> FindAsync(DatabaseTransaction tx, Guid id, CancellationToken ct) =>
        tx.FirstAsync($"{Select} WHERE id = @id{tx.Locked("incoming")}", Read, ct, ("id", id));

    /// <summary>The document that a recall names by its edXML id; only if there is exactly one from that sender.</summary>
    /// <param name="except">Not this document, which asks for another of the same id.</param>
    public static async Task<StoredIncoming?> MatchAsync(
        DatabaseTransaction tx, string organ, string sender, string edxmlId, CancellationToken ct, Guid? except = null) =>
        await tx.QueryAsync(
            $"""
            {Select} WHERE organ = @organ AND edxml_id = @edxml AND from_organ = @from AND business_type <> 1
              AND (CAST(@except AS text) IS NULL OR id <> @except) LIMIT 2{tx.Locked("incoming")}
            """, Read, ct,
            ("organ", organ), ("edxml", edxmlId), ("from", sender), ("except", except)) is [var only] ? only : null;

    /// <summary>Later documents of a sender whose request waits for an answer: perhaps what they speak of comes only now.</summary>
    public static Task<List<StoredIncoming>> AskingAsync(DatabaseTransaction tx, string organ, string sender, CancellationToken ct) =>
        tx.QueryAsync(
            $"""
            {Select} WHERE organ = @organ AND from_organ = @from AND business_type > 0 AND request IN ('recall:open', 'update:open', 'replace:open')
            ORDER BY received_at DESC LIMIT 50
            """, Read, ct, ("organ", organ), ("from", sender));

    /// <summary>The documents of one request: the one that asks and those it asks, as far as they wait for the same answer.</summary>
    public static async Task<List<StoredIncoming>> SameRequestAsync(DatabaseTransaction tx, StoredIncoming about, CancellationToken ct)
    {
        var asking = about.AskedBy is { } by && await FindAsync(tx, by, ct) is { } found && found.Request == about.Request ? found : about;
        var asked = await tx.QueryAsync($"{Select} WHERE asked_by = @asking ORDER BY id{tx.Locked("incoming")}", Read, ct, ("asking", asking.Id));
        return [.. asked.Append(asking).Append(about).DistinctBy(d => d.Id).Where(d => d.Request == about.Request)];
    }

    /// <summary>The document of that sender, number and date; only if there is exactly one.</summary>
    public static async Task<StoredIncoming?> MatchCodeAsync(
        DatabaseTransaction tx, string organ, string sender, string code, string promulgated, CancellationToken ct) =>
        await tx.QueryAsync(
            $"{Select} WHERE organ = @organ AND from_organ = @from AND code = @code AND promulgated = @promulgated AND business_type <> 1 LIMIT 2{tx.Locked("incoming")}", Read, ct,
            ("organ", organ), ("from", sender), ("code", code), ("promulgated", promulgated)) is [var only] ? only : null;

    /// <summary>Oldest first, from after a place on.</summary>
    public static Task<List<StoredIncoming>> ListAsync(
        DatabaseTransaction tx, string organ, int size, (long Received, string Id) after, bool unconfirmedOnly, bool overdueOnly, string? code,
        CancellationToken ct) =>
        tx.QueryAsync(
            $"""
            {Select} WHERE organ = @organ{(code is null ? "" : " AND code = @code")} AND (received_at, id) > (@received, @id)
              {(unconfirmedOnly ? "AND confirmed_at = 0" : "")}
              {(overdueOnly ? "AND id IN (SELECT incoming_id FROM deadline WHERE organ = @organ AND met_at = 0 AND raised_at > 0)" : "")}
            ORDER BY received_at, id LIMIT @size
            """, Read, ct,
            ("organ", organ), ("received", after.Received), ("id", after.Id), ("code", code), ("size", size));

    public static async Task<StoredIncoming?> ClaimAsync(DatabaseTransaction tx, DateTimeOffset now, DateTimeOffset until, CancellationToken ct)
    {
        var due = await tx.FirstAsync(
            $"{Select} WHERE acceptance = 'Verifying' AND due_at <= @now ORDER BY due_at LIMIT 1{tx.Claimed("incoming")}", Read, ct, ("now", now));
        if (due is null)
            return null;
        await tx.ExecuteAsync(
            "UPDATE incoming SET leased = 1, holder = @holder, lease_epoch = lease_epoch + 1, attempts = attempts + 1, due_at = @until WHERE id = @id", ct,
            ("holder", tx.Node), ("until", until), ("id", due.Id));
        return due with { Epoch = due.Epoch + 1, Attempts = due.Attempts + 1 };
    }

    public static async Task<bool> AnyDueAsync(DatabaseTransaction tx, DateTimeOffset now, CancellationToken ct) =>
        await tx.NumberAsync(
            "SELECT COUNT(*) FROM (SELECT 1 FROM incoming WHERE acceptance = 'Verifying' AND due_at <= @now LIMIT 1) due", ct, ("now", now)) > 0;

    public static Task RenewAsync(DatabaseTransaction tx, StoredIncoming claimed, DateTimeOffset until, CancellationToken ct) => tx.ExecuteAsync(
        "UPDATE incoming SET due_at = @until WHERE id = @id AND lease_epoch = @epoch AND leased = 1", ct,
        ("until", until), ("id", claimed.Id), ("epoch", claimed.Epoch));

    public static Task RetryAsync(DatabaseTransaction tx, StoredIncoming claimed, DateTimeOffset due, CancellationToken ct) => tx.ExecuteAsync(
        "UPDATE incoming SET leased = 0, due_at = @due WHERE id = @id AND lease_epoch = @epoch", ct,
        ("due", due), ("id", claimed.Id), ("epoch", claimed.Epoch));

    /// <summary>The verification's result; false when another worker was first, or a person decided meanwhile.</summary>
    public static async Task<bool> DecideAsync(
        DatabaseTransaction tx, StoredIncoming claimed, AcceptanceRule rule, string vi, string en, IReadOnlyList<PayloadRef> reports, CancellationToken ct)
    {
        foreach (var report in reports)
            await PayloadStore.KeepAsync(tx, report, ct);
        return await tx.ExecuteAsync(
            """
            UPDATE incoming SET acceptance = @acceptance, rule = @rule, reason_vi = @vi, reason_en = @en, reports = @reports, leased = 0
            WHERE id = @id AND lease_epoch = @epoch AND acceptance = 'Verifying'
            """, ct,
            ("acceptance", rule.Then), ("rule", rule.Id), ("vi", vi), ("en", en), ("reports", RowJson.Write(reports)),
            ("id", claimed.Id), ("epoch", claimed.Epoch)) == 1;
    }

    /// <summary>The first confirmation wins; false for every later one.</summary>
    public static async Task<bool> ConfirmAsync(DatabaseTransaction tx, Guid id, string handover, DateTimeOffset now, CancellationToken ct) =>
        await tx.ExecuteAsync(
            "UPDATE incoming SET confirmed_at = @now, handover = @handover WHERE id = @id AND confirmed_at = 0", ct,
            ("now", now), ("handover", handover), ("id", id)) == 1;

    public static Task SetAcceptanceAsync(DatabaseTransaction tx, Guid id, Acceptance acceptance, CancellationToken ct) =>
        tx.ExecuteAsync("UPDATE incoming SET acceptance = @acceptance, leased = 0 WHERE id = @id", ct, ("acceptance", acceptance), ("id", id));

    /// <summary>The sender asks something of a document, or its unit has answered; told to those who watch.</summary>
    /// <param name="askedBy">The later document that asks; null = as it was.</param>
    public static async Task AskAsync(
        DatabaseTransaction tx, StoredIncoming incoming, string request, string? reason, Guid? askedBy, DateTimeOffset now, CancellationToken ct)
    {
        await tx.ExecuteAsync(
            "UPDATE incoming SET request = @request, request_reason = COALESCE(@reason, request_reason), asked_by = COALESCE(@by, asked_by) WHERE id = @id", ct,
            ("request", request), ("reason", reason), ("by", askedBy), ("id", incoming.Id));
        Tell(tx, incoming, incoming.Acceptance.ToString(), incoming.Acceptance.ToString(), request, now);
    }

    /// <summary>Tells those who watch what arrives for an organ.</summary>
    public static void Tell(DatabaseTransaction tx, StoredIncoming incoming, string previous, string state, string request, DateTimeOffset now) =>
        EventTable.Append(
            tx, EventTable.In, incoming.Organ, now,
            new OutgoingEvent(0, now, incoming.Id, incoming.Id, null, previous, state, request, null, incoming.Code));

    /// <summary>Whether one waits to be verified at a time later than <paramref name="never"/>; only reads.</summary>
    public static async Task<bool> AnyLaterAsync(DatabaseTransaction tx, DateTimeOffset never, CancellationToken ct) =>
        await tx.NumberAsync("SELECT COUNT(*) FROM (SELECT 1 FROM incoming WHERE acceptance = 'Verifying' AND due_at > @never LIMIT 1) later", ct, ("never", never)) > 0;

    /// <summary>What waits for a time later than <paramref name="never"/> is due now.</summary>
    public static Task<int> BringBackAsync(DatabaseTransaction tx, DateTimeOffset never, DateTimeOffset now) => tx.ExecuteAsync(
        "UPDATE incoming SET due_at = @now, leased = 0 WHERE acceptance = 'Verifying' AND due_at > @never", default, ("never", never), ("now", now));

    public static Task<int> ReleaseAsync(DatabaseTransaction tx, string holder, DateTimeOffset now, CancellationToken ct) => tx.ExecuteAsync(
        "UPDATE incoming SET leased = 0, due_at = @now WHERE leased = 1 AND COALESCE(holder, @holder) = @holder", ct, ("now", now), ("holder", holder));

    private static StoredIncoming Read(Row row) => new()
    {
        Id = row.Id(0),
        Organ = row.Text(1),
        From = new Party(row.Text(2), row.TextOrNull(3)),
        EdxmlDocumentId = row.Text(4),
        Code = row.Text(5),
        Promulgated = row.Text(6),
        Envelope = row.Bytes(7),
        Attachments = RowJson.Read<List<Attachment>>(row.Text(8)),
        Hops = RowJson.Read<List<Hop>>(row.Text(9)),
        Received = row.Time(10),
        Consignment = row.Text(11),
        Acceptance = row.Word<Acceptance>(12),
        Rule = row.TextOrNull(13),
        ReasonVi = row.TextOrNull(14),
        ReasonEn = row.TextOrNull(15),
        Reports = RowJson.Read<List<PayloadRef>>(row.Text(16)),
        Confirmed = row.Number(17) == 0 ? null : row.Time(17),
        Handover = row.TextOrNull(18),
        Request = row.Text(19),
        RequestReason = row.TextOrNull(20),
        BusinessType = (BusinessType)row.Int(21),
        Epoch = row.Number(22),
        Attempts = row.Int(23),
        AskedBy = row.IdOrNull(24),
    };
}
