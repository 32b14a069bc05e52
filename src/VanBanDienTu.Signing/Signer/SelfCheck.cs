using VanBanDienTu.Pdf;
using VanBanDienTu.Signing.Levels;
using VanBanDienTu.Signing.Verification;

namespace VanBanDienTu.Signing;

/// <summary>Opens our own output again and verifies it as a stranger would, before anyone gets it.</summary>
internal static class SelfCheck
{
    /// <param name="written">Our output.</param>
    /// <param name="fieldName">The field that was signed.</param>
    /// <param name="request">What was asked for: from B-LT on validation data was appended after the signature, so it no longer covers the whole file.</param>
    /// <param name="input">What the output was made from.</param>
    /// <param name="levels">Above B-B: asks the verifier which level was reached.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <returns>What the cryptography says, and the output's length.</returns>
    /// <exception cref="SigningException"><see cref="SigningFault.OutputDoesNotVerify"/>.</exception>
    public static async Task<(FileCheck Check, long Size)> RunAsync(SignedDraft written, string fieldName, SignatureRequest request, PdfFile input, LevelCheck levels, CancellationToken cancellation)
    {
        try
        {
            using var file = written.Open(request.Password);
            var check = FileCheck.Run(file, cancellation);
            var ours = check.Signatures.FirstOrDefault(s => string.Equals(s.FieldName, fieldName, StringComparison.Ordinal));
            var raised = request.Level >= BaselineLevel.LongTerm;
            if (ours is not { Integrity: Integrity.Intact } || (ours.Coverage, ours.LaterChanges) != (raised ? (Coverage.EarlierRevision, LaterChange.Permitted) : (Coverage.WholeFile, LaterChange.None)))
                throw Failed(fieldName, ours is null ? "it is not there" : $"{ours.Integrity}, {ours.Coverage}, {ours.LaterChanges}");
            if (check.Signatures.Count > 1)
                EarlierAreWhatTheyWere(check, fieldName, input, cancellation);
            if (request.Level > BaselineLevel.Basic)
                await levels.RunAsync(file, check, request.Level, new HashSet<string>(StringComparer.Ordinal) { fieldName }, cancellation);
            return (check, file.Bytes.Length);
        }
        catch (PdfException e)
        {
            throw Failed(fieldName, e.En);
        }
    }

    /// <summary>The same for a file to which only validation data and timestamps were appended.</summary>
    /// <exception cref="SigningException"><see cref="SigningFault.OutputDoesNotVerify"/>.</exception>
    public static async Task<(FileCheck Check, FileVerdict Verdict, long Size)> ExtendedAsync(
        SignedDraft written, BaselineLevel level, PdfFile input, PdfPassword? password, LevelCheck levels, CancellationToken cancellation)
    {
        try
        {
            using var file = written.Open(password);
            var check = FileCheck.Run(file, cancellation);
            EarlierAreWhatTheyWere(check, null, input, cancellation);
            return (check, await levels.RunAsync(file, check, level, null, cancellation), file.Bytes.Length);
        }
        catch (PdfException e)
        {
            throw Failed("–", e.En);
        }
    }

    // The usual case is settled by the output alone; the input is only read again when an earlier signature looks bad.
    private static void EarlierAreWhatTheyWere(FileCheck after, string? fieldName, PdfFile input, CancellationToken cancellation)
    {
        var doubtful = after.Signatures
            .Where(s => !string.Equals(s.FieldName, fieldName, StringComparison.Ordinal) && (s.Integrity != Integrity.Intact || s.LaterChanges >= LaterChange.Unknown))
            .ToList();
        if (doubtful.Count == 0)
            return;
        var before = FileCheck.Run(input, cancellation).Signatures.ToLookup(s => s.FieldName, StringComparer.Ordinal);
        foreach (var signature in doubtful)
        {
            if (!before[signature.FieldName].Any(b => b.Integrity == signature.Integrity && (b.LaterChanges >= LaterChange.Unknown || signature.LaterChanges < LaterChange.Unknown)))
                throw Failed(signature.FieldName, $"an earlier signature would become {signature.Integrity}, {signature.LaterChanges}: {string.Join(' ', signature.Changes.Take(5).Select(c => c.Object + " " + c.Text.En))}");
        }
    }

    private static SigningException Failed(string field, string why) => new(SigningFault.OutputDoesNotVerify,
        $"The signed file did not verify (field {field}: {why}); nothing was written. Please report this with the input file.",
        $"Tệp vừa ký không qua được kiểm tra (trường {field}: {why}); không ghi kết quả. Hãy báo lỗi kèm tệp đầu vào.");
}
