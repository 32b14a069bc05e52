using VanBanDienTu.Pdf;
using VanBanDienTu.Pdf.Text;

namespace VanBanDienTu.UnitTests.Pdf.Painting;

public sealed class PaintedPagesTests
{
    private const string Words = "BT /F1 9 Tf 1 1 Td (before) Tj ET";

    [Fact]
    public void A_page_that_is_asked_for_again_is_not_painted_again()
    {
        using var file = Open(Words);
        var view = file.At(file.Newest);
        var first = view.Painted.Of(view.Pages[1]!);
        Assert.Equal("before".Length, first.Scan.Letters!.Count);
        Assert.Same(first, view.Painted.Of(view.Pages.All.First()));
    }

    [Fact]
    public void Of_a_damaged_page_what_comes_before_the_damage_is_kept()
    {
        using var file = Open($"{Words} /Damaged Do BT /F1 9 Tf 1 20 Td (after) Tj ET");
        var page = file.At(file.Newest).Pages[1]!;
        Assert.True(file.At(file.Newest).Painted.Of(page).Damaged);
        var text = PageText.Read(file, page);
        Assert.Single(text.Find("before"));
        Assert.Empty(text.Find("after"));
    }

    [Fact]
    public void The_same_page_under_other_resources_is_another_one()
    {
        using var file = Open(Words);
        var view = file.At(file.Newest);
        var page = view.Pages[1]!;
        var bare = page with { Ancestors = [] }; // as found from a damaged tree
        Assert.NotEmpty(view.Painted.Of(page).Scan.Letters!);
        Assert.Empty(view.Painted.Of(bare).Scan.Letters!);
    }

    [Fact]
    public void No_more_is_kept_than_one_page_may_hold()
    {
        var dots = string.Concat(Enumerable.Repeat("0 0 1 1 re f ", PaintScan.MaxParts * 2 / 3));
        using var file = Open(dots, dots);
        var view = file.At(file.Newest);
        var (one, two) = (view.Pages[1]!, view.Pages[2]!);
        var first = view.Painted.Of(one);
        var second = view.Painted.Of(two);
        Assert.Same(second, view.Painted.Of(two));
        Assert.NotSame(first, view.Painted.Of(one));
    }

    private static PdfFile Open(params string[] contents)
    {
        const string font = "<</Type/Font/Subtype/Type1/BaseFont/Courier/Encoding/WinAnsiEncoding>>";
        var pages = Enumerable.Range(0, contents.Length).ToList();
        var made = new HandMadePdf().Object(1, "<</Type/Catalog/Pages 2 0 R>>").Object(3, font)
            .Stream(4, "/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Filter/NoSuchFilter", "")
            .Object(2, $"<</Type/Pages/Kids[{string.Join(' ', pages.Select(i => $"{10 + 2 * i} 0 R"))}]/Count {contents.Length}/MediaBox[0 0 600 800]/Resources<</Font<</F1 3 0 R>>/XObject<</Damaged 4 0 R>>>>>>");
        foreach (var i in pages)
            made = made.Object(10 + 2 * i, $"<</Type/Page/Parent 2 0 R/Contents {11 + 2 * i} 0 R>>").Stream(11 + 2 * i, "", contents[i]);
        return PdfFileTests.Open(made.EndTable());
    }
}
