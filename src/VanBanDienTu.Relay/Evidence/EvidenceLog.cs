using VanBanDienTu.Relay.Storage;
using VanBanDienTu.Signing.Evidence;

namespace VanBanDienTu.Relay.Evidence;

/// <summary>Signs what happens at this node and keeps it, together with what peers signed for us, in one numbered chain.</summary>
/// <remarks>
/// Number and chain stand in the row, not in the signed JSON: signatures are made outside the writer and in parallel, while the number
/// exists only at commit. Each row's hash covers the one before, the JSON and its signature, so a removed or changed row shows.
/// </remarks>
public sealed class EvidenceLog
{
    private const string Columns = "id, event, json, signature, happened_at, issuer";

    private readonly Database database;
    private readonly EvidenceSigner signer;
    private readonly TimeProvider time;
    private readonly string node;
    private readonly string organ;

    internal EvidenceLog(Database database, EvidenceSigner signer, RelayOptions options, TimeProvider time) =>
        (this.database, this.signer, node, organ, this.time) = (database, signer, options.Node, options.Organ, time);

    /// <summary>Everything known about an outgoing document, oldest first. An organ gets its own; null = anyone's (auditors).</summary>
    /// <exception cref="RelayException"><see cref="RelayFault.DocumentUnknown"/>.</exception>
    public Task<IReadOnlyList<SignedEvidence>> OfDocumentAsync(string? organ, Guid documentId, CancellationToken ct) =>
        OfAsync(
            documentId.ToString("D"), organ,
            "SELECT COUNT(*) FROM document WHERE id = @id AND (CAST(@organ AS text) IS NULL OR organ = @organ)",
            $"SELECT {Columns} FROM evidence WHERE document_id = @id ORDER BY stored_at, node, sequence", ct);

    /// <summary>
    /// Everything known about a delivery, an incoming document or a status, oldest first. Its sender may ask from the beginning; a document's
    /// recipient when it has arrived here, or the next hop has it: what is taken back before it leaves was never the recipient's.
    /// </summary>
    /// <exception cref="RelayException"><see cref="RelayFault.DocumentUnknown"/>.</exception>
    public Task<IReadOnlyList<SignedEvidence>> OfMessageAsync(string? organ, Guid messageId, CancellationToken ct) =>
        OfAsync(
            messageId.ToString("D"), organ,
            """
            SELECT (SELECT COUNT(*) FROM message WHERE id = @id AND (CAST(@organ AS text) IS NULL OR from_organ = @organ OR (to_organ = @organ AND (
                      kind <> 'Document' OR EXISTS (
                        SELECT 1 FROM evidence e WHERE e.message_id = @id AND e.event IN ('RelayAcceptance', 'ContentConsignment', 'RelayToNonERDS') AND e.own = CASE WHEN e.event = 'RelayToNonERDS' THEN 1 ELSE 0 END)))))
                 + (SELECT COUNT(*) FROM incoming WHERE id = @id AND (CAST(@organ AS text) IS NULL OR organ = @organ))
                 + (SELECT COUNT(*) FROM arrival WHERE message_id = @id AND CAST(@organ AS text) IS NULL)
            """,
            $"SELECT {Columns} FROM evidence WHERE message_id = @id ORDER BY stored_at, node, sequence", ct);

    /// <summary>This node's log in order, from the number after <paramref name="sequence"/> on.</summary>
    public async Task<IReadOnlyList<(long Sequence, SignedEvidence Evidence)>> AfterAsync(long sequence, int atMost, CancellationToken ct) =>
        await database.ReadAsync(
            tx => tx.QueryAsync(
                $"SELECT {Columns}, sequence FROM evidence WHERE node = @node AND sequence > @sequence ORDER BY sequence LIMIT @most",
                row => (row.Number(6), Read(row)), ct, ("node", node), ("sequence", sequence), ("most", atMost)), ct);

    /// <summary>Walks the whole chain of every node on this database.</summary>
    /// <returns>The number of the first row that is missing or was changed; null when all is well.</returns>
    public async Task<long?> FirstBrokenLinkAsync(CancellationToken ct)
    {
        foreach (var chained in await database.ReadAsync(tx => tx.QueryAsync("SELECT DISTINCT node FROM evidence ORDER BY node", row => row.Text(0), ct), ct))
        {
            if (await EvidenceChain.FirstBrokenAsync(page => database.ReadAsync(page, ct), chained, ct) is { } broken)
                return broken;
        }

        return null;
    }

    /// <summary>Signs one event of this node; nothing is stored yet.</summary>
    internal SignedEvidence Sign(EvidenceFacts facts)
    {
        var id = Guid.CreateVersion7(time.GetUtcNow()).ToString("D");
        var now = time.GetUtcNow();
        var json = facts.ToJson(id, node, organ, now);
        return new SignedEvidence(id, facts.Event.ToString(), json, signer.Sign(json), now, node);
    }

    /// <summary>Stores evidence in the transaction of what it proves. The same evidence twice is stored once.</summary>
    /// <param name="own">Signed by this node, not by a peer.</param>
    /// <param name="same">Names the fact; a second piece of evidence of the same fact is not stored.</param>
    internal static async Task AppendAsync(
        DatabaseTransaction tx, SignedEvidence evidence, bool own, Guid? documentId, Guid? messageId, CancellationToken ct, string? same = null)
    {
        var (last, previous) = tx.EvidenceEnd ?? await EndAsync(tx, ct);
        var next = (Sequence: last + 1, Hash: EvidenceChain.Link(previous, evidence.Json, evidence.Signature));
        var stored = await InsertAsync(tx, evidence, own, next, documentId, messageId, same, " ON CONFLICT DO NOTHING", ct) == 1;
        tx.EvidenceEnd = stored ? next : (last, previous);
        if (!stored && await tx.NumberAsync("SELECT COUNT(*) FROM evidence WHERE id = @id OR same = @same", ct, ("id", evidence.EvidenceId), ("same", same)) == 0)
            throw new InvalidOperationException($"Evidence {evidence.EvidenceId} cannot be number {next.Sequence} of {tx.Node}: another row has that number."); // never lost in silence
    }

    /// <summary>The first row after an older backup was restored: behind a gap, so that no number ever means two things.</summary>
    internal static Task AppendRestoredAsync(DatabaseTransaction tx, SignedEvidence evidence, long sequence, string previous, CancellationToken ct)
    {
        var place = (sequence, EvidenceChain.Link(previous, evidence.Json, evidence.Signature));
        tx.EvidenceEnd = place;
        return InsertAsync(tx, evidence, own: true, place, null, null, null, "", ct);
    }

    /// <summary>Where the node's log ends, which must not be before what was given out.</summary>
    /// <exception cref="RelayException"><see cref="RelayFault.DatabaseOlder"/>.</exception>
    private static async Task<(long Sequence, string Hash)> EndAsync(DatabaseTransaction tx, CancellationToken ct)
    {
        var end = await EvidenceChain.LastAsync(tx, tx.Node, ct);
        tx.Issued?.Demand(end);
        return end;
    }

    private static Task<int> InsertAsync(
        DatabaseTransaction tx, SignedEvidence evidence, bool own, (long Sequence, string Hash) place, Guid? documentId, Guid? messageId, string? same,
        string conflict, CancellationToken ct) =>
        tx.ExecuteAsync(
            $"""
            INSERT INTO evidence (node, sequence, id, own, event, json, signature, happened_at, issuer, document_id, message_id, same, hash, stored_at)
            VALUES (@node, @sequence, @id, @own, @event, @json, @signature, @at, @issuer, @document, @message, @same, @hash, @stored){conflict}
            """, ct,
            ("node", tx.Node), ("sequence", place.Sequence), ("id", evidence.EvidenceId), ("own", own), ("event", evidence.Event), ("json", evidence.Json),
            ("signature", evidence.Signature), ("at", evidence.Time), ("issuer", evidence.Issuer), ("document", documentId),
            ("message", messageId), ("same", same), ("hash", place.Hash), ("stored", tx.Now));

    /// <summary>One piece of evidence by its id.</summary>
    internal static Task<SignedEvidence?> FindAsync(DatabaseTransaction tx, string id, CancellationToken ct) =>
        tx.FirstAsync($"SELECT {Columns} FROM evidence WHERE id = @id", Read, ct, ("id", id));

    /// <summary>The evidence of a named fact, see <c>same</c> of <see cref="AppendAsync"/>.</summary>
    internal static Task<SignedEvidence?> FindSameAsync(DatabaseTransaction tx, string same, CancellationToken ct) =>
        tx.FirstAsync($"SELECT {Columns} FROM evidence WHERE same = @same", Read, ct, ("same", same));

    private async Task<IReadOnlyList<SignedEvidence>> OfAsync(string id, string? whose, string known, string sql, CancellationToken ct) =>
        await database.ReadAsync(
            async tx =>
            {
                if (await tx.NumberAsync(known, ct, ("id", id), ("organ", whose)) == 0)
                    throw RelayException.Unknown(id);
                return await tx.QueryAsync(sql, Read, ct, ("id", id));
            }, ct);

    /// <summary>What <see cref="Read"/> takes, first in a row.</summary>
    internal static string ColumnsOf(string table) => string.Join(", ", Columns.Split(", ").Select(column => $"{table}.{column}"));

    internal static SignedEvidence Read(Row row) =>
        new(row.Text(0), row.Text(1), row.Bytes(2), row.Bytes(3), row.Time(4), row.Text(5));
}
