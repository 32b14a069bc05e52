using VanBanDienTu.Pdf;
using VanBanDienTu.Pdf.Appearances;
using VanBanDienTu.Pdf.Fonts;
using VanBanDienTu.Pdf.Images;
using VanBanDienTu.Pdf.Text;
using VanBanDienTu.Signing.Certificates;

namespace VanBanDienTu.Signing.Appearances;

/// <summary>Plans what a signature looks like and where: by an existing field, by a rectangle, or by itself (NĐ 30/2020, Phụ lục I).</summary>
internal static class AppearancePlanner
{
    /// <exception cref="PdfException">No font, an unusable font or picture, a page that cannot be read.</exception>
    /// <exception cref="SigningException"><see cref="SigningFault.NoPlace"/>, <see cref="SigningFault.BadRequest"/>.</exception>
    public static AppearancePlan Plan(PdfFile file, SignatureRequest request, Certificate certificate, DateTimeOffset time)
    {
        var field = request.FieldName is { } name ? file.SignatureFields.FirstOrDefault(f => f.Name == name) : null;
        if (!IsSeen(request, field))
            return AppearancePlan.Invisible;
        try
        {
            var look = LookOf(request, certificate, time);
            if (field is not null)
                return InField(file, request, field, look);
            var place = new AppearancePlace(file, request, look);
            var placed = request.Rect is { } given ? new Placed(place.Page(request.Page ?? 1), given, false, look.Draw) : place.Find(certificate);
            return new AppearancePlan(placed.Page.Number, placed.Rect, placed.Look, Warnings(file, request, placed.Page, placed.Rect, placed.Meant));
        }
        catch (Exception e) when (request.Appearance.MayBeInvisible && e is PdfException { Fault: PdfFault.NoFont } or SigningException { Fault: SigningFault.NoPlace })
        {
            var (vi, en) = e is PdfException pdf ? (pdf.Vi, pdf.En) : (((SigningException)e).Vietnamese, e.Message);
            return AppearancePlan.Invisible with { Warnings = [new LocalText($"Chữ ký không hiện hình: {vi}", $"The signature is invisible: {en}")] };
        }
    }

    private static bool IsSeen(SignatureRequest request, PdfSignatureField? field) => request.Role switch
    {
        SignatureRole.Invisible => false,
        _ when field is not null => field.Visible,
        SignatureRole.Annex or SignatureRole.Copy => true,
        _ => request.Rect is not null || request.Appearance.Image is not null || request.Appearance.Anchor is not null,
    };

    private static PlannedLook LookOf(SignatureRequest request, Certificate certificate, DateTimeOffset time)
    {
        var shown = request.Appearance;
        var small = request.Role is SignatureRole.Annex or SignatureRole.Copy;
        if (!small && shown.Image is { } png)
        {
            var image = PngImage.Read(png);
            return new PlannedLook(SignatureLook.Of(image), image);
        }
        var lines = AppearanceWords.For(request.Role, shown, certificate, time);
        var text = LatinLetters.Compose(string.Concat(lines));
        var font = shown.FontFile is { } path ? TrueTypeFont.Load(path) : SystemFonts.Default.For(text);
        if (font.Missing(text) is { Length: > 0 } missing)
            throw new PdfException(PdfFault.NoFont, $"Phông {shown.FontFile} không có các chữ «{missing}».", $"The font {shown.FontFile} has no glyphs for '{missing}'.");
        return new PlannedLook(SignatureLook.Of(lines, font, framed: !small), null);
    }

    private static AppearancePlan InField(PdfFile file, SignatureRequest request, PdfSignatureField field, PlannedLook look)
    {
        var page = file.At(file.Newest).Pages[field.Page!.Value]!;
        var rect = PageFrame.Of(file, page).Shown(field.Rect!.Value);
        return new AppearancePlan(page.Number, null, look.Draw, Warnings(file, request, page, rect, meant: false, field.Name));
    }

    /// <summary>Text and other signatures under the place, and a place that leaves the page: none of it silently.</summary>
    private static List<LocalText> Warnings(PdfFile file, SignatureRequest request, PdfPage page, PdfRectangle rect, bool meant, string? self = null)
    {
        const int Longest = 60;
        var text = PageText.Read(file, page);
        var warnings = new List<LocalText>();
        if (request is { Role: SignatureRole.Annex, Appearance.Notation: null or "" })
            warnings.Add(new("Chữ ký trên văn bản kèm theo phải hiện số và ký hiệu văn bản (--notation).", "A signature on an annex must show the document's number and notation (--notation)."));
        if (rect.Left < 0 || rect.Bottom < 0 || rect.Right > text.Frame.Width || rect.Top > text.Frame.Height)
            warnings.Add(new($"Hình của chữ ký vượt ra ngoài trang {page.Number}.", $"The signature reaches beyond the edge of page {page.Number}."));
        if (meant)
            return warnings; // a seal over a signature is what the decree asks for
        if (text.Under(rect) is { Length: > 0 } under)
        {
            var words = under.Length > Longest ? under[..Longest] + "…" : under;
            warnings.Add(new($"Hình của chữ ký nằm trên chữ của trang {page.Number}: «{words}».", $"The signature lies on text of page {page.Number}: '{words}'."));
        }
        foreach (var other in file.SignatureFields.Where(f => f.Visible && f.Page == page.Number && f.Name != self))
        {
            var there = text.Frame.Shown(other.Rect!.Value);
            if (there.Left < rect.Right && rect.Left < there.Right && there.Bottom < rect.Top && rect.Bottom < there.Top)
                warnings.Add(new($"Hình của chữ ký chồng lên trường chữ ký «{other.Name}».", $"The signature overlaps the signature field '{other.Name}'."));
        }
        return warnings;
    }
}

/// <summary>A look, and its picture when it is one.</summary>
internal sealed record PlannedLook(SignatureLook Draw, PngImage? Image);
