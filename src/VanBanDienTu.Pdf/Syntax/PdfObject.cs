using System.Globalization;

namespace VanBanDienTu.Pdf;

/// <summary>A value of PDF syntax (ISO 32000-2, 7.3). Values are immutable.</summary>
public abstract class PdfObject
{
    /// <summary>Nothing; also what a reference to a missing object means.</summary>
    public static PdfObject Null => PdfNull.Instance;
}

/// <summary>The null object.</summary>
public sealed class PdfNull : PdfObject
{
    private PdfNull()
    {
    }

    /// <summary>The one null.</summary>
    public static PdfNull Instance { get; } = new();
}

/// <summary>True or false.</summary>
public sealed class PdfBoolean(bool value) : PdfObject
{
    /// <summary>The value.</summary>
    public bool Value { get; } = value;
}

/// <summary>An integer or a real.</summary>
public abstract class PdfNumber : PdfObject
{
    /// <summary>The value as a double.</summary>
    public abstract double Number { get; }
}

/// <summary>An integer.</summary>
public sealed class PdfInteger(long value) : PdfNumber
{
    private static readonly PdfInteger[] Small = [.. Enumerable.Range(0, 1024).Select(i => new PdfInteger(i))];

    /// <summary>The value.</summary>
    public long Value { get; } = value;

    /// <inheritdoc/>
    public override double Number => Value;

    /// <summary>An integer read from a file; small ones, which are most, are kept once.</summary>
    internal static PdfInteger Of(long value) => value >= 0 && value < Small.Length ? Small[value] : new PdfInteger(value);
}

/// <summary>A real number; its digits are kept as they were written.</summary>
public sealed class PdfReal : PdfNumber
{
    private const double Largest = 3.403e38; // ISO 32000-2, Annex C; what is longer is no length of anything

    private double number = double.NaN;

    /// <summary>A real read from a file.</summary>
    public PdfReal(string digits) => Digits = digits;

    /// <summary>A real to be written, rounded to four places.</summary>
    public PdfReal(double value)
        : this(value.ToString("0.####", CultureInfo.InvariantCulture))
    {
    }

    /// <summary>As written in the file.</summary>
    public string Digits { get; }

    /// <inheritdoc/>
    public override double Number => double.IsNaN(number) ? number = Parse(Digits) : number;

    // Most reals of a file are never asked for their value.
    private static double Parse(string digits) =>
        double.TryParse(digits, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && !double.IsNaN(value) ? Math.Clamp(value, -Largest, Largest) : 0;
}

/// <summary>A name, without its slash and with <c>#xx</c> decoded (one char per byte).</summary>
public sealed class PdfName(string value) : PdfObject
{
    /// <summary>The name.</summary>
    public string Value { get; } = value;
}

/// <summary>An indirect reference.</summary>
public sealed class PdfReference(PdfRef target) : PdfObject
{
    /// <summary>What it points to.</summary>
    public PdfRef Target { get; } = target;
}

/// <summary>An array.</summary>
public sealed class PdfArray(IReadOnlyList<PdfObject> items) : PdfObject
{
    /// <summary>The items, references unresolved.</summary>
    public IReadOnlyList<PdfObject> Items { get; } = items;

    /// <summary>How many.</summary>
    public int Count => Items.Count;

    /// <summary>The item at <paramref name="index"/>, unresolved.</summary>
    public PdfObject this[int index] => Items[index];
}
