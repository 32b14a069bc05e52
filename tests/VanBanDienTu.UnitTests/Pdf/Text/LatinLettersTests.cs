using VanBanDienTu.Axis.Text;
using VanBanDienTu.Pdf.Text;

namespace VanBanDienTu.UnitTests.Pdf.Text;

public sealed class LatinLettersTests
{
    [Theory]
    [InlineData("Nguye\u0302\u0303n Va\u0306n A", "Nguyễn Văn A")]
    [InlineData("Nguyê\u0303n", "Nguyễn")]
    [InlineData("Ngu\u031Bo\u031B\u0300i Ky\u0301 Ma\u0302\u0303u", "Người Ký Mẫu")]
    [InlineData("o\u0323\u031B o\u031B\u0323 ọ\u031B ơ\u0323", "ợ ợ ợ ợ")]
    [InlineData("a\u0302\u0323 a\u0323\u0302 ạ\u0302 â\u0323", "ậ ậ ậ ậ")]
    [InlineData("Độc lập – 2026", "Độc lập – 2026")]
    [InlineData("x\u0301 \u0301", "x\u0301 \u0301")]
    public void Letters_and_marks_become_one_character_whatever_their_order(string decomposed, string composed) => Assert.Equal(composed, LatinLetters.Compose(decomposed));

    [Fact]
    public void It_agrees_with_the_tables_of_the_packet_format_on_every_letter_tone_and_shape()
    {
        string[] shapes = ["", "\u0302", "\u0306", "\u031B"], tones = ["", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"];
        foreach (var letter in "aeiouyAEIOUY")
        {
            foreach (var (shape, tone) in shapes.SelectMany(s => tones.Select(t => (s, t))))
            {
                var theirs = VietnameseText.Compose($"{letter}{shape}{tone}");
                if (theirs.Length == 1) // a Vietnamese letter
                    Assert.Equal((theirs, theirs), (LatinLetters.Compose($"{letter}{shape}{tone}"), LatinLetters.Compose($"{letter}{tone}{shape}")));
            }
        }
    }
}
