using System.Security.Cryptography;
using System.Text;
using VanBanDienTu.Signing.Evidence;
using VanBanDienTu.Signing.Trust;

namespace VanBanDienTu.TestKit.Faults;

/// <summary>
/// Proves from outside that nothing was lost, doubled or invented: what the systems at both ends know for certain (<see cref="Ledger"/>)
/// against the logs of evidence that the nodes keep. It reads rows and receipts only, and uses no code of the relay.
/// </summary>
/// <remarks>
/// One round: <see cref="Begin"/>, <see cref="Read"/> for every database that answers, <see cref="Findings"/>. The order matters: a receipt
/// that a system holds before a log is read must be in that log. Between rounds everything may run on; only <c>quiet</c> asks for the end
/// of every story.
/// </remarks>
public sealed class Checker(TrustSnapshot trust)
{
    /// <summary>Of each, a node signs one for a message, whatever was repeated and whichever of its processes answered.</summary>
    private static readonly HashSet<string> Once = new(StringComparer.Ordinal)
    {
        "SubmissionAcceptance", "SubmissionRejection", "RelayAcceptance", "ContentConsignment", "ContentHandover", "ConsignmentRejection",
    };

    private static readonly HashSet<string> Failures = new(StringComparer.Ordinal)
    {
        "SubmissionRejection", "RelayRejection", "RelayFailure", "ContentConsignmentFailure", "ConsignmentRejection", "ContentHandoverFailure",
    };

    private readonly Dictionary<(string Database, string Node), (long Sequence, string Hash)> chains = [];
    private readonly Dictionary<string, Piece> pieces = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> databaseOf = new(StringComparer.Ordinal); // by node
    private readonly HashSet<string> readNow = new(StringComparer.Ordinal);
    private readonly List<string> broken = [];
    private readonly EvidencePaths paths = new();
    private LedgerPage page = LedgerPage.Empty;
    private int round;

    /// <summary>Pieces of evidence that were read and verified.</summary>
    public int Verified => pieces.Count;

    /// <summary>Begins a round with what the systems know now.</summary>
    public void Begin(LedgerPage now)
    {
        round++;
        page = now;
        readNow.Clear();
    }

    /// <summary>Takes the rows that one database gained since it was read last; an empty list says that it gained none.</summary>
    public void Read(string database, IEnumerable<EvidenceRow> rows)
    {
        readNow.Add(database);
        foreach (var row in rows) Take(row);
    }

    /// <summary>Refusals and failures that somebody signed, each with its reason: for who sent nothing that deserved one.</summary>
    public IEnumerable<string> SignedFailures => pieces.Values.Where(p => Failures.Contains(p.Event)).Select(p => p.ToString());

    /// <summary>Whether exactly this receipt is in the log of the node that signed it.</summary>
    public bool Holds(Receipt receipt) => pieces.TryGetValue(receipt.Id, out var kept) && kept.KeptByIssuer && kept.Digest == DigestOf(receipt);

    /// <summary>Everything that is wrong, one sentence each; empty when all is well.</summary>
    /// <param name="quiet">All work is done: whatever was acknowledged must have come to its end, and its proofs home to the sender.</param>
    public IReadOnlyList<string> Findings(bool quiet)
    {
        var findings = new List<string>([.. broken, .. page.Contradictions]);
        findings.AddRange(ForeignWithoutSource());
        findings.AddRange(Doubled());
        findings.AddRange(HandoversWithoutEvidence());
        findings.AddRange(NotAsSent());
        findings.AddRange(HandedOverTwice());
        if (quiet) findings.AddRange(Unfinished());
        return findings;
    }

    private void Take(EvidenceRow row)
    {
        var receipt = row.Receipt;
        var chain = (row.Database, row.Node);
        var (last, previous) = chains.GetValueOrDefault(chain, (0, new string('0', 64)));
        if (row.Sequence != last + 1)
            broken.Add($"{row.Database}: the chain of {row.Node} goes from {last} to {row.Sequence}");
        else if (Link(previous, receipt) != row.Hash)
            broken.Add($"{row.Database}: row {row.Sequence} of {row.Node} ({receipt.Event}) does not fit the hash of its chain");
        chains[chain] = (row.Sequence, row.Hash);
        databaseOf[row.Node] = row.Database;
        var digest = DigestOf(receipt);
        if (!pieces.TryGetValue(receipt.Id, out var piece))
        {
            if (EvidenceVerifier.Verify(receipt.Json, receipt.Signature, trust, TimeProvider.System.GetUtcNow(), paths) is { Valid: false } verdict)
                broken.Add($"{row.Database}: {receipt.Event} {receipt.Id} of {receipt.Issuer} does not verify: {verdict.Text?.En}");
            pieces.Add(receipt.Id, piece = Piece.Parse(receipt, digest, round));
        }
        if (piece.Digest != digest)
            broken.Add($"{row.Database}: {receipt.Event} {receipt.Id} of {receipt.Issuer} has other bytes than elsewhere");
        piece.Databases.Add(row.Database);
        if (row.Own) piece.KeptByIssuer = true;
    }

    /// <summary>No receipt without durable evidence: what a peer held in an earlier round, its issuer holds in this one.</summary>
    private IEnumerable<string> ForeignWithoutSource() =>
        from piece in pieces.Values
        where !piece.KeptByIssuer && piece.Round < round && databaseOf.TryGetValue(piece.Issuer, out var at) && readNow.Contains(at)
        select $"{piece} is with a peer ({string.Join(", ", piece.Databases)}) but its issuer does not hold it";

    private IEnumerable<string> Doubled() =>
        from piece in pieces.Values
        where Once.Contains(piece.Event)
        group piece by (piece.Event, piece.Organ, About: piece.MessageId ?? piece.DocumentId) into same
        where same.Count() > 1
        select $"{same.Count()} × {same.Key.Event} of {same.Key.Organ} for {same.Key.About}: {string.Join(", ", same.Select(p => p.Id))}";

    private IEnumerable<string> HandoversWithoutEvidence()
    {
        foreach (var handed in page.HandedOver)
        {
            var proof = handed.Proof;
            if (proof.Event != "ContentHandover" || Piece.Parse(proof, "", 0).MessageId != handed.MessageId)
                yield return $"{handed.Organ} confirmed {handed.MessageId} and got {proof.Event} {proof.Id} about something else";
            if (!databaseOf.TryGetValue(proof.Issuer, out var at) || !readNow.Contains(at)) continue;
            if (!pieces.TryGetValue(proof.Id, out var kept) || !kept.KeptByIssuer)
                yield return $"{handed.Organ} holds the receipt {proof.Event} {proof.Id} for {handed.MessageId}, but {proof.Issuer} does not";
            else if (kept.Digest != DigestOf(proof))
                yield return $"{handed.Organ} holds {proof.Event} {proof.Id} with other bytes than {proof.Issuer}";
        }
    }

    private IEnumerable<string> NotAsSent()
    {
        var sent = page.Sent.ToDictionary(s => s.EdxmlDocumentId, StringComparer.Ordinal);
        foreach (var handed in page.HandedOver)
        {
            if (!sent.TryGetValue(handed.EdxmlDocumentId, out var document) || !document.Recipients.Contains(handed.Organ, StringComparer.Ordinal))
                yield return $"{handed.Organ} was handed {handed.EdxmlDocumentId} ({handed.MessageId}), which nobody sent there";
            else if (!handed.AsSent)
                yield return $"{handed.Organ} was handed {handed.EdxmlDocumentId} ({handed.MessageId}) with other bytes than were sent";
        }
    }

    private IEnumerable<string> HandedOverTwice() =>
        from handed in page.HandedOver
        group handed by (handed.Organ, handed.EdxmlDocumentId) into same
        where same.Count() > 1
        select $"{same.Key.Organ} was handed {same.Key.EdxmlDocumentId} {same.Count()} times: {string.Join(", ", same.Select(h => h.MessageId))}";

    private IEnumerable<string> Unfinished()
    {
        var handed = page.HandedOver.ToLookup(h => (h.EdxmlDocumentId, h.Organ));
        var failed = pieces.Values.Where(p => Failures.Contains(p.Event)).ToList();
        var accepted = pieces.Values.Where(p => p.Event == "SubmissionAcceptance" && p.RequestId is not null).ToLookup(p => p.RequestId!, StringComparer.Ordinal);
        foreach (var sent in page.Sent.Where(s => page.Acknowledged.Contains(s.RequestId)))
        {
            foreach (var organ in sent.Recipients)
            {
                var failure = failed.FirstOrDefault(f => f.RequestId == sent.RequestId || (f.EdxmlDocumentId == sent.EdxmlDocumentId && f.To.Contains(organ, StringComparer.Ordinal)));
                switch (handed[(sent.EdxmlDocumentId, organ)].FirstOrDefault(), failure)
                {
                    case (null, null):
                        yield return $"{sent.RequestId} ({sent.EdxmlDocumentId}) was acknowledged, but {organ} was never handed it, and nobody signed a failure";
                        break;
                    case ({ } arrived, { } no):
                        yield return $"{sent.RequestId} was handed to {organ} as {arrived.MessageId}, and yet there is {no}";
                        break;
                    case ({ } arrived, null) when !accepted[sent.RequestId].Any():
                        yield return $"{sent.RequestId} was handed to {organ} as {arrived.MessageId} without a SubmissionAcceptance";
                        break;
                    case ({ } arrived, null) when pieces.TryGetValue(arrived.Proof.Id, out var proof)
                        && !proof.Databases.Contains(databaseOf[accepted[sent.RequestId].First().Issuer]):
                        yield return $"{proof} never came home to the sender of {sent.RequestId}";
                        break;
                }
            }
        }
    }

    // The chain as evidence is numbered and chained in each node, written a second time.
    private static string Link(string previous, Receipt receipt) => Ledger.Digest(Encoding.ASCII.GetBytes(
        previous + Ledger.Digest(receipt.Json.Span) + Ledger.Digest(receipt.Signature.Span)));

    private static string DigestOf(Receipt receipt)
    {
        using var both = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        both.AppendData(SHA256.HashData(receipt.Json.Span));
        both.AppendData(receipt.Signature.Span);
        return Convert.ToHexStringLower(both.GetHashAndReset());
    }
}
