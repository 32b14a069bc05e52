using VanBanDienTu.Relay.Incoming;
using VanBanDienTu.Relay.Messages;
using VanBanDienTu.Relay.Outgoing;
using VanBanDienTu.Relay.Payloads;
using VanBanDienTu.Relay.Storage;

namespace VanBanDienTu.Relay.Evidence;

/// <summary>One file of a document's story.</summary>
/// <param name="Name">Path inside a bundle, unique there.</param>
/// <param name="Open">Its bytes; the caller disposes the stream.</param>
public sealed record StoryFile(string Name, string ContentType, Func<Stream> Open);

/// <summary>
/// Everything that this node holds of one document (hồ sơ chứng cứ): the files as they were signed and sent, the edXML envelopes, every piece
/// of evidence with its signature, the verification reports.
/// </summary>
public sealed class DocumentStory
{
    private const string Pdf = "application/pdf";
    private readonly Ground ground;

    internal DocumentStory(Ground ground) => this.ground = ground;

    /// <summary>Of an outgoing document and all its deliveries. An organ gets its own; null = anyone's (auditors).</summary>
    /// <exception cref="RelayException"><see cref="RelayFault.DocumentUnknown"/>.</exception>
    public async Task<IReadOnlyList<StoryFile>> OfDocumentAsync(string? organ, Guid documentId, CancellationToken ct)
    {
        var evidence = await ground.Evidence.OfDocumentAsync(organ, documentId, ct);
        return await ground.Database.ReadAsync(
            async tx =>
            {
                var (attachments, reports) = (await tx.QueryAsync(
                    "SELECT submission, attachments, reports FROM document WHERE id = @id",
                    row => (Sent(RowJson.Read<Submission>(row.Text(0)), RowJson.Read<List<Attachment>>(row.Text(1))), RowJson.Read<List<string>>(row.Text(2))), ct,
                    ("id", documentId)))[0];
                var messages = await tx.QueryAsync(
                    $"SELECT {MessageTable.Columns} FROM message m JOIN delivery d ON d.id = m.id WHERE d.document_id = @id ORDER BY d.place",
                    MessageTable.Read, ct, ("id", documentId));
                return Files(
                    attachments, messages.ConvertAll(m => (m.Header.Id, m.Header.Envelope.ToArray())), evidence, await ReportsAsync(tx, reports, ct));
            }, ct);
    }

    /// <summary>Of a document that arrived here, or of a message that passed. How its recipient judged it, only the recipient and auditors read.</summary>
    /// <exception cref="RelayException"><see cref="RelayFault.DocumentUnknown"/>.</exception>
    public async Task<IReadOnlyList<StoryFile>> OfMessageAsync(string? organ, Guid messageId, CancellationToken ct)
    {
        var evidence = await ground.Evidence.OfMessageAsync(organ, messageId, ct);
        return await ground.Database.ReadAsync(
            async tx =>
            {
                if (await IncomingTable.FindAsync(tx, messageId, ct) is { } incoming)
                    return Files(incoming.Attachments, [(messageId, incoming.Envelope)], evidence, organ is null || organ == incoming.Organ ? incoming.Reports : []);
                var passed = (await MessageTable.FindAsync(tx, messageId, ct))?.Header;
                return passed is null ? Files([], [], evidence, []) : Files(passed.Attachments, [(messageId, passed.Envelope.ToArray())], evidence, []);
            }, ct);
    }

    /// <summary>A refused document has no files that were sent: then those that were handed in.</summary>
    private static IReadOnlyList<Attachment> Sent(Submission submission, List<Attachment> prepared) =>
        prepared.Count > 0
            ? prepared
            : [.. submission.Attachments.Where(a => a.Payload is not null).Select(a => new Attachment(a.Name, a.Payload!, a.ContentType))];

    private static async Task<List<PayloadRef>> ReportsAsync(DatabaseTransaction tx, List<string> digests, CancellationToken ct)
    {
        var reports = new List<PayloadRef>(digests.Count);
        foreach (var digest in digests)
            reports.AddRange(await tx.QueryAsync("SELECT sha256, size FROM payload WHERE sha256 = @id", row => new PayloadRef(row.Text(0), row.Number(1)), ct, ("id", digest)));
        return reports;
    }

    private List<StoryFile> Files(
        IReadOnlyList<Attachment> attachments, IReadOnlyList<(Guid Message, byte[] Xml)> envelopes, IReadOnlyList<SignedEvidence> evidence, IReadOnlyList<PayloadRef> reports)
    {
        var files = new List<StoryFile>();
        for (var i = 0; i < attachments.Count; i++)
        {
            var attachment = attachments[i];
            files.Add(new StoryFile(
                $"documents/{i + 1:D2}-{Safe(attachment.Name)}", attachment.ContentType.Length > 0 ? attachment.ContentType : Pdf,
                () => ground.Payloads.Open(attachment.Payload)));
        }

        files.AddRange(envelopes.Where(e => e.Xml.Length > 0).Select(e =>
            new StoryFile($"envelopes/{e.Message:D}.xml", "application/xml", () => new MemoryStream(e.Xml, writable: false))));
        for (var i = 0; i < evidence.Count; i++)
        {
            var piece = evidence[i];
            var name = $"evidence/{i + 1:D4}-{Safe(piece.Event)}.json";
            files.Add(new StoryFile(name, "application/json", () => new MemoryStream(piece.Json.ToArray(), writable: false)));
            files.Add(new StoryFile(name + ".p7s", "application/pkcs7-signature", () => new MemoryStream(piece.Signature.ToArray(), writable: false)));
        }

        files.AddRange(reports.DistinctBy(r => r.Sha256, StringComparer.Ordinal).Select(report =>
            new StoryFile($"reports/{report.Sha256[..16]}.json", "application/json", () => ground.Payloads.Open(report))));
        return files;
    }

    private static string Safe(string name)
    {
        var safe = string.Concat(name.Select(c => char.IsControl(c) || c is '/' or '\\' or ':' ? '_' : c)).Trim('.', ' ');
        return safe.Length is > 0 and <= 200 ? safe : "document.pdf";
    }
}
