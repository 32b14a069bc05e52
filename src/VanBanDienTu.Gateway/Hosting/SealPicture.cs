using VanBanDienTu.Gateway.Config;
using VanBanDienTu.Pdf;
using VanBanDienTu.Pdf.Images;
using VanBanDienTu.Signing;

namespace VanBanDienTu.Gateway.Hosting;

/// <summary>How an organ's signature looks: its seal (hình ảnh con dấu) when the configuration names one, read once at the start.</summary>
public static class SealPicture
{
    /// <exception cref="GatewayException"><see cref="GatewayFault.SealUnusable"/>: the file is missing, no PNG, or not transparent: a seal lies over the signed page and must hide nothing of it.</exception>
    public static SignatureAppearance Load(NodeConfig config, OrganConfig organ)
    {
        if (organ.Signing?.Image is not { } image)
            return new SignatureAppearance { MayBeInvisible = true };
        var path = config.PathOf(image);
        try
        {
            if (new FileInfo(path).Length > PngImage.MaxBytes)
                throw Unusable(path, $"tệp lớn hơn {PngImage.MaxBytes >> 20} MB", $"it is larger than {PngImage.MaxBytes >> 20} MB", null);
            var png = File.ReadAllBytes(path);
            if (!PngImage.Read(png).MayBeTransparent)
                throw Unusable(path, "nền ảnh phải trong suốt (NĐ 30/2020, Phụ lục I)", "its background must be transparent (Nghị định 30/2020, annex I)", null);
            return new SignatureAppearance { Image = png, ImageMillimetres = organ.Signing.ImageMillimetres, MayBeInvisible = true };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or PdfException)
        {
            throw Unusable(path, (e as PdfException)?.Vi ?? e.Message, e.Message, e);
        }
    }

    private static GatewayException Unusable(string path, string vi, string en, Exception? inner) => new(GatewayFault.SealUnusable,
        $"Không dùng được ảnh con dấu {path}: {vi}.", $"The picture of the seal {path} cannot be used: {en}.", inner);
}
