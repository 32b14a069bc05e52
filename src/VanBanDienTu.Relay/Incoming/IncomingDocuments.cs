using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using VanBanDienTu.Axis.Documents;
using VanBanDienTu.Axis.Edxml;
using VanBanDienTu.Relay.Deadlines;
using VanBanDienTu.Relay.Messages;
using VanBanDienTu.Relay.Outgoing;
using VanBanDienTu.Relay.Storage;
using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Reports;

namespace VanBanDienTu.Relay.Incoming;

/// <summary>What arrived for an organ.</summary>
public sealed class IncomingDocuments
{
    /// <summary>Reports and headers that are held as they were read; then all are forgotten.</summary>
    private const int MostLooked = 128;

    private readonly ConcurrentDictionary<string, IReadOnlyList<FileVerdict>> verdicts = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Guid, (DocumentHeader Header, IReadOnlyList<string> Concerns)> packets = new();
    private readonly Ground ground;

    internal IncomingDocuments(Ground ground) => this.ground = ground;

    /// <exception cref="RelayException"><see cref="RelayFault.DocumentUnknown"/>, also for another organ's document.</exception>
    public async Task<IncomingDocument> GetAsync(string organ, Guid id, CancellationToken ct)
    {
        var found = await ground.Database.ReadAsync(
            async tx => await IncomingTable.FindAsync(tx, id, ct) is { } row && row.Organ == organ
                ? await CompleteAsync(tx, row, ct)
                : throw RelayException.Unknown(id.ToString("D")), ct);
        return View(found);
    }

    /// <summary>Oldest first.</summary>
    /// <param name="size">1 to 500; anything else = 100.</param>
    /// <param name="next">From the page before; null or empty = the first page.</param>
    /// <param name="overdueOnly">Only those with a deadline that is over and not met.</param>
    public async Task<Page<IncomingDocument>> ListAsync(
        string organ, int size, string? next, bool unconfirmedOnly, string? code, CancellationToken ct, bool overdueOnly = false)
    {
        var most = size is >= 1 and <= 500 ? size : 100;
        var after = PageToken.Read(next) ?? (-1L, "");
        var page = await ground.Database.ReadAsync(
            async tx =>
            {
                var rows = await IncomingTable.ListAsync(tx, organ, most, after, unconfirmedOnly, overdueOnly, string.IsNullOrEmpty(code) ? null : code, ct);
                var complete = new List<Complete>(rows.Count);
                foreach (var row in rows)
                    complete.Add(await CompleteAsync(tx, row, ct));
                return complete;
            }, ct);
        var views = page.ConvertAll(View);
        return new Page<IncomingDocument>(views, views.Count < most ? "" : PageToken.Write(views[^1].Received, views[^1].Id));
    }

    /// <summary>
    /// Begins with all that is not yet confirmed, then every new document once its signatures are judged, and every decision and request;
    /// ends only by cancelling.
    /// </summary>
    public async IAsyncEnumerable<IncomingDocument> WatchAsync(string organ, [EnumeratorCancellation] CancellationToken ct)
    {
        var seen = await ground.Database.ReadAsync(tx => EventTable.LastAsync(tx, ct), ct);
        var next = "";
        do
        {
            var page = await ListAsync(organ, 100, next, unconfirmedOnly: true, null, ct);
            foreach (var document in page.Items.Where(d => d.Acceptance != Acceptance.Verifying))
                yield return document;
            next = page.Next;
        }
        while (next.Length > 0);

        while (true)
        {
            var told = ground.Database.Told.Next;
            var events = await ground.Database.AskAsync(tx => EventTable.AfterAsync(tx, EventTable.In, organ, seen, null, ct), ct);
            foreach (var id in events.Select(e => e.DocumentId).Distinct())
            {
                var document = await GetAsync(organ, id, ct);
                if (document.Acceptance != Acceptance.Verifying)
                    yield return document;
            }

            if (events.Count > 0)
                seen = events[^1].Sequence;
            else
                await Signal.WaitAsync(told, TimeSpan.FromSeconds(5), ground.Time, ct);
        }
    }

    /// <summary>A document with what stands beside it.</summary>
    private sealed record Complete(StoredIncoming Row, List<StatusEntry> Answers, List<ResponseLink> Responses, List<Deadline> Deadlines);

    private static async Task<Complete> CompleteAsync(DatabaseTransaction tx, StoredIncoming row, CancellationToken ct) => new(
        row, await AnswerTable.HistoryAsync(tx, row.Id, ct), await ResponseTable.ToIncomingAsync(tx, row.Id, ct), await DeadlineTable.OfAsync(tx, row.Id, ct));

    private IncomingDocument View(Complete complete) =>
        View(complete.Row, complete, Looked(packets, complete.Row.Id, () => Said(EdxmlReader.ReadEnvelope(complete.Row.Envelope).RequireDocument())));

    private static (DocumentHeader Header, IReadOnlyList<string> Concerns) Said(EdxmlDocument packet) =>
        (Header(packet), [.. KeepDocument.Concerns(packet)]);

    private IncomingDocument View(StoredIncoming row, Complete complete, (DocumentHeader Header, IReadOnlyList<string> Concerns) said) => new()
    {
        Id = row.Id,
        From = row.From,
        Organ = row.Organ,
        EdxmlDocumentId = row.EdxmlDocumentId,
        Document = said.Header,
        Attachments = row.Attachments,
        Envelope = row.Envelope,
        Hops = row.Hops,
        Received = row.Received,
        Acceptance = row.Acceptance,
        Rule = row.Rule,
        Reason = row.ReasonVi is null ? null : new Messages.Reason(row.Rule ?? "", row.ReasonVi, row.ReasonEn ?? row.ReasonVi),
        Verdicts = [.. row.Reports.SelectMany(report => Looked(verdicts, report.Sha256, () => Verdicts(report)))],
        Answers = complete.Answers,
        Confirmed = row.Confirmed,
        Request = row.Request,
        RequestReason = row.RequestReason,
        BusinessType = row.BusinessType,
        Concerns = said.Concerns,
        AskedBy = row.AskedBy,
        Responses = complete.Responses,
        Deadlines = complete.Deadlines,
    };

    /// <summary>Reads what never changes once for those who look at a document, fetch it and confirm it in a row.</summary>
    private static T Looked<TKey, T>(ConcurrentDictionary<TKey, T> held, TKey key, Func<T> read)
        where TKey : notnull
    {
        if (held.TryGetValue(key, out var known))
            return known;
        if (held.Count >= MostLooked)
            held.Clear();
        return held[key] = read();
    }

    private IReadOnlyList<FileVerdict> Verdicts(Payloads.PayloadRef report)
    {
        using var stream = ground.Payloads.Open(report);
        var bytes = new byte[report.Size];
        stream.ReadExactly(bytes);
        return ReportJson.Read(bytes).Files;
    }

    /// <summary>What a packet says about its document.</summary>
    internal static DocumentHeader Header(EdxmlDocument document) => new()
    {
        Number = document.Code.Number,
        Notation = document.Code.Notation ?? "",
        Place = document.Promulgation.Place ?? "",
        PromulgationDate = document.Promulgation.Date,
        TypeName = document.DocumentType?.TypeName ?? "",
        Subject = document.Subject,
        Content = document.Content,
        SignerCompetence = document.Signer?.Competence,
        SignerPosition = document.Signer?.Position,
        SignerName = document.Signer?.FullName,
        DueDate = document.DueDate,
        Urgency = (Messages.Urgency)Math.Min(Urgencies.FromPriority(document.Other?.Priority).Priority(), (int)Messages.Urgency.Flash),
        ToPlaces = document.ToPlaces,
        RespondsTo = [.. document.ResponseFor.Select(r => new DocumentReference(r.OrganId?.Text, r.Code, r.DocumentId, r.PromulgationDate))],
        PageCount = document.Other?.PageAmount ?? 0,
    };
}
