using VanBanDienTu.Pdf.Appearances;
using VanBanDienTu.Pdf.Fonts;

namespace VanBanDienTu.TestKit;

/// <summary>What a visible signature shows in tests.</summary>
public static class Looks
{
    /// <summary>A framed line of text in the system's font.</summary>
    public static SignatureLook Text(params string[] lines) => SignatureLook.Of(lines, SystemFonts.Default.For(string.Concat(lines)), framed: true);
}
