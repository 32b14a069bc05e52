using VanBanDienTu.Pdf;
using VanBanDienTu.Signing.Levels;
using VanBanDienTu.Signing.Revocation;
using VanBanDienTu.Signing.Timestamps;
using VanBanDienTu.Signing.Trust;

namespace VanBanDienTu.Signing;

/// <summary>
/// Raises the signatures of a file to a higher baseline level later, without their keys; at B-LTA it renews the archive
/// timestamp. Everything is appended, nothing that was signed changes. Safe for many threads.
/// </summary>
/// <remarks>Source: ETSI EN 319 142-1, clause 6; a B-B signature gets its proof of existence from a document timestamp.</remarks>
/// <param name="time">The clock.</param>
/// <param name="trust">Anchors; needed from B-LT on.</param>
/// <param name="revocation">How revocation answers are fetched.</param>
/// <param name="timestamps">The timestamp authorities; null when none is needed (from B-T to B-LT).</param>
/// <param name="password">Opens encrypted files; null for none.</param>
public sealed class PdfExtender(TimeProvider time, TrustSnapshot trust, RevocationChecker revocation, TimestampClient? timestamps, PdfPassword? password = null)
{
    private readonly TokenRoom _room = new();

    /// <summary>Raises every signature of <paramref name="input"/> to <paramref name="level"/>.</summary>
    /// <exception cref="SigningException">Final: <see cref="SigningFault.PdfUnreadable"/>, <see cref="SigningFault.PdfEncrypted"/>,
    /// <see cref="SigningFault.BadRequest"/> (no signature, broken signature, level reached already, something not given),
    /// <see cref="SigningFault.CertificateRevoked"/>, <see cref="SigningFault.OutputDoesNotVerify"/>. Worth a retry:
    /// <see cref="SigningFault.TimestampUnavailable"/>, <see cref="SigningFault.ValidationDataUnavailable"/>,
    /// <see cref="SigningFault.OutputNotWritten"/>. In every case the input is untouched and no output is left.</exception>
    public async Task<ExtendedPdf> ExtendAsync(string input, string output, BaselineLevel level, CancellationToken cancellation = default)
    {
        OutputFile.CheckApart(input, output);
        var unstamped = await CheckAsync(input, level, cancellation);
        using var before = SignerFaults.Opening(input, () => PdfFile.Open(input, password: password));
        return await OutputFile.WriteAsync(output, async temporary =>
        {
            File.Copy(input, temporary);
            var draft = new FileDraft(temporary);
            await SignerFaults.PdfAsync(input, () => RaiseAsync(draft, level, unstamped, cancellation));
            var (check, verdict, size) = await SelfCheck.ExtendedAsync(draft, level, before, password, new LevelCheck(trust, time), cancellation);
            var signatures = verdict.Signatures.Count(s => s.Kind == SignatureKind.Signature);
            return new ExtendedPdf(output, level, size, check.Sha256, signatures, verdict.Signatures.Count - signatures);
        });
    }

    private async Task RaiseAsync(SignedDraft draft, BaselineLevel level, bool unstamped, CancellationToken cancellation)
    {
        var raiser = new LevelRaiser(time, trust, revocation, timestamps, _room, password);
        if (unstamped)
            await raiser.AppendTimestampAsync(draft, level, cancellation);
        if (level >= BaselineLevel.LongTerm)
            await raiser.AppendStoreAsync(draft, null, cancellation);
        if (level == BaselineLevel.Archived)
            await raiser.AppendTimestampAsync(draft, level, cancellation);
    }

    /// <summary>Refuses what cannot or need not be raised; answers whether a signature has no timestamp at all yet.</summary>
    private async Task<bool> CheckAsync(string input, BaselineLevel level, CancellationToken cancellation)
    {
        if (level == BaselineLevel.Basic)
            throw Refused("every signature is B-B at least; name a higher level", "chữ ký nào cũng đạt ít nhất B-B; hãy chọn mức cao hơn");
        if (level >= BaselineLevel.LongTerm && trust.IsEmpty)
            throw LevelFaults.NoTrust(level);
        var verdict = await new PdfVerifier(trust, null, time, new VerifierOptions { Password = password }).VerifyAsync(input, cancellation: cancellation);
        if (!verdict.Examined)
            throw new SigningException(SigningFault.PdfUnreadable, $"{input} cannot be read: {verdict.Findings[0].Text.En}", $"Không đọc được {input}: {verdict.Findings[0].Text.Vi}");
        var signatures = verdict.Signatures.Where(s => s.Kind == SignatureKind.Signature).ToList();
        if (signatures.Count == 0)
            throw Refused("the file has no signature", "tệp không có chữ ký");
        foreach (var s in signatures)
        {
            if (s.Integrity != Integrity.Intact || s.LaterChanges is not (LaterChange.None or LaterChange.Permitted))
                throw Refused($"the signature {s.Field} is not intact: {s.Text.En}", $"chữ ký {s.Field} không còn nguyên vẹn: {s.Text.Vi}");
            if (s.Level is null)
                throw Refused($"the signature {s.Field} is not even B-B: {string.Join(", ", s.MissingForNextLevel)}", $"chữ ký {s.Field} chưa đạt B-B: {string.Join(", ", s.MissingForNextLevel)}");
        }
        var lowest = signatures.Min(s => BaselineLevels.Parse(s.Level)!.Value);
        if (lowest >= level && level != BaselineLevel.Archived)
            throw Refused($"it is {lowest.Name()} already; only B-LTA can be renewed", $"tệp đã đạt {lowest.Name()}; chỉ B-LTA mới gia hạn được");
        if (timestamps is null && (lowest == BaselineLevel.Basic || level == BaselineLevel.Archived))
            throw LevelFaults.NoAuthority(level);
        return lowest == BaselineLevel.Basic;
    }

    private static SigningException Refused(string en, string vi) => new(SigningFault.BadRequest, $"The file cannot be extended: {en}.", $"Không nâng mức được: {vi}.");
}
