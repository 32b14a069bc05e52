using VanBanDienTu.Axis.Text;

namespace VanBanDienTu.Axis.Documents;

/// <summary>A kind of administrative document (loại văn bản hành chính).</summary>
/// <param name="Name">Its official name.</param>
/// <param name="Abbreviation">As it stands in the notation; null for công văn and thư công, which have none.</param>
/// <remarks>Source: NĐ 30/2020/NĐ-CP, Đ7 (29 kinds) and Phụ lục III (27 abbreviations).</remarks>
public sealed record DocumentKind(string Name, string? Abbreviation)
{
    /// <summary>All 29, in the decree's order.</summary>
    public static IReadOnlyList<DocumentKind> All { get; } =
    [
        new("Nghị quyết", "NQ"), new("Quyết định", "QĐ"), new("Chỉ thị", "CT"), new("Quy chế", "QC"), new("Quy định", "QyĐ"),
        new("Thông cáo", "TC"), new("Thông báo", "TB"), new("Hướng dẫn", "HD"), new("Chương trình", "CTr"), new("Kế hoạch", "KH"),
        new("Phương án", "PA"), new("Đề án", "ĐA"), new("Dự án", "DA"), new("Báo cáo", "BC"), new("Biên bản", "BB"), new("Tờ trình", "TTr"),
        new("Hợp đồng", "HĐ"), new("Công văn", null), new("Công điện", "CĐ"), new("Bản ghi nhớ", "BGN"), new("Bản thỏa thuận", "BTT"),
        new("Giấy ủy quyền", "GUQ"), new("Giấy mời", "GM"), new("Giấy giới thiệu", "GGT"), new("Giấy nghỉ phép", "GNP"),
        new("Phiếu gửi", "PG"), new("Phiếu chuyển", "PC"), new("Phiếu báo", "PB"), new("Thư công", null),
    ];

    /// <summary>Abbreviations of copies (Đ25): sao y, trích sao, sao lục.</summary>
    public static IReadOnlyList<DocumentKind> Copies { get; } = [new("Sao y", "SY"), new("Trích sao", "TrS"), new("Sao lục", "SL")];

    /// <summary>The kind of that name, in any case and composition, with or without «(cá biệt)»; null for an unknown one.</summary>
    public static DocumentKind? Named(string? name)
    {
        var text = (name ?? "").Trim();
        var bracket = text.IndexOf('(');
        if (bracket > 0)
            text = text[..bracket].TrimEnd();
        return All.FirstOrDefault(k => VietnameseText.SameWords(k.Name, text));
    }

    /// <summary>The kind of that abbreviation, letter for letter: ĐA is not DA, CTr is not CT.</summary>
    public static DocumentKind? Abbreviated(string? abbreviation)
    {
        var text = VietnameseText.Compose((abbreviation ?? "").Trim());
        return All.Concat(Copies).FirstOrDefault(k => k.Abbreviation == text);
    }
}
