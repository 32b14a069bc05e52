using VanBanDienTu.Relay.Messages;
using VanBanDienTu.Relay.Payloads;
using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Reports;

namespace VanBanDienTu.Relay.Verification;

/// <summary>The verdicts on a document's PDFs, and the report about them as it is kept.</summary>
/// <param name="Files">One for each PDF, in the order of the attachments.</param>
internal sealed record VerifiedDocument(IReadOnlyList<FileVerdict> Files, PayloadRef Report);

/// <summary>Verifies the PDFs of a document, keeps each verdict with what it rests on, and the report about all of them by its digest.</summary>
internal sealed class DocumentVerifier(Ground ground, VerdictArchive verdicts)
{
    /// <summary>The document itself is always taken for a PDF, whatever its name says.</summary>
    public static bool IsPdf(IReadOnlyList<Attachment> attachments, int index) =>
        index == 0 || attachments[index].Name.EndsWith(".pdf", StringComparison.OrdinalIgnoreCase)
        || string.Equals(attachments[index].ContentType, "application/pdf", StringComparison.OrdinalIgnoreCase);

    /// <param name="organ">Whose document it is.</param>
    /// <param name="scratch">A folder of the caller's for payloads that are in the database.</param>
    public async Task<VerifiedDocument> VerifyAsync(IReadOnlyList<Attachment> attachments, string organ, string scratch, CancellationToken ct)
    {
        var files = new List<FileVerdict>();
        for (var i = 0; i < attachments.Count; i++)
        {
            if (!IsPdf(attachments, i))
                continue;
            var path = await ground.Payloads.PathAsync(attachments[i].Payload, Path.Combine(scratch, $"{i}.verify"), ct);
            files.AddRange((await verdicts.VerifyAsync(path, attachments[i].Name, organ, ct)).Files);
        }

        var report = ReportJson.Utf8(ground.Verifier.Report(files));
        using var bytes = new MemoryStream(report);
        return new VerifiedDocument(files, await ground.Payloads.SaveAsync(bytes, ct));
    }

    /// <summary>
    /// An authority did not answer: worth asking again later. The bytes are right and the signer is trusted, only the revocation is unknown.
    /// </summary>
    public static bool WaitsForAuthority(FileVerdict file) => file.Signatures.Any(s =>
        s is { Indication: Indication.Indeterminate, Integrity: Integrity.Intact, Trusted: true }
        && (s.SubIndication == "TRY_LATER" || s.Revocation.Any(r => r.Status == "unknown")));
}
