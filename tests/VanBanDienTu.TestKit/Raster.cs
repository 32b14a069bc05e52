using System.Globalization;
using System.Text;

namespace VanBanDienTu.TestKit;

/// <summary>A page as another program draws it: 8-bit RGB.</summary>
public sealed record Raster(int Width, int Height, byte[] Rgb)
{
    /// <summary>Poppler's drawing of the part of a page that readers show, 72 dots an inch unless told.</summary>
    public static Raster Poppler(string pdf, int page = 1, int dpi = 72) =>
        Draw(file => ExternalTool.Run("pdftoppm", "-cropbox", "-r", $"{dpi}", "-f", $"{page}", "-l", $"{page}", "-singlefile", pdf, Path.ChangeExtension(file, null)));

    /// <summary>MuPDF's drawing of the same, or of a picture.</summary>
    public static Raster Mupdf(string file, int page = 1, int dpi = 72) =>
        Draw(output => ExternalTool.Run("mutool", "draw", "-q", "-c", "rgb", "-r", $"{dpi}", "-o", output, file, $"{page}"));

    public (byte R, byte G, byte B) At(int x, int y) => (Rgb[(y * Width + x) * 3], Rgb[(y * Width + x) * 3 + 1], Rgb[(y * Width + x) * 3 + 2]);

    /// <summary>The smallest rectangle around all dots of a kind, from the upper left corner; right and bottom are outside. Null when there are none.</summary>
    public (int Left, int Top, int Right, int Bottom)? Around(Func<byte, byte, byte, bool> wanted)
    {
        var (left, top, right, bottom) = (Width, Height, 0, 0);
        for (var y = 0; y < Height; y++)
        {
            for (var x = 0; x < Width; x++)
            {
                var (r, g, b) = At(x, y);
                if (wanted(r, g, b))
                    (left, top, right, bottom) = (Math.Min(left, x), Math.Min(top, y), Math.Max(right, x + 1), Math.Max(bottom, y + 1));
            }
        }
        return right == 0 ? null : (left, top, right, bottom);
    }

    private static Raster Draw(Func<string, ToolAnswer> draw)
    {
        using var folder = new TemporaryFolder();
        var answer = draw(folder["page.ppm"]);
        if (!File.Exists(folder["page.ppm"]))
            throw new InvalidOperationException($"Nothing was drawn: {answer.Output}");
        var bytes = File.ReadAllBytes(folder["page.ppm"]);
        var (numbers, at) = (new List<int>(), 2); // after P6
        while (numbers.Count < 3)
        {
            while (bytes[at] is (byte)' ' or (byte)'\n' or (byte)'#')
                at = bytes[at] == '#' ? Array.IndexOf(bytes, (byte)'\n', at) : at + 1;
            var end = at;
            while (char.IsAsciiDigit((char)bytes[end]))
                end++;
            numbers.Add(int.Parse(Encoding.ASCII.GetString(bytes, at, end - at), CultureInfo.InvariantCulture));
            at = end;
        }
        return new Raster(numbers[0], numbers[1], bytes[(at + 1)..]);
    }
}
