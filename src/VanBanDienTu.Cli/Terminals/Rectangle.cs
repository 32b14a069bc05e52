using System.Globalization;

namespace VanBanDienTu.Cli.Terminals;

/// <summary>A place on a page, PDF points (1/72 inch) from the lower left corner.</summary>
internal sealed record Rectangle(double X, double Y, double Width, double Height)
{
    /// <exception cref="CommandException">Not four numbers, or without area (exit 64).</exception>
    public static Rectangle Parse(string text)
    {
        var numbers = text.Split(',').Select(p => double.TryParse(p, NumberStyles.Float, CultureInfo.InvariantCulture, out var v) && double.IsFinite(v) ? v : (double?)null).ToArray();
        if (numbers is [{ } x, { } y, { } w, { } h] && w > 0 && h > 0) return new Rectangle(x, y, w, h);
        throw new CommandException(
            ExitCode.Usage,
            $"--rect «{text}» phải là bốn số x,y,w,h (điểm, từ góc dưới trái của trang), ví dụ 392,288,120,76.",
            $"--rect «{text}» must be four numbers x,y,w,h (points from the page's lower left corner), e.g. 392,288,120,76.");
    }
}
