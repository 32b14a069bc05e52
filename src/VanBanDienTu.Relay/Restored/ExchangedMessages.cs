using System.Globalization;
using VanBanDienTu.Relay.Evidence;
using VanBanDienTu.Relay.Incoming;
using VanBanDienTu.Relay.Messages;
using VanBanDienTu.Relay.Payloads;
using VanBanDienTu.Relay.Receipts;
using VanBanDienTu.Relay.Storage;

namespace VanBanDienTu.Relay.Restored;

/// <summary>
/// Tells a peer that was put back to an older state what passed between it and us since. A peer hears of nothing but what it sent us, and
/// what it signed a receipt for.
/// </summary>
public sealed class ExchangedMessages
{
    /// <summary>Rows that are looked at for one page, whoever they concern: a question costs little on a hub of many.</summary>
    private const int LookedAt = 500;

    private readonly Ground ground;

    internal ExchangedMessages(Ground ground) => this.ground = ground;

    /// <param name="since">By our clock.</param>
    /// <param name="page">Empty = the first.</param>
    /// <exception cref="RelayException"><see cref="RelayFault.InvalidField"/>: the page is none of ours.</exception>
    public Task<ExchangedPage> ListAsync(PeerNode peer, DateTimeOffset since, string page, CancellationToken ct)
    {
        var place = page.Length == 0 ? new Place(Sent: false, since.ToUnixTimeMilliseconds(), "") : Place.Parse(page);
        return ground.Database.ReadAsync(tx => place.Sent ? SentAsync(tx, peer, place, ct) : ReceivedAsync(tx, peer, place, since, ct), ct);
    }

    /// <summary>One message of those, with the attachments to be read; null when it is not the peer's business, or not here any more.</summary>
    public async Task<MessageHeader?> FindAsync(PeerNode peer, Guid id, CancellationToken ct)
    {
        var header = await ground.Database.ReadAsync(
            async tx => await ConcernsAsync(tx, peer, id, ct)
                ? await MessageTable.FindAsync(tx, id, ct) is { } message ? message.Header : await ArrivedAsync(tx, id, ct)
                : null, ct);
        return header is not null && header.Attachments.All(a => Has(a.Payload)) ? header : null;
    }

    /// <summary>What the peer sent us: our receipts for it.</summary>
    private async Task<ExchangedPage> ReceivedAsync(DatabaseTransaction tx, PeerNode peer, Place place, DateTimeOffset since, CancellationToken ct)
    {
        var rows = await tx.QueryAsync(
            """
            SELECT a.message_id, a.digest, a.peer_certificate, a.receipt, a.received_at FROM arrival a
            WHERE (a.received_at, a.message_id) > (@at, @id) ORDER BY a.received_at, a.message_id LIMIT @most
            """,
            row => (Id: row.Id(0), Digest: row.Text(1), Certificate: row.TextOrNull(2), Receipt: row.Text(3), At: row.Time(4)), ct,
            ("at", place.At), ("id", place.Id), ("most", LookedAt));
        var found = new List<ExchangedMessage>();
        foreach (var row in rows.Where(r => IsOf(peer, r.Certificate)))
        {
            var (kind, from, to) = await PartiesAsync(tx, row.Id, ct);
            if (await EvidenceLog.FindAsync(tx, row.Receipt, ct) is { } receipt)
                found.Add(new ExchangedMessage(row.Id, kind, ByAsker: true, row.Digest, from, to, receipt, null, row.At));
        }

        // Then what we sent; by the same clock and from the same instant.
        var next = rows.Count == LookedAt
            ? place with { At = rows[^1].At.ToUnixTimeMilliseconds(), Id = rows[^1].Id.ToString("D") }
            : new Place(Sent: true, since.ToUnixTimeMilliseconds(), "");
        return new ExchangedPage(found, next.ToString());
    }

    /// <summary>What the peer signed about messages of ours: its receipts, and what it said about them later.</summary>
    private static async Task<ExchangedPage> SentAsync(DatabaseTransaction tx, PeerNode peer, Place place, CancellationToken ct)
    {
        var rows = await tx.QueryAsync(
            """
            SELECT e.id, e.event, e.json, e.signature, e.happened_at, e.issuer, e.stored_at, m.id, m.kind, m.digest, m.from_organ, m.from_name, m.to_organ, m.to_name
            FROM evidence e LEFT JOIN message m ON m.id = e.message_id
            WHERE e.own = 0 AND (e.stored_at, e.id) > (@at, @id) ORDER BY e.stored_at, e.id LIMIT @most
            """,
            row => (Evidence: new SignedEvidence(row.Text(0), row.Text(1), row.Bytes(2), row.Bytes(3), row.Time(4), row.Text(5)), At: row.Time(6),
                Id: row.IdOrNull(7), Kind: row.IsNull(8) ? default : row.Word<MessageKind>(8), Digest: row.TextOrNull(9),
                From: row.IsNull(10) ? null : new Party(row.Text(10), row.TextOrNull(11)), To: row.IsNull(12) ? null : new Party(row.Text(12), row.TextOrNull(13))), ct,
            ("at", place.At), ("id", place.Id), ("most", LookedAt));
        var found = new List<ExchangedMessage>();
        foreach (var row in rows)
        {
            if (row.Id is not { } id || ReceiptCheck.Read(row.Evidence) is not { } stated || stated.Organ != peer.Organ || stated.MessageId != id)
                continue;
            var carrier = stated.Status is null ? null : await tx.QueryAsync(
                "SELECT message_id FROM delivery_status WHERE delivery_id = @id AND code = @code ORDER BY received_at LIMIT 1",
                r => (Guid?)r.Id(0), ct, ("id", id), ("code", stated.Status)) is [var carried] ? carried : null;
            found.Add(new ExchangedMessage(id, row.Kind, ByAsker: false, row.Digest!, row.From!, row.To!, row.Evidence, carrier, row.At));
        }

        var next = rows.Count == LookedAt ? place with { At = rows[^1].At.ToUnixTimeMilliseconds(), Id = rows[^1].Evidence.EvidenceId } : null;
        return new ExchangedPage(found, next?.ToString());
    }

    private static bool IsSignedBy(PeerNode peer, SignedEvidence evidence, Guid message) =>
        ReceiptCheck.Read(evidence) is { } stated && stated.Organ == peer.Organ && stated.MessageId == message;

    private bool IsOf(PeerNode peer, string? certificate) =>
        certificate is not null && (certificate == peer.CertificateSha256 || ground.Directory.FindByCertificate(certificate)?.Organ == peer.Organ);

    private async Task<bool> ConcernsAsync(DatabaseTransaction tx, PeerNode peer, Guid id, CancellationToken ct)
    {
        var certificates = await tx.QueryAsync(
            "SELECT peer_certificate FROM arrival WHERE message_id = @id AND peer_certificate IS NOT NULL", row => row.Text(0), ct, ("id", id));
        if (certificates.Exists(c => IsOf(peer, c)))
            return true;
        var evidence = await tx.QueryAsync(
            "SELECT id, event, json, signature, happened_at, issuer FROM evidence WHERE message_id = @id AND own = 0",
            row => new SignedEvidence(row.Text(0), row.Text(1), row.Bytes(2), row.Bytes(3), row.Time(4), row.Text(5)), ct, ("id", id));
        return evidence.Exists(e => IsSignedBy(peer, e, id));
    }

    private static async Task<(MessageKind Kind, Party From, Party To)> PartiesAsync(DatabaseTransaction tx, Guid id, CancellationToken ct) =>
        await MessageTable.FindAsync(tx, id, ct) is { } message ? (message.Header.Kind, message.Header.From, message.Header.To)
        : await IncomingTable.FindAsync(tx, id, ct) is { } incoming ? (MessageKind.Document, incoming.From, new Party(incoming.Organ))
        : (MessageKind.Status, new Party(""), new Party("")); // ended here: what it said is in the evidence that it brought

    /// <summary>A document that ended here, as it came.</summary>
    private static async Task<MessageHeader?> ArrivedAsync(DatabaseTransaction tx, Guid id, CancellationToken ct) =>
        await IncomingTable.FindAsync(tx, id, ct) is not { } incoming ? null : new MessageHeader
        {
            Id = id,
            Kind = MessageKind.Document,
            From = incoming.From,
            To = new Party(incoming.Organ),
            EdxmlDocumentId = incoming.EdxmlDocumentId,
            Envelope = incoming.Envelope,
            Attachments = incoming.Attachments,
            Hops = incoming.Hops,
            Created = incoming.Received,
        };

    private bool Has(PayloadRef payload)
    {
        try
        {
            using var stream = ground.Payloads.Open(payload);
            return true;
        }
        catch (Exception e) when (e is IOException or RelayException)
        {
            return false;
        }
    }

    private sealed record Place(bool Sent, long At, string Id)
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(Sent ? "s" : "r")}.{At}.{Id}");

        public static Place Parse(string page)
        {
            var parts = page.Split('.', 3);
            if (parts.Length == 3 && parts[0] is "s" or "r" && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var at) && parts[2].Length <= 64)
                return new Place(parts[0] == "s", at, parts[2]);
            throw RelayException.For([new("page", "không phải do nút này đưa ra.", "is not one that this node gave out.")]);
        }
    }
}
