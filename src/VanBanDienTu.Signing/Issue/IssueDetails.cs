using System.Globalization;
using VanBanDienTu.Pdf;
using VanBanDienTu.Pdf.Fonts;

namespace VanBanDienTu.Signing.Issue;

/// <summary>
/// Number and notation (số, ký hiệu) and day of issue (ngày ban hành), which a document gets between the leader's signature and the
/// organisation's: they go into fields that were reserved before the first signature, so that it permits them.
/// </summary>
/// <remarks>Source: NĐ 30/2020/NĐ-CP, article 15 and Phụ lục I.</remarks>
public sealed record IssueDetails
{
    /// <summary>The field that our own reserving makes for the number and notation.</summary>
    public const string NumberFieldName = "SoKyHieu";

    /// <summary>The field that our own reserving makes for the day of issue.</summary>
    public const string DateFieldName = "NgayBanHanh";

    private static readonly string[] NumberNames = [NumberFieldName, "Số ký hiệu", "Số và ký hiệu", "SoVaKyHieu", "SoVanBan", "Số văn bản", "DocumentNumber"];
    private static readonly string[] DateNames = [DateFieldName, "Ngày ban hành", "NgayThangNam", "Ngày tháng năm", "NgayVanBan", "IssueDate"];

    /// <summary>E.g. <c>15/BC-UBND</c>; null for none.</summary>
    public string? Number { get; init; }

    /// <summary>Null for none.</summary>
    public DateOnly? Date { get; init; }

    /// <summary>The field for the number; null for the usual names.</summary>
    public string? NumberField { get; init; }

    /// <summary>The field for the date; null for the usual names.</summary>
    public string? DateField { get; init; }

    /// <summary>Fills only what the document has and nobody filled yet.</summary>
    public bool IfReserved { get; init; }

    /// <summary>As the decree writes it: <c>ngày 05 tháng 02 năm 2026</c>; days below 10 and months 1 and 2 with a zero.</summary>
    public static string Words(DateOnly date) => string.Create(CultureInfo.InvariantCulture,
        $"ngày {date.Day:D2} tháng {(date.Month < 3 ? $"{date.Month:D2}" : $"{date.Month}")} năm {date.Year}");

    /// <summary>What is to be written where.</summary>
    internal IReadOnlyList<FieldFill> Fills(string? fontFile)
    {
        var fills = new List<FieldFill>();
        if (Number is { Length: > 0 } number)
            fills.Add(Fill(NumberField is null ? NumberNames : [NumberField], number, "số, ký hiệu", "the number and notation"));
        if (Date is { } date)
            fills.Add(Fill(DateField is null ? DateNames : [DateField], Words(date), "ngày ban hành", "the day of issue"));
        return fills;

        FieldFill Fill(string[] names, string text, string what, string english) =>
            new(names, text, () => fontFile is null ? SystemFonts.Default.For(text) : TrueTypeFont.Load(fontFile), what, english) { IfEmpty = IfReserved };
    }
}
