namespace VanBanDienTu.Pdf.Fonts;

/// <summary>Finds Times New Roman, or a font of the same metrics, among the machine's fonts. The search is done once.</summary>
public sealed class SystemFonts
{
    private const int MaxDepth = 6;

    /// <summary>File names in the order of preference; all but the first family have the metrics of Times New Roman.</summary>
    private static readonly string[] Wanted =
    [
        "times.ttf", "Times New Roman.ttf", "Times_New_Roman.ttf", "TimesNewRoman.ttf",
        "LiberationSerif-Regular.ttf", "Tinos-Regular.ttf", "FreeSerif.ttf",
    ];

    private readonly Lazy<IReadOnlyList<TrueTypeFont>> found;

    /// <param name="folders">Looked through with what is below them, in this order; those that do not exist are passed over.</param>
    public SystemFonts(IEnumerable<string> folders) => found = new(() => Search([.. folders]));

    /// <summary>The fonts of this machine and of the user who runs the program.</summary>
    public static SystemFonts Default { get; } = new(Folders());

    /// <summary>The preferred font that has all the letters.</summary>
    /// <exception cref="PdfException"><see cref="PdfFault.NoFont"/>: none is installed, or none has them all.</exception>
    public TrueTypeFont For(string text)
    {
        if (found.Value.FirstOrDefault(f => f.Missing(text).Length == 0) is { } font)
            return font;
        var lack = found.Value.Count == 0 ? "" : $" ({found.Value[0].Name}: «{found.Value[0].Missing(text)}»)";
        throw new PdfException(PdfFault.NoFont,
            $"Máy này không có phông Times New Roman hay phông cùng cỡ chữ đủ chữ tiếng Việt{lack}; hãy cài gói fonts-croscore hoặc chỉ ra một tệp phông TrueType (--font).",
            $"This machine has neither Times New Roman nor a font of its metrics with all the letters{lack}; install the package fonts-croscore, or name a TrueType file (--font).");
    }

    private static List<TrueTypeFont> Search(string[] folders)
    {
        var options = new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = MaxDepth, MatchCasing = MatchCasing.CaseInsensitive };
        var files = folders.Where(Directory.Exists).SelectMany(f => Directory.EnumerateFiles(f, "*.ttf", options)).ToList();
        var fonts = new List<TrueTypeFont>();
        foreach (var path in Wanted.SelectMany(name => files.Where(f => string.Equals(Path.GetFileName(f), name, StringComparison.OrdinalIgnoreCase))))
        {
            try
            {
                fonts.Add(TrueTypeFont.Load(path));
            }
            catch (PdfException)
            {
                // A damaged or protected file is as good as none: the next one is asked.
            }
        }
        return fonts;
    }

    private static IEnumerable<string> Folders()
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        if (OperatingSystem.IsWindows())
        {
            return [Environment.GetFolderPath(Environment.SpecialFolder.Fonts),
                Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "Microsoft", "Windows", "Fonts")];
        }
        if (OperatingSystem.IsMacOS())
            return ["/System/Library/Fonts", "/Library/Fonts", Path.Combine(home, "Library", "Fonts")];
        // Source: XDG Base Directory Specification 0.8.
        var own = Environment.GetEnvironmentVariable("XDG_DATA_HOME") is { Length: > 0 } data ? data : Path.Combine(home, ".local", "share");
        var all = Environment.GetEnvironmentVariable("XDG_DATA_DIRS") is { Length: > 0 } dirs ? dirs : "/usr/local/share:/usr/share";
        return [Path.Combine(own, "fonts"), Path.Combine(home, ".fonts"), .. all.Split(':', StringSplitOptions.RemoveEmptyEntries).Select(d => Path.Combine(d, "fonts"))];
    }
}
