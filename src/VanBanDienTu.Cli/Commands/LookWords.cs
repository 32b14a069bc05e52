using System.CommandLine;
using VanBanDienTu.Cli.Terminals;
using VanBanDienTu.Pdf.Images;
using VanBanDienTu.Signing;

namespace VanBanDienTu.Cli.Commands;

/// <summary>Who signs, what is seen of it and where, by NĐ 30/2020: <c>--as --image --page --rect --anchor --field</c> and what goes with them.</summary>
internal sealed class LookWords
{
    private const double WidestPicture = 200;

    private readonly Option<string> role = new("--as") { Description = "ký với tư cách: người có thẩm quyền, cơ quan, cơ quan trên văn bản kèm theo, cơ quan trên bản sao, không hiện hình / who signs, and on what", DefaultValueFactory = _ => "personal" };
    private readonly Option<string?> image = new("--image") { Description = "ảnh chữ ký hoặc con dấu, PNG nền trong suốt / picture of the signature or seal, transparent PNG", HelpName = "PNG" };
    private readonly Option<double?> width = new("--image-mm") { Description = "bề rộng thật của ảnh trên giấy, mm; không có thì theo PNG (pHYs), con dấu thì 36 / the picture's width on paper", HelpName = "MM" };
    private readonly Option<int?> page = new("--page") { Description = "trang có chữ ký; không có thì tự tìm / page; without it, the one where the place is found" };
    private readonly Option<string?> rect = new("--rect") { Description = "vị trí x,y,w,h (điểm, từ góc dưới trái của trang như khi xem) / place, in points of the page as shown" };
    private readonly Option<string?> anchor = new("--anchor") { Description = "họ tên in trên trang, đặt chữ ký phía trên; không có thì lấy tên trong chứng thư / the printed name to sign above; without it, the certificate's", HelpName = "TEXT" };
    private readonly Option<string?> field = new("--field") { Description = "tên trường chữ ký: có sẵn và trống, hoặc mới / signature field, empty or new", HelpName = "NAME" };
    private readonly Option<string?> notation = new("--notation") { Description = "số và ký hiệu hiện trên văn bản kèm theo / number and notation that an annex shows", HelpName = "TEXT" };
    private readonly Option<string> copy = new("--copy-form") { Description = "hình thức sao: sao y, trích sao, sao lục / kind of copy", DefaultValueFactory = _ => "sao-y" };
    private readonly Option<string?> font = new("--font") { Description = "tệp phông TrueType; không có thì Times New Roman hoặc phông tương đương của máy / TrueType file; without it, the system's Times New Roman or its like", HelpName = "TTF" };

    public LookWords()
    {
        role.AcceptOnlyFromAmong("personal", "organization", "annex", "copy", "invisible");
        copy.AcceptOnlyFromAmong("sao-y", "trich-sao", "sao-luc");
    }

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { role, image, width, page, rect, anchor, field, notation, copy, font }) command.Add(option);
    }

    /// <exception cref="CommandException">The rectangle or the width is malformed, or the picture cannot be found or is too large.</exception>
    public SignatureRequest Request(ParseResult parsed)
    {
        if (parsed.GetValue(width) is { } mm and not (> 0 and <= WidestPicture))
            throw new CommandException(ExitCode.Usage, $"--image-mm {mm}: bề rộng phải từ trên 0 đến {WidestPicture} mm.", $"--image-mm {mm}: the width must be above 0 and at most {WidestPicture} mm.");
        var place = parsed.GetValue(rect) is { } text ? Rectangle.Parse(text) : null;
        return new SignatureRequest
        {
            Role = parsed.GetValue(role) switch
            {
                "organization" => SignatureRole.Organization,
                "annex" => SignatureRole.Annex,
                "copy" => SignatureRole.Copy,
                "invisible" => SignatureRole.Invisible,
                _ => SignatureRole.Personal,
            },
            Page = parsed.GetValue(page),
            Rect = place is null ? null : new(place.X, place.Y, place.X + place.Width, place.Y + place.Height),
            FieldName = parsed.GetValue(field),
            Appearance = new SignatureAppearance
            {
                Image = parsed.GetValue(image) is { } file ? Picture(file) : null,
                ImageMillimetres = parsed.GetValue(width),
                Anchor = parsed.GetValue(anchor),
                FontFile = parsed.GetValue(font),
                Notation = parsed.GetValue(notation),
                Copy = parsed.GetValue(copy) switch { "trich-sao" => CopyForm.Extract, "sao-luc" => CopyForm.Copied, _ => CopyForm.Full },
            },
        };
    }

    private static byte[] Picture(string file)
    {
        if (!File.Exists(file)) throw CommandException.NoInput(file);
        if (new FileInfo(file).Length > PngImage.MaxBytes)
            throw new CommandException(ExitCode.BadInput, $"Ảnh {file} lớn hơn {PngImage.MaxBytes >> 20} MB.", $"The picture {file} is larger than {PngImage.MaxBytes >> 20} MB.");
        return File.ReadAllBytes(file);
    }
}
