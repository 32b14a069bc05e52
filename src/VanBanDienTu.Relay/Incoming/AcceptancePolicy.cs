using VanBanDienTu.Signing;

namespace VanBanDienTu.Relay.Incoming;

/// <summary>What becomes of an arrived document.</summary>
public enum Acceptance
{
    /// <summary>Its signatures are being looked at.</summary>
    Verifying,
    Accepted,

    /// <summary>A person must decide: answer 03 or 02.</summary>
    Held,

    /// <summary>02 was sent.</summary>
    Refused,
}

/// <summary>One line of the policy: when every condition that is given holds, it speaks.</summary>
/// <param name="Id">Named in the answer, so that everyone sees which rule spoke.</param>
public sealed record AcceptanceRule(string Id, Acceptance Then, string Vi, string En)
{
    /// <summary>The file's verdict is one of these; null = any.</summary>
    public IReadOnlyList<FileOutcome>? Outcome { get; init; }

    /// <summary>Some signature's bytes are one of these; null = any.</summary>
    public IReadOnlyList<Integrity>? AnyIntegrity { get; init; }

    /// <summary>Some signature's value is one of these; null = any.</summary>
    public IReadOnlyList<SignatureValue>? AnyValue { get; init; }

    /// <summary>Some signature's sub-indication is one of these; null = any.</summary>
    public IReadOnlyList<string>? AnySubIndication { get; init; }

    /// <summary>What later revisions changed is one of these for some signature; null = any.</summary>
    public IReadOnlyList<LaterChange>? AnyLaterChange { get; init; }

    /// <summary>Something of one of these codes was noticed in the file; null = any.</summary>
    public IReadOnlyList<string>? AnyFinding { get; init; }

    /// <summary>Only for the document itself (true), only for its other PDFs (false), for both (null).</summary>
    public bool? MainDocument { get; init; }

    /// <summary>Whether this rule speaks about a file.</summary>
    public bool Speaks(FileVerdict file, bool mainDocument) =>
        (MainDocument is null || MainDocument == mainDocument)
        && (Outcome is null || Outcome.Contains(file.Verdict))
        && (AnyIntegrity is null || file.Signatures.Any(s => AnyIntegrity.Contains(s.Integrity)))
        && (AnyValue is null || file.Signatures.Any(s => s.SignatureValue is { } v && AnyValue.Contains(v)))
        && (AnySubIndication is null || file.Signatures.Any(s => s.SubIndication is { } i && AnySubIndication.Contains(i, StringComparer.Ordinal)))
        && (AnyFinding is null || file.Findings.Any(f => AnyFinding.Contains(f.Code, StringComparer.Ordinal)))
        && (AnyLaterChange is null || file.Signatures.Any(s => AnyLaterChange.Contains(s.LaterChanges)));
}

/// <summary>Rules from top to bottom; the first that speaks decides a file, the worst decision of all files counts.</summary>
public sealed record AcceptancePolicy(IReadOnlyList<AcceptanceRule> Rules)
{
    /// <summary>Refuse what is broken, accept what passed, leave everything else to a person.</summary>
    public static AcceptancePolicy Default { get; } = new(
    [
        new("bytes-changed", Acceptance.Refused, "Nội dung đã bị sửa sau khi ký.", "The content was changed after signing.")
            { AnyIntegrity = [Integrity.Broken] },
        new("signature-invalid", Acceptance.Refused, "Giá trị chữ ký không đúng.", "A signature's value does not hold.")
            { AnyValue = [SignatureValue.Invalid] },
        new("suspicious-change", Acceptance.Refused, "Văn bản có thay đổi đáng ngờ sau khi ký.", "The document was changed in a suspicious way after signing.")
            { AnyLaterChange = [LaterChange.Suspicious] },
        new("certificate-revoked", Acceptance.Refused, "Chứng thư của người ký đã bị thu hồi.", "A signer's certificate is revoked.")
            { Outcome = [FileOutcome.TotalFailed], AnySubIndication = ["REVOKED", "REVOKED_NO_POE", "REVOKED_CA_NO_POE"] },
        // Perhaps signed in good time: no program knows, so no program says 02.
        new("certificate-revoked-since", Acceptance.Held, "Chứng thư của người ký đã bị thu hồi và không có bằng chứng đã ký trước đó: cần người có thẩm quyền quyết định.",
            "A signer's certificate is revoked and nothing proves that the signature is older: a person must decide.")
            { Outcome = [FileOutcome.Indeterminate], AnySubIndication = ["REVOKED", "REVOKED_NO_POE", "REVOKED_CA_NO_POE"] },
        // The program gave up, or failed: that says nothing about the document.
        new("not-examined", Acceptance.Held, "Không kiểm tra được hết văn bản: cần người có thẩm quyền quyết định.", "The document could not be examined to its end: a person must decide.")
            { Outcome = [FileOutcome.Indeterminate, FileOutcome.Unreadable], AnyFinding = ["limit-exceeded", "internal", "cannot-open"] },
        new("verification-failed", Acceptance.Refused, "Chữ ký không hợp lệ.", "A signature is not valid.")
            { Outcome = [FileOutcome.TotalFailed] },
        new("unreadable", Acceptance.Refused, "Không đọc được tệp PDF.", "The PDF cannot be read.")
            { Outcome = [FileOutcome.Unreadable] },
        new("passed", Acceptance.Accepted, "Mọi chữ ký đều hợp lệ.", "Every signature is valid.")
            { Outcome = [FileOutcome.TotalPassed] },
        new("annex-unsigned", Acceptance.Accepted, "Phụ lục không có chữ ký riêng.", "An annex carries no signature of its own.")
            { Outcome = [FileOutcome.NoSignature], MainDocument = false },
        new("main-unsigned", Acceptance.Held, "Văn bản không có chữ ký số: cần người có thẩm quyền quyết định.", "The document carries no signature: a person must decide.")
            { Outcome = [FileOutcome.NoSignature] },
        new("undecided", Acceptance.Held, "Chưa đủ căn cứ để kết luận về chữ ký: cần người có thẩm quyền quyết định.", "The signatures cannot be judged with certainty: a person must decide.")
    ]);

    /// <summary>The rule that decides a document with these files; the first file is the document itself.</summary>
    public AcceptanceRule Decide(IReadOnlyList<FileVerdict> files)
    {
        AcceptanceRule? worst = null;
        for (var i = 0; i < files.Count; i++)
        {
            var rule = Rules.FirstOrDefault(r => r.Speaks(files[i], i == 0)) ?? NoRule;
            if (worst is null || rule.Then > worst.Then)
                worst = rule;
        }

        return worst ?? NoRule;
    }

    private static AcceptanceRule NoRule { get; } = new(
        "no-rule", Acceptance.Held, "Không có quy tắc nào áp dụng: cần người có thẩm quyền quyết định.", "No rule speaks: a person must decide.");
}
