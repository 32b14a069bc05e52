using VanBanDienTu.Pdf;
using VanBanDienTu.Pdf.Appearances;

namespace VanBanDienTu.Signing.Appearances;

/// <summary>Where a signature will be seen and what it shows.</summary>
/// <param name="Page">From 1.</param>
/// <param name="Rect">On the page as shown; null for an invisible signature, and where an existing field has its own place.</param>
/// <param name="Look">Null for nothing to see.</param>
/// <param name="Warnings">What a person should look at.</param>
internal sealed record AppearancePlan(int Page, PdfRectangle? Rect, SignatureLook? Look, IReadOnlyList<LocalText> Warnings)
{
    public static AppearancePlan Invisible { get; } = new(1, null, null, []);
}
