using VanBanDienTu.Pdf;
using VanBanDienTu.Signing.Trust;
using VanBanDienTu.Signing.Verification;

namespace VanBanDienTu.Signing.Levels;

/// <summary>Lets the product's verifier judge our own output, offline, so that only what is inside the file counts: it must report the level that was asked for.</summary>
/// <param name="trust">The anchors.</param>
/// <param name="time">The clock.</param>
internal sealed class LevelCheck(TrustSnapshot trust, TimeProvider time)
{
    private readonly PdfVerifier _verifier = new(trust, null, time);

    /// <param name="file">The output, open.</param>
    /// <param name="check">What its cryptography says; the verifier does not do that again.</param>
    /// <param name="wanted">The level that was asked for.</param>
    /// <param name="fields">Whose level matters; null: every signature's.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <returns>What the verifier says.</returns>
    /// <exception cref="SigningException"><see cref="SigningFault.OutputDoesNotVerify"/>.</exception>
    public async Task<FileVerdict> RunAsync(PdfFile file, FileCheck check, BaselineLevel wanted, IReadOnlySet<string>? fields, CancellationToken cancellation)
    {
        var verdict = (await _verifier.JudgeAsync(file, check, new VerificationOrder { Name = "" }, cancellation)).Verdict;
        var ours = verdict.Signatures.Where(s => s.Kind == SignatureKind.Signature && (fields is null || fields.Contains(s.Field))).ToList();
        if (ours.Count == 0)
            throw LevelFaults.NotReached(wanted, "–", "không có trong tệp", "is not there");
        foreach (var signature in ours)
        {
            if (Problem(signature, wanted) is { } problem)
                throw LevelFaults.NotReached(wanted, signature.Field, problem.Vi, problem.En);
        }
        // Timestamps under all of these signatures are none of ours, whatever became of them.
        var first = ours.Min(s => s.Revision);
        foreach (var stamp in verdict.Signatures.Where(s => s.Kind == SignatureKind.Timestamp && s.Revision > first))
        {
            if (stamp.Integrity != Integrity.Intact)
                throw LevelFaults.NotReached(wanted, stamp.Field, "là dấu thời gian không nguyên vẹn", "is a timestamp that is not intact");
        }
        return verdict;
    }

    private static LocalText? Problem(SignatureVerdict signature, BaselineLevel wanted)
    {
        if (signature.Integrity != Integrity.Intact || signature.LaterChanges is not (LaterChange.None or LaterChange.Permitted))
            return new LocalText($"không nguyên vẹn ({signature.Integrity}, {signature.LaterChanges})", $"is not intact ({signature.Integrity}, {signature.LaterChanges})");
        if (BaselineLevels.Parse(signature.Level) is not { } level || level < wanted)
        {
            var missing = string.Join(", ", signature.MissingForNextLevel);
            return new LocalText($"chỉ đạt {signature.Level ?? "–"}; thiếu: {missing}", $"is {signature.Level ?? "no baseline signature"}; missing: {missing}");
        }
        return wanted < BaselineLevel.LongTerm || signature.EtsiIndication == Indication.TotalPassed ? null : new LocalText(
            $"chưa hợp lệ nếu không có mạng: {signature.SubIndication} {string.Join(' ', signature.Reasons.Select(r => r.Text.Vi))}",
            $"does not pass without a network: {signature.SubIndication} {string.Join(' ', signature.Reasons.Select(r => r.Text.En))}");
    }
}
