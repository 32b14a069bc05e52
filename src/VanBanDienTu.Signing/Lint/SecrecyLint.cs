using VanBanDienTu.Pdf;
using VanBanDienTu.Pdf.Lint;

namespace VanBanDienTu.Signing.Lint;

/// <summary>State-secret markings (dấu chỉ độ mật): secret documents are not issued over open systems, so they are not signed here.</summary>
/// <remarks>Source: Luật Bảo vệ bí mật nhà nước 2018, article 8 (tuyệt mật, tối mật, mật); QĐ 28/2018/QĐ-TTg excludes them.</remarks>
internal static class SecrecyLint
{
    private static readonly string[] Marks = ["tuyệt mật", "tối mật", "mật"];

    /// <summary>What the document's own description says of itself: subject, keywords, and the entry that QLVB systems write.</summary>
    private static readonly string[] Entries = ["Keywords", "Subject", "DoMat", "Độ mật", "Secrecy"];

    public static IEnumerable<LintFinding> Run(PdfFile file)
    {
        if (file.Resolve(file.Trailer["Info"]) is not PdfDictionary info)
            yield break;
        foreach (var entry in Entries)
        {
            if (file.Resolve(info[entry]) is PdfString said && Mark(said.Text) is { } mark)
            {
                yield return Finding(mark);
                yield break;
            }
        }
    }

    public static LintFinding Finding(string mark) => new(LintCodes.StateSecret, null, 1,
        $"Văn bản mang dấu độ mật «{mark.ToUpperInvariant()}»; văn bản mật không ký và gửi qua hệ thống này.", $"The document bears the state-secret marking '{mark.ToUpperInvariant()}'; secret documents are not signed here.");

    /// <summary>The mark that a whole entry, or a part of it between commas, consists of.</summary>
    private static string? Mark(string text) => text.Split([',', ';', ':', '|'], StringSplitOptions.TrimEntries)
        .Select(part => Marks.FirstOrDefault(m => string.Equals(m, part, StringComparison.OrdinalIgnoreCase))).FirstOrDefault(m => m is not null);
}
