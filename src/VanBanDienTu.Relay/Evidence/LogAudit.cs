using VanBanDienTu.Relay.Receipts;
using VanBanDienTu.Relay.Storage;
using VanBanDienTu.Signing.Certificates;
using VanBanDienTu.Signing.Evidence;
using VanBanDienTu.Signing.Trust;

namespace VanBanDienTu.Relay.Evidence;

/// <summary>Goes through one node's log: numbers, hashes, signatures, and whether each row stands under what its signed content names.</summary>
internal sealed class LogAudit(DatabaseTransaction tx, TrustSnapshot trust, EvidencePaths paths, AuditFindings findings)
{
    private const int Page = 500;

    private static readonly string Rows =
        $"""
        SELECT {EvidenceLog.ColumnsOf("e")}, e.sequence, e.hash, e.own, e.document_id, e.message_id, e.stored_at, m.digest, v.document_id, d.id
        FROM evidence e LEFT JOIN message m ON m.id = e.message_id LEFT JOIN delivery v ON v.id = e.message_id LEFT JOIN document d ON d.id = e.document_id
        WHERE e.node = @node AND e.sequence > @after ORDER BY e.sequence LIMIT @page
        """;

    /// <param name="issued">Rows that the log must hold, as somebody outside of the database remembers.</param>
    /// <param name="read">Called with the number of rows after each page.</param>
    public async Task<AuditedLog> RunAsync(string node, IReadOnlyList<IssuedRow> issued, Action<int> read, CancellationToken ct)
    {
        var (walk, count) = (new ChainWalk(), 0L);
        while (true)
        {
            var rows = await tx.QueryAsync(Rows, LoggedRow.Read, ct, ("node", node), ("after", walk.Last), ("page", Page));
            var verdicts = new EvidenceVerdict[rows.Count];
            Parallel.For(0, rows.Count, new ParallelOptions { CancellationToken = ct }, i =>
                verdicts[i] = EvidenceVerifier.Verify(rows[i].Evidence.Json, rows[i].Evidence.Signature, trust, rows[i].Received, paths));
            for (var i = 0; i < rows.Count; i++)
            {
                Follow(node, walk, rows[i], issued);
                Signed(node, rows[i], verdicts[i]);
            }

            count += rows.Count;
            read(rows.Count);
            if (rows.Count < Page)
                break;
        }

        foreach (var row in issued.Where(row => row.Sequence > walk.Last))
            findings.Cut(node, walk.Last, row.Sequence, row.Where);
        return new AuditedLog(node, count, walk.Last);
    }

    private void Follow(string node, ChainWalk walk, LoggedRow row, IReadOnlyList<IssuedRow> issued)
    {
        var expected = walk.Last + 1;
        switch (walk.Next(row.Chained))
        {
            case ChainFault.Missing: findings.Missing(node, expected, row.Chained.Sequence - 1); break;
            case ChainFault.Changed: findings.Changed(node, row.Chained.Sequence); break;
        }

        if (issued.FirstOrDefault(i => i.Sequence == row.Chained.Sequence && i.Hash != row.Chained.Hash) is { } other)
            findings.Exchanged(node, row.Chained.Sequence, other.Where);
    }

    private void Signed(string node, LoggedRow row, EvidenceVerdict verdict)
    {
        var number = row.Chained.Sequence;
        if (!verdict.Valid)
        {
            if (verdict.Intact) findings.UnknownSigner(node, number, verdict.Text!.Vi, verdict.Text.En);
            else findings.BadSignature(node, number, verdict.Text!.Vi, verdict.Text.En);
        }

        if (ReceiptCheck.Read(row.Evidence) is not { } stated)
            return; // what cannot be read was never signed: said above
        if (verdict.Intact && (verdict.Signer!.OrganId != stated.Organ || verdict.Signer.SubjectKind == SubjectKind.Person))
            findings.WrongSigner(node, number, stated.Organ);
        if (stated.EvidenceId != row.Evidence.EvidenceId || stated.Event != row.Evidence.Event || stated.Node != row.Evidence.Issuer)
            findings.Misfiled(node, number, "mã, sự kiện hoặc nơi cấp", "its id, event or issuer");
        // What an unsigned status says of a document is filed under that document's message, not under its own.
        if (stated.MessageId is { } message && message != row.Message && stated.Event != nameof(EvidenceEvent.ReceivedFromNonERDS))
            findings.Misfiled(node, number, "thông điệp mà nó được xếp vào", "the message that it is filed under");
        if ((row.Chained.Own && stated.DocumentId is { } document && document != row.Document)
            || (row.Document is { } filed && row.DocumentOfDelivery is { } delivered && filed != delivered))
            findings.Misfiled(node, number, "văn bản mà nó được xếp vào", "the document that it is filed under");
        else if (row.Document is { } gone && !row.DocumentThere)
            findings.DocumentGone(node, number, gone.ToString("D"));
        if (row.MessageDigest is { } digest && stated.MessageDigest is { } acknowledged && acknowledged != digest
            && ReceiptCheck.Acceptances.Any(e => e.ToString() == stated.Event))
            findings.OtherContent(node, number, stated.MessageId ?? Guid.Empty);
    }

    /// <param name="Received">When it was kept: the signer's path must have held then.</param>
    /// <param name="MessageDigest">Of the message that it is filed under, when this node sent or forwards that.</param>
    private sealed record LoggedRow(
        SignedEvidence Evidence, ChainedRow Chained, Guid? Document, Guid? Message, DateTimeOffset Received, string? MessageDigest, Guid? DocumentOfDelivery, bool DocumentThere)
    {
        public static LoggedRow Read(Row row)
        {
            var evidence = EvidenceLog.Read(row);
            var chained = new ChainedRow(row.Number(6), row.Text(7), evidence.Event, row.Bytes(2), row.Bytes(3), row.Truth(8));
            return new LoggedRow(
                evidence, chained, Id(row, 9), Id(row, 10), row.Number(11) == 0 ? evidence.Time : row.Time(11), row.TextOrNull(12), Id(row, 13), !row.IsNull(14));
        }

        /// <summary>Whatever somebody wrote there.</summary>
        private static Guid? Id(Row row, int column) => row.TextOrNull(column) is not { } text ? null : Guid.TryParse(text, out var id) ? id : Guid.Empty;
    }
}

/// <summary>A row that was given out, as somebody outside of the database remembers.</summary>
/// <param name="Where">Who: the file's name.</param>
internal sealed record IssuedRow(string Node, long Sequence, string Hash, string Where);
