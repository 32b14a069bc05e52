using System.Globalization;
using VanBanDienTu.Pdf;
using VanBanDienTu.Pdf.Appearances;
using VanBanDienTu.Pdf.Text;
using VanBanDienTu.Signing.Certificates;
using VanBanDienTu.Signing.Cms;

namespace VanBanDienTu.Signing.Appearances;

/// <summary>
/// Finds a signature's place by itself: a person's between the position and the printed name, the organisation's over the left third
/// of the person's, an annex's or a copy's in the top right corner of the first page.
/// </summary>
/// <remarks>Source: Nghị định 30/2020/NĐ-CP, Phụ lục I.</remarks>
internal sealed class AppearancePlace(PdfFile file, SignatureRequest request, PlannedLook look)
{
    private const double Point = 72 / 25.4; // of a millimetre
    private const double Gap = 2; // points to the text below and above
    private const double LargestWidth = 60 * Point;
    private const double LargestHeight = 25 * Point;
    private const double LargestSeal = 60;
    private const double RightMargin = 15 * Point;
    private const double TopMargin = 5 * Point;
    private const double SmallestMargin = 2 * Point;

    private readonly PdfView view = file.At(file.Newest);

    /// <summary>The page of that number.</summary>
    /// <exception cref="PdfException"><see cref="PdfFault.CannotWrite"/>: there is none.</exception>
    public PdfPage Page(int number) => view.Pages[number]
        ?? throw new PdfException(PdfFault.CannotWrite, $"Tài liệu không có trang {number}.", $"The document has no page {number}.");

    /// <summary>The page, the place as shown, and whether it lies on other things by intention.</summary>
    /// <exception cref="SigningException"><see cref="SigningFault.NoPlace"/>.</exception>
    public Placed Find(Certificate signer) => request.Role switch
    {
        SignatureRole.Annex or SignatureRole.Copy => Corner(Page(request.Page ?? 1)),
        SignatureRole.Organization => OverPersonal(),
        _ => AboveName(request.Appearance.Anchor ?? signer.CommonName, Size),
    };

    /// <summary>The first form and height in which it covers nothing; the usual one when there is none.</summary>
    private Placed Corner(PdfPage page)
    {
        var text = PageText.Read(file, page);
        Placed[] ways = [.. new[] { look.Draw, look.Draw.InOneLine() }.SelectMany(draw => new[] { TopMargin, SmallestMargin }.Select(top => In(text.Frame, draw, top)))];
        return Array.Find(ways, w => text.Under(w.Rect).Length == 0) ?? ways[0];

        Placed In(PageFrame frame, SignatureLook draw, double top)
        {
            var (width, height) = draw.TextSize();
            return new Placed(page, new PdfRectangle(frame.Width - RightMargin - width, frame.Height - top - height, frame.Width - RightMargin, frame.Height - top), false, draw);
        }
    }

    /// <summary>Centred over the name, in the free space below the position.</summary>
    /// <param name="name">As the page prints it.</param>
    /// <param name="sizeFor">The size that fits into a free height.</param>
    private Placed AboveName(string name, Func<double, (double Width, double Height)> sizeFor)
    {
        foreach (var page in request.Page is { } number ? [Page(number)] : view.Pages.All.Reverse()) // names stand at the end
        {
            var text = Read(page);
            if (text.Find(name) is not [.., var printed])
                continue;
            var middle = (printed.Left + printed.Right) / 2;
            var free = Math.Min(text.Ceiling(printed.Top, printed.Left, printed.Right) - printed.Top - 2 * Gap, LargestHeight); // no position above: near the name
            var (width, height) = sizeFor(Math.Max(free, LargestHeight / 4));
            var bottom = printed.Top + Gap + Math.Max(0, (free - height) / 2);
            return new Placed(page, new PdfRectangle(middle - width / 2, bottom, middle + width / 2, bottom + height), false, look.Draw);
        }
        throw NoPlace($"không tìm thấy «{name}» trên {Where("trang")}", $"'{name}' was not found on {(request.Page is { } p ? $"page {p}" : "any page")}");
    }

    /// <summary>A long document may cost more than a search may; then the page has to be named.</summary>
    private PageText Read(PdfPage page)
    {
        try
        {
            return PageText.Read(file, page);
        }
        catch (PdfException e) when (e.Fault == PdfFault.LimitExceeded && request.Page is null)
        {
            throw NoPlace($"tìm tới trang {page.Number} thì vượt giới hạn; hãy cho biết trang (--page)", $"the search passed a limit at page {page.Number} ({e.En}); name the page (--page)");
        }
    }

    private string Where(string word) => request.Page is { } p ? string.Create(CultureInfo.InvariantCulture, $"{word} {p}") : $"{word} nào";

    /// <summary>A picture in its proportions: its real size when that fits, else as large as the free height allows. Text at its usual size.</summary>
    private (double Width, double Height) Size(double free)
    {
        if (look.Image is not { } image)
            return look.Draw.TextSize();
        var real = request.Appearance.ImageMillimetres ?? image.Millimetres?.Width;
        var width = Math.Min(real * Point ?? LargestWidth, LargestWidth);
        var scale = Math.Min(width / image.Width, Math.Min(free, LargestHeight) / image.Height);
        return (image.Width * scale, image.Height * scale);
    }

    /// <summary>Its right edge stands a third into the personal signature, the middles on one height.</summary>
    private Placed OverPersonal()
    {
        var (page, personal) = Personal();
        var frame = PageFrame.Of(file, page);
        var (width, height) = SealSize();
        var right = personal.Left + personal.Width / 3;
        var middle = (personal.Bottom + personal.Top) / 2;
        var left = Math.Clamp(right - width, 0, Math.Max(0, frame.Width - width));
        var bottom = Math.Clamp(middle - height / 2, 0, Math.Max(0, frame.Height - height));
        return new Placed(page, new PdfRectangle(left, bottom, left + width, bottom + height), look.Image is { MayBeTransparent: true }, look.Draw);
    }

    /// <summary>The newest visible signature that is not an organisation's; without one, where the person of the given name would sign.</summary>
    private (PdfPage Page, PdfRectangle Rect) Personal()
    {
        var signed = file.SignatureFields.Where(f => f is { Visible: true, Signature: { IsTimestamp: false } } && (request.Page is null || f.Page == request.Page) && !IsOrganization(f));
        if (signed.MaxBy(f => f.Signature!.Revision) is { } newest)
        {
            var page = Page(newest.Page!.Value);
            return (page, PageFrame.Of(file, page).Shown(newest.Rect!.Value));
        }
        if (request.Appearance.Anchor is not { } name)
            throw NoPlace("tài liệu chưa có chữ ký hiện hình của người có thẩm quyền", "the document has no visible personal signature to stand beside");
        var found = AboveName(name, free => (40 * Point, Math.Min(free, LargestHeight)));
        return (found.Page, found.Rect);
    }

    private static bool IsOrganization(PdfSignatureField field)
    {
        try
        {
            var cms = CmsSignedData.Parse(field.Signature!.Cms);
            var certificates = cms.Certificates.Select(c => Certificate.TryParse(c)).OfType<Certificate>().ToList();
            return cms.Signers is [var signer, ..] && SignerCertificate.Find(signer, certificates)?.SubjectKind == SubjectKind.Organization;
        }
        catch (SigningException)
        {
            return false; // not for this place to judge
        }
    }

    /// <summary>The size on paper, in points; a text look has its own.</summary>
    private (double Width, double Height) SealSize()
    {
        if (look.Image is not { } image)
            return look.Draw.TextSize();
        var stated = image.Millimetres?.Width is { } mm and <= LargestSeal ? mm : (double?)null; // a resolution that no one set says nothing
        var width = (request.Appearance.ImageMillimetres ?? stated ?? SignatureAppearance.UsualSealMillimetres) * Point;
        return (width, width * image.Height / image.Width);
    }

    private static SigningException NoPlace(string vi, string en) => new(SigningFault.NoPlace,
        $"No place for the signature was found: {en}; name it by a rectangle (--rect), by the printed name (--anchor) or by a field (--field).",
        $"Không tìm được chỗ đặt chữ ký: {vi}; hãy chỉ ra bằng hình chữ nhật (--rect), họ tên in trên trang (--anchor) hoặc tên trường (--field).");
}

/// <summary>A place that was found.</summary>
/// <param name="Page">Its page.</param>
/// <param name="Rect">On the page as shown.</param>
/// <param name="Meant">It lies on other things by intention.</param>
/// <param name="Look">The form that fits there.</param>
internal sealed record Placed(PdfPage Page, PdfRectangle Rect, bool Meant, SignatureLook Look);
