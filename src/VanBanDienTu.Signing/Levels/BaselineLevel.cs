namespace VanBanDienTu.Signing;

/// <summary>The baseline levels of PAdES (mức chữ ký), each including the one before.</summary>
/// <remarks>Source: ETSI EN 319 142-1, clause 6.</remarks>
public enum BaselineLevel
{
    /// <summary>B-B: the signature itself.</summary>
    Basic,

    /// <summary>B-T: a timestamp proves that it existed.</summary>
    Timestamped,

    /// <summary>B-LT: all that is needed to validate it is inside the file.</summary>
    LongTerm,

    /// <summary>B-LTA: a document timestamp over all of that keeps it provable for longer.</summary>
    Archived,
}

/// <summary>The levels by the names that people and reports use.</summary>
public static class BaselineLevels
{
    private static readonly string[] Names = ["B-B", "B-T", "B-LT", "B-LTA"];

    /// <summary>«B-B», «B-T», «B-LT», «B-LTA».</summary>
    public static IReadOnlyList<string> All => Names;

    public static string Name(this BaselineLevel level) => Names[(int)level];

    /// <summary>Null when it is no level.</summary>
    public static BaselineLevel? Parse(string? name) =>
        Array.FindIndex(Names, n => string.Equals(n, name, StringComparison.OrdinalIgnoreCase)) is >= 0 and var i ? (BaselineLevel)i : null;
}
