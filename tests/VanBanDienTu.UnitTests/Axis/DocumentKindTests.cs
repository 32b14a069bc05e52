using System.Text;
using VanBanDienTu.Axis;
using VanBanDienTu.Axis.Documents;
using VanBanDienTu.Axis.Text;

namespace VanBanDienTu.UnitTests.Axis;

public sealed class DocumentKindTests
{
    [Fact]
    public void The_decree_has_29_kinds_with_27_abbreviations_all_different()
    {
        Assert.Equal(29, DocumentKind.All.Select(k => k.Name).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(27, DocumentKind.All.Select(k => k.Abbreviation).OfType<string>().Distinct(StringComparer.Ordinal).Count());
    }

    [Theory]
    [InlineData("ĐA", "Đề án")]
    [InlineData("DA", "Dự án")]
    [InlineData("HĐ", "Hợp đồng")]
    [InlineData("HD", "Hướng dẫn")]
    [InlineData("CĐ", "Công điện")]
    [InlineData("CT", "Chỉ thị")]
    [InlineData("CTr", "Chương trình")]
    [InlineData("TrS", "Trích sao")]
    public void Abbreviations_differ_by_a_stroke(string abbreviation, string name) =>
        Assert.Equal(name, DocumentKind.Abbreviated(abbreviation)?.Name);

    [Theory]
    [InlineData("quyết định (cá biệt)", "QĐ")]
    [InlineData("BÁO CÁO", "BC")]
    [InlineData("Công văn", null)]
    public void A_kind_is_found_by_its_name_in_any_case(string name, string? abbreviation)
    {
        Assert.Equal(abbreviation, DocumentKind.Named(name)!.Abbreviation);
        Assert.Null(DocumentKind.Named("Thơ"));
    }

    [Theory]
    [InlineData("15/BC-UBND", 15, null, "BC-UBND", "Báo cáo")]
    [InlineData("1234/BTNMT-KHTC", 1234, null, "BTNMT-KHTC", null)]
    [InlineData("30/2020/NĐ-CP", 30, 2020, "NĐ-CP", null)]
    [InlineData("05/QĐ-TTg", 5, null, "QĐ-TTg", "Quyết định")]
    [InlineData(" 12a / CTr-UBND ", 12, null, "CTr-UBND", "Chương trình")]
    public void A_number_and_notation_is_read(string text, int ordinal, int? year, string notation, string? kind)
    {
        var read = DocumentNotation.Parse(text);

        Assert.Equal((ordinal, year, notation, kind), (read.Ordinal, read.Year, read.Notation, read.Kind?.Name));
        Assert.Equal(text.Replace(" ", "", StringComparison.Ordinal), read.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("BC-UBND")]
    [InlineData("/BC-UBND")]
    [InlineData("15/")]
    [InlineData("0/BC-UBND")]
    [InlineData("15/<script>")]
    [InlineData("9999999999/BC")]
    public void A_number_and_notation_that_is_none_is_refused(string text) =>
        Assert.Equal(AxisFault.BadNotation, Assert.Throws<AxisException>(() => DocumentNotation.Parse(text)).Fault);

    [Fact]
    public void Numbers_are_written_as_the_decree_says()
    {
        Assert.Equal("05/BC-UBND", DocumentNotation.OfKind(5, DocumentKind.Named("Báo cáo")!, "UBND").ToString());
        Assert.Equal("1234/BTNMT-KHTC", DocumentNotation.OfLetter(1234, "BTNMT", "KHTC").ToString());
        Assert.True(DocumentNotation.Parse("5/QĐ-UBND").IsSameAs(DocumentNotation.Parse("05/QĐ-UBND")));
        Assert.False(DocumentNotation.Parse("5/ĐA-UBND").IsSameAs(DocumentNotation.Parse("5/DA-UBND")));
    }

    [Fact]
    public void Letters_compare_the_same_composed_and_decomposed()
    {
        const string composed = "Ủy ban nhân dân quận Ngũ Hành Sơn ườ ậ ặ ẵ Ở đ";
        // Spelt out, because Normalize() leaves letters alone when globalization is invariant.
        var decomposed = composed
            .Replace("Ủ", "U\u0309", StringComparison.Ordinal).Replace("ậ", "a\u0323\u0302", StringComparison.Ordinal)
            .Replace("ờ", "o\u031B\u0300", StringComparison.Ordinal).Replace("ặ", "a\u0306\u0323", StringComparison.Ordinal)
            .Replace("ẵ", "ă\u0303", StringComparison.Ordinal).Replace("Ở", "O\u0309\u031B", StringComparison.Ordinal)
            .Replace("ư", "u\u031B", StringComparison.Ordinal).Replace("â", "a\u0302", StringComparison.Ordinal)
            .Replace("à", "a\u0300", StringComparison.Ordinal).Replace("ũ", "u\u0303", StringComparison.Ordinal);

        Assert.NotEqual(composed, decomposed);
        Assert.Equal(composed, VietnameseText.Compose(decomposed));
        Assert.True(VietnameseText.SameWords("BO\u0323\u0302", "bộ"));
        Assert.False(VietnameseText.SameWords("ĐA", "DA"));
        Assert.Equal("Cong van", VietnameseText.Compose("Cong van"));
    }

    [Theory]
    [InlineData(0, Urgency.Normal)]
    [InlineData(3, Urgency.Express)]
    [InlineData(4, Urgency.ExpressAtHour)]
    [InlineData(5, Urgency.Normal)]
    [InlineData(null, Urgency.Normal)]
    public void An_unknown_urgency_is_ordinary(int? priority, Urgency urgency) => Assert.Equal(urgency, Urgencies.FromPriority(priority));

    [Theory]
    [InlineData("MẬT", true)]
    [InlineData("Độ mật: Tối mật", true)]
    [InlineData("«tuye\u0323\u0302t ma\u0323\u0302t»", true)]
    [InlineData("bảo mật", false)]
    [InlineData("mật độ dân số", false)]
    [InlineData("Công văn", false)]
    [InlineData(null, false)]
    public void A_mark_of_secrecy_is_a_whole_label(string? label, bool secret) => Assert.Equal(secret, Secrecy.Of(label) is not null);

    [Theory]
    [InlineData("Về bảo vệ bí mật nhà nước", false)]
    [InlineData("Mật ong: tiêu chuẩn chất lượng", false)]
    [InlineData("Mật độ xây dựng (tạm tính)", false)]
    [InlineData("(Tối mật) Kế hoạch", true)]
    [InlineData("MẬT: Kế hoạch", true)]
    public void A_subject_about_secrets_is_not_secret(string subject, bool secret) => Assert.Equal(secret, Secrecy.OfSubject(subject) is not null);
}
