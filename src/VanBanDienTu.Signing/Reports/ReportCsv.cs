using System.Globalization;

namespace VanBanDienTu.Signing.Reports;

/// <summary>A table for spreadsheets: one row a signature, one for a file without any; what needs attention stands first.</summary>
public static class ReportCsv
{
    private static readonly string[] Columns =
    [
        "file", "verdict", "field", "kind", "indication", "subIndication", "signer", "organId", "role", "serial", "integrity", "coverage", "laterChanges",
        "level", "claimedTime", "bestTime", "proofUsed", "reason", "size", "sha256", "reportId",
    ];

    /// <summary>The files in the order of <see cref="FileOrder"/>. RFC 4180, UTF-8 with a byte order mark, which spreadsheets need for Vietnamese.</summary>
    public static byte[] Utf8(VerificationReport report)
    {
        using var bytes = new MemoryStream();
        Write(bytes, report);
        return bytes.ToArray();
    }

    /// <summary>The same, a row at a time.</summary>
    public static void Write(Stream target, VerificationReport report)
    {
        using var text = new CsvText(target);
        text.Line(Columns);
        foreach (var file in FileOrder.ExceptionsFirst(report.Files))
        {
            foreach (var signature in file.Signatures.Count == 0 ? [null] : file.Signatures.Cast<SignatureVerdict?>())
                text.Line(Row(file, signature));
        }
    }

    private static string?[] Row(FileVerdict file, SignatureVerdict? s) =>
    [
        file.File, FileOutcomes.Word(file.Verdict), s?.Field, s?.Kind.ToString().ToLowerInvariant(), s is null ? null : FileOutcomes.Word((FileOutcome)s.Indication), s?.SubIndication,
        s?.Signer?.Name ?? s?.Signer?.Subject, s?.Signer?.OrganId, s?.Role, s?.Signer?.Serial, s?.Integrity.ToString().ToLowerInvariant(),
        s?.Coverage switch { Coverage.WholeFile => "whole-file", Coverage.EarlierRevision => "earlier-revision", Coverage.Partial => "partial", _ => null },
        s?.LaterChanges.ToString().ToLowerInvariant(), s?.Level, Time(s?.ClaimedTime), Time(s?.BestTime), s?.Proofs.FirstOrDefault(p => p.Used)?.Kind,
        (s?.Reasons.Count > 0 ? s.Reasons[0].Text : file.Findings.FirstOrDefault(f => f.Severity == Severity.Critical)?.Text)?.Vi,
        file.Size.ToString(CultureInfo.InvariantCulture), file.Sha256, file.ReportId,
    ];

    private static string? Time(DateTimeOffset? time) => time?.ToOffset(TimeSpan.FromHours(7)).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);
}
