using VanBanDienTu.Relay.Messages;
using VanBanDienTu.Relay.Verification;
using VanBanDienTu.Signing;
using Reason = VanBanDienTu.Relay.Messages.Reason;

namespace VanBanDienTu.Relay.Outgoing;

/// <summary>
/// Whether the organisation may sign: only what the competent person signed, unless the type of document is exempt (NĐ 30/2020, article
/// 32.2d). Pure.
/// </summary>
internal static class PersonalSignature
{
    /// <summary>Null when it may; else why not, and whether waiting may help.</summary>
    public static (Reason Reason, bool Wait)? Problem(IReadOnlyList<FileVerdict> files, bool exempt)
    {
        for (var i = 0; i < files.Count; i++)
        {
            if (OfFile(files[i], mainDocument: i == 0, exempt) is { } problem)
                return problem;
        }

        return null;
    }

    /// <summary>Whether a person signed it, and that holds.</summary>
    /// <param name="file">As it was before the organisation signed.</param>
    public static bool Holds(FileVerdict file) => Of(file).Exists(s => s.Indication == Indication.TotalPassed);

    private static List<SignatureVerdict> Of(FileVerdict file) =>
        [.. file.Signatures.Where(s => s.Kind == SignatureKind.Signature && s.Role != "organization")];

    private static (Reason Reason, bool Wait)? OfFile(FileVerdict file, bool mainDocument, bool exempt)
    {
        if (!file.Examined)
        {
            var why = file.Findings.Count > 0 ? file.Findings[0].Text : null;
            return (new Reason(
                "PDF_UNREADABLE", $"Không đọc được «{file.File}»: {why?.Vi}".TrimEnd(' ', ':'), $"«{file.File}» cannot be read: {why?.En}".TrimEnd(' ', ':')), false);
        }

        if (exempt)
            return null; // its unit answers for it; what its signatures are worth, every recipient judges for itself
        if (file.Signatures.FirstOrDefault(s => s.Indication == Indication.TotalFailed) is { } bad)
            return (About("SIGNATURE_INVALID", file, bad), false);
        if (file.Signatures.FirstOrDefault(s => s.SubIndication?.StartsWith("REVOKED", StringComparison.Ordinal) == true) is { } revoked)
            return (About("SIGNER_CERTIFICATE_REVOKED", file, revoked), false);
        if (!mainDocument)
            return null; // an annex needs no signature of its own; one that it has must not be broken
        if (Holds(file))
            return null;
        var personal = Of(file);
        if (personal.Count == 0)
        {
            return (new Reason(
                "PERSONAL_SIGNATURE_MISSING",
                $"«{file.File}» chưa có chữ ký số của người có thẩm quyền: cơ quan chỉ ký sau khi người có thẩm quyền đã ký.",
                $"«{file.File}» does not carry the competent person's signature: the organisation signs only after that person."), false);
        }

        return DocumentVerifier.WaitsForAuthority(file)
            ? (About("REVOCATION_UNKNOWN", file, personal[0]), true)
            : (About("PERSONAL_SIGNATURE_NOT_TRUSTED", file, personal[0]), false);
    }

    private static Reason About(string code, FileVerdict file, SignatureVerdict signature) => new(
        code, $"«{file.File}», chữ ký «{signature.Field}»: {signature.Text.Vi}", $"«{file.File}», signature «{signature.Field}»: {signature.Text.En}");
}
