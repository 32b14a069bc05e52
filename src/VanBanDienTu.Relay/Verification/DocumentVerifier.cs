using VanBanDienTu.Pdf;
using VanBanDienTu.Relay.Messages;
using VanBanDienTu.Relay.Payloads;
using VanBanDienTu.Relay.Storage;
using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Reports;

namespace VanBanDienTu.Relay.Verification;

/// <summary>The verdicts on a document's PDFs, and the report about them as it is kept.</summary>
/// <param name="Files">One for each PDF, in the order of the attachments.</param>
/// <param name="Verdicts">What is still to be stored about them, by whoever decides.</param>
internal sealed record VerifiedDocument(IReadOnlyList<FileVerdict> Files, PayloadRef Report, IReadOnlyList<UnstoredVerdict> Verdicts)
{
    /// <summary>Every verdict is kept, whatever is decided by it: in the transaction of that decision.</summary>
    public static async Task StoreAsync(DatabaseTransaction tx, IEnumerable<VerifiedDocument> verified)
    {
        foreach (var verdict in verified.SelectMany(v => v.Verdicts))
            await verdict.StoreAsync(tx);
    }

    /// <summary>That transaction is durable.</summary>
    public static void Stored(IEnumerable<VerifiedDocument> verified)
    {
        foreach (var verdict in verified.SelectMany(v => v.Verdicts))
            verdict.Stored();
    }
}

/// <summary>Verifies the PDFs of a document; each verdict is to be kept with what it rests on, and the report about all of them by its digest.</summary>
internal sealed class DocumentVerifier(Ground ground, VerdictArchive verdicts)
{
    /// <summary>The document itself is always taken for a PDF, whatever its name says.</summary>
    public static bool IsPdf(IReadOnlyList<Attachment> attachments, int index) =>
        index == 0 || attachments[index].Name.EndsWith(".pdf", StringComparison.OrdinalIgnoreCase)
        || string.Equals(attachments[index].ContentType, "application/pdf", StringComparison.OrdinalIgnoreCase);

    /// <param name="organ">Whose document it is.</param>
    /// <param name="scratch">Of the caller's work.</param>
    public async Task<VerifiedDocument> VerifyAsync(IReadOnlyList<Attachment> attachments, string organ, Scratch scratch, CancellationToken ct)
    {
        var (files, unstored) = (new List<FileVerdict>(), new List<UnstoredVerdict>());
        for (var i = 0; i < attachments.Count; i++)
        {
            if (!IsPdf(attachments, i))
                continue;
            var (payload, name) = (attachments[i].Payload, attachments[i].Name);
            using var file = payload.Size <= PayloadStore.MemoryBytes
                ? PdfBytes.Of(await scratch.ReadAsync(payload, ct)) : PdfBytes.Over(ground.Payloads.Open(payload));
            var (report, verdict) = await verdicts.JudgeAsync(file, name, organ, ct);
            if (report.Files.FirstOrDefault() is { } judged && !string.Equals(judged.Sha256, payload.Sha256, StringComparison.Ordinal))
                throw ProvenStream.Damaged(payload, "its digest is another one", null); // our disk's fault is no verdict about its sender
            files.AddRange(report.Files);
            unstored.Add(verdict);
        }

        return new VerifiedDocument(files, await ground.Payloads.SaveAsync(ReportJson.Utf8(ground.Verifier.Report(files)), ct), unstored);
    }

    /// <summary>
    /// An authority did not answer: worth asking again later. The bytes are right and the signer is trusted, only the revocation is unknown.
    /// </summary>
    public static bool WaitsForAuthority(FileVerdict file) => file.Signatures.Any(s =>
        s is { Indication: Indication.Indeterminate, Integrity: Integrity.Intact, Trusted: true }
        && (s.SubIndication == "TRY_LATER" || s.Revocation.Any(r => r.Status == "unknown")));
}
