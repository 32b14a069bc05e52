using VanBanDienTu.Pdf;
using VanBanDienTu.Pdf.Lint;
using VanBanDienTu.Pdf.Text;

namespace VanBanDienTu.Signing.Lint;

/// <summary>State-secret markings (dấu chỉ độ mật): secret documents are not issued over open systems, so they are not signed here.</summary>
/// <remarks>Source: Luật Bảo vệ bí mật nhà nước 2018, article 8 (tuyệt mật, tối mật, mật); QĐ 28/2018/QĐ-TTg excludes them.</remarks>
internal static class SecrecyLint
{
    private static readonly string[] Marks = ["tuyệt mật", "tối mật", "mật"];

    /// <summary>What the document's own description says of itself: subject, keywords, and the entry that QLVB systems write.</summary>
    private static readonly string[] Entries = ["Keywords", "Subject", "DoMat", "Độ mật", "Secrecy"];

    private const string Label = "Độ mật:";

    /// <summary>A stamp stands alone: nothing is printed so close to its left or right, in points.</summary>
    private const double Beside = 25;

    public static IEnumerable<LintFinding> Run(PdfFile file)
    {
        if ((InDescription(file) ?? OnFirstPage(file)) is { } mark)
            yield return Finding(mark);
    }

    private static string? InDescription(PdfFile file) => file.Resolve(file.Trailer["Info"]) is not PdfDictionary info ? null
        : Entries.Select(entry => file.Resolve(info[entry]) is PdfString said ? Mark(said.Text) : null).FirstOrDefault(m => m is not null);

    private static string? OnFirstPage(PdfFile file)
    {
        try
        {
            if (file.At(file.Newest).Pages[1] is not { } page)
                return null;
            var text = PageText.Read(file, page);
            return Marks.FirstOrDefault(mark => text.Find(mark.ToUpperInvariant()).Any(place => Same(text.Under(Wider(place, Beside)), mark)))
                ?? text.Find(Label).Select(label => Mark(text.Under(new PdfRectangle(label.Right, label.Bottom, text.Frame.Width, label.Top)))).FirstOrDefault(m => m is not null);
        }
        catch (PdfException e) when (e.Fault != PdfFault.LimitExceeded)
        {
            return null; // a page that cannot be read shows no mark
        }
    }

    private static PdfRectangle Wider(PdfRectangle place, double by) => new(place.Left - by, place.Bottom, place.Right + by, place.Top);

    // A stamp is in capitals; the same word in small letters is a word of the text.
    private static bool Same(string shown, string mark) => string.Equals(shown.Replace(" ", "", StringComparison.Ordinal), mark.ToUpperInvariant().Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);

    private static LintFinding Finding(string mark) => new(LintCodes.StateSecret, null, 1,
        $"Văn bản mang dấu độ mật «{mark.ToUpperInvariant()}»; văn bản mật không ký và gửi qua hệ thống này.", $"The document bears the state-secret marking '{mark.ToUpperInvariant()}'; secret documents are not signed here.");

    /// <summary>The mark that a whole entry, or a part of it between commas, consists of.</summary>
    private static string? Mark(string text) => text.Split([',', ';', ':', '|'], StringSplitOptions.TrimEntries)
        .Select(part => Marks.FirstOrDefault(m => string.Equals(m, part, StringComparison.OrdinalIgnoreCase))).FirstOrDefault(m => m is not null);
}
