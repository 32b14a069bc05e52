using VanBanDienTu.Axis.Edxml;
using VanBanDienTu.Relay.Deadlines;
using VanBanDienTu.Relay.Incoming;
using VanBanDienTu.Relay.Outgoing;
using VanBanDienTu.Relay.Storage;

namespace VanBanDienTu.Relay.Messages;

/// <summary>A document that answers another one (edXML ResponseFor), seen from either of them.</summary>
/// <param name="Id">Of the other document: an incoming one that answers ours, or ours that answers an incoming one; and the other way round.</param>
/// <param name="Code">Số và ký hiệu.</param>
public sealed record ResponseLink(Guid Id, Party Organ, string Code, string EdxmlDocumentId, DateTimeOffset Time);

/// <summary>The table <c>response</c>: which document of an organ answers which.</summary>
internal static class ResponseTable
{
    /// <summary>A unit sends a document that answers what arrived for it.</summary>
    public static async Task SentAsync(DatabaseTransaction tx, Guid document, Submission submission, DateTimeOffset now, CancellationToken ct)
    {
        foreach (var about in submission.Document.RespondsTo)
        {
            if (about.Organ is not { } asker)
                continue;
            var answered = about.EdxmlDocumentId is { } edxml ? await IncomingTable.MatchAsync(tx, submission.FromOrgan, asker, edxml, ct) : null;
            if (answered is null && about is { Code: { } code, PromulgationDate: { } date })
                answered = await IncomingTable.MatchCodeAsync(tx, submission.FromOrgan, asker, code, date.ToString("yyyy-MM-dd"), ct);
            if (answered is null)
                continue;
            await LinkAsync(tx, answered.Id, document, now, ct);
            await DeadlineTable.MeetAsync(tx, answered.Id, DeadlineKind.Answer, now, ct);
        }
    }

    /// <summary>A document arrives that answers what its recipient sent.</summary>
    public static async Task ArrivedAsync(DatabaseTransaction tx, StoredIncoming incoming, EdxmlDocument document, CancellationToken ct)
    {
        foreach (var about in document.ResponseFor.Where(r => r.OrganId is null || r.OrganId.Text == incoming.Organ))
        {
            var answered = about.DocumentId is { } edxml ? await DocumentTable.FindEdxmlAsync(tx, incoming.Organ, edxml, ct) : null;
            if (answered is null && about is { Code: { } code, PromulgationDate: { } date })
                answered = await DocumentTable.FindCodeAsync(tx, incoming.Organ, code, date, ct);
            if (answered is { } id)
                await LinkAsync(tx, id, incoming.Id, incoming.Received, ct);
        }
    }

    /// <summary>What arrived in answer to an outgoing document, oldest first.</summary>
    public static Task<List<ResponseLink>> ToOutgoingAsync(DatabaseTransaction tx, Guid document, CancellationToken ct) => tx.QueryAsync(
        """
        SELECT i.id, i.from_organ, i.from_name, i.code, i.edxml_id, r.answered_at FROM response r JOIN incoming i ON i.id = r.answer
        WHERE r.answered = @id ORDER BY r.answered_at, i.id
        """, Read, ct, ("id", document));

    /// <summary>What the unit sent in answer to an incoming document, oldest first.</summary>
    public static Task<List<ResponseLink>> ToIncomingAsync(DatabaseTransaction tx, Guid incoming, CancellationToken ct) => tx.QueryAsync(
        """
        SELECT o.id, o.organ, NULL, o.code, o.edxml_id, r.answered_at FROM response r JOIN document o ON o.id = r.answer
        WHERE r.answered = @id ORDER BY r.answered_at, o.id
        """, Read, ct, ("id", incoming));

    private static Task LinkAsync(DatabaseTransaction tx, Guid answered, Guid answer, DateTimeOffset at, CancellationToken ct) => tx.ExecuteAsync(
        "INSERT INTO response (answered, answer, answered_at) VALUES (@answered, @answer, @at) ON CONFLICT (answered, answer) DO NOTHING", ct,
        ("answered", answered), ("answer", answer), ("at", at));

    private static ResponseLink Read(Row row) => new(row.Id(0), new Party(row.Text(1), row.TextOrNull(2)), row.Text(3), row.Text(4), row.Time(5));
}
