using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using VanBanDienTu.Axis.Text;

namespace VanBanDienTu.Axis.Documents;

/// <summary>Number and notation of a document (số, ký hiệu), such as <c>15/BC-UBND</c>, <c>1234/BTNMT-KHTC</c>, <c>30/2020/NĐ-CP</c>.</summary>
/// <param name="Number">The number with what may follow it (<c>12a</c>); a number below 10 has its leading zero when we write it.</param>
/// <param name="Year">Only in normative documents, which carry it in the middle.</param>
/// <param name="Notation">Everything after: <c>BC-UBND</c>, <c>BTNMT-KHTC</c>.</param>
/// <remarks>Source: NĐ 30/2020/NĐ-CP, Phụ lục I. Unique within a year and an issuer, the same for paper and electronic documents.</remarks>
public sealed record DocumentNotation(string Number, int? Year, string Notation)
{
    private const int OldestYear = 1945;

    /// <summary>The number as an integer, without letters; for comparing <c>5/…</c> with <c>05/…</c>.</summary>
    public int Ordinal => int.Parse(Number.AsSpan(0, Digits(Number)), CultureInfo.InvariantCulture);

    /// <summary>The kind that the notation's first part names: null for công văn, whose notation starts with the issuer.</summary>
    public DocumentKind? Kind => DocumentKind.Abbreviated(Notation.Split('-', 2)[0]);

    /// <summary>A named kind: <c>15/BC-UBND</c>.</summary>
    public static DocumentNotation OfKind(int number, DocumentKind kind, string issuer) =>
        new(Written(number), null, kind.Abbreviation is { } abbreviation ? $"{abbreviation}-{issuer}" : issuer);

    /// <summary>Công văn: <c>1234/BTNMT-KHTC</c>.</summary>
    public static DocumentNotation OfLetter(int number, string issuer, string? draftingUnit) =>
        new(Written(number), null, draftingUnit is null ? issuer : $"{issuer}-{draftingUnit}");

    /// <exception cref="AxisException"><see cref="AxisFault.BadNotation"/>.</exception>
    public static DocumentNotation Parse(string? text) => TryParse(text, out var notation)
        ? notation
        : throw new AxisException(
            AxisFault.BadNotation,
            $"Số, ký hiệu «{text}» không đọc được: hãy viết như 15/BC-UBND hoặc 1234/BTNMT-KHTC.",
            $"The number and notation «{text}» cannot be read: write it like 15/BC-UBND or 1234/BTNMT-KHTC.");

    public static bool TryParse(string? text, [NotNullWhen(true)] out DocumentNotation? notation)
    {
        notation = null;
        var parts = VietnameseText.Compose(text ?? "").Split('/', 2, StringSplitOptions.TrimEntries);
        if (parts is not [var number, var rest] || !IsNumber(number))
            return false;
        int? year = null;
        if (rest.IndexOf('/') is 4 && int.TryParse(rest.AsSpan(0, 4), NumberStyles.None, CultureInfo.InvariantCulture, out var found) && found >= OldestYear)
        {
            year = found;
            rest = rest[5..].Trim();
        }
        if (!IsNotation(rest))
            return false;
        notation = new DocumentNotation(number, year, rest);
        return true;
    }

    /// <summary>Whether two are the same document's: leading zeros and composition of letters do not count, letters and diacritics do.</summary>
    public bool IsSameAs(DocumentNotation other) =>
        Ordinal == other.Ordinal && Year == other.Year
        && string.Equals(Number[Digits(Number)..], other.Number[Digits(other.Number)..], StringComparison.OrdinalIgnoreCase)
        && string.Equals(VietnameseText.Compose(Notation), VietnameseText.Compose(other.Notation), StringComparison.Ordinal);

    public override string ToString() => Year is { } year ? $"{Number}/{year}/{Notation}" : $"{Number}/{Notation}";

    private static string Written(int number)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(number);
        return number.ToString("00", CultureInfo.InvariantCulture);
    }

    // Digits, then perhaps a letter or two for a number given twice (12a, 12bis).
    private static bool IsNumber(string text)
    {
        var digits = Digits(text);
        return digits is > 0 and <= 9 && text.Length - digits <= 3 && text.AsSpan(digits).IndexOfAnyExceptInRange('a', 'z') < 0 && text.AsSpan(0, digits).ContainsAnyExcept('0');
    }

    private static bool IsNotation(string text) =>
        text.Length is > 0 and <= 60 && char.IsLetter(text[0]) && text.All(c => char.IsLetterOrDigit(c) || c is '-' or '.' or '/' or ' ' or '(' or ')' or '&');

    private static int Digits(string text) => text.TakeWhile(char.IsAsciiDigit).Count();
}
