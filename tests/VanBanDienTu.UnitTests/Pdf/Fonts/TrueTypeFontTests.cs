using System.Buffers.Binary;
using System.Text;
using VanBanDienTu.Pdf;
using VanBanDienTu.Pdf.Fonts;
using VanBanDienTu.TestKit;

namespace VanBanDienTu.UnitTests.Pdf.Fonts;

public sealed class TrueTypeFontTests
{
    private const string Vietnamese = "aàáảãạăằắẳẵặâầấẩẫậeèéẻẽẹêềếểễệiìíỉĩịoòóỏõọôồốổỗộơờớởỡợuùúủũụưừứửữựyỳýỷỹỵđAÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬEÈÉẺẼẸÊỀẾỂỄỆIÌÍỈĨỊOÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢUÙÚỦŨỤƯỪỨỬỮỰYỲÝỶỸỴĐ";
    private static readonly string Tinos = "/usr/share/fonts/truetype/croscore/Tinos-Regular.ttf";

    [Fact]
    public void The_systems_font_has_every_Vietnamese_letter() => Assert.Equal("", SystemFonts.Default.For(Vietnamese).Missing(Vietnamese));

    [Fact]
    public void Letters_that_a_font_lacks_are_named() => Assert.Equal("漢字", TrueTypeFont.Load(Tinos).Missing("a漢字b漢"));

    [Fact]
    public void A_subset_can_be_read_again_and_every_glyph_has_its_outline_and_width()
    {
        var font = TrueTypeFont.Load(Tinos);
        var glyphs = Vietnamese.EnumerateRunes().Select(font.Glyph).Distinct().ToList();
        var subset = new FontSubset(font, glyphs);
        var bytes = subset.Build();
        Assert.True(bytes.Length < 60_000, $"{bytes.Length} bytes");
        Assert.Equal(glyphs.Count + 1, subset.Used);
        Assert.True(subset.Glyphs.Count > subset.Used, "Vietnamese letters are made of parts");
        // A cmap is all that a font file has and an embedded one needs not.
        var again = TrueTypeFont.Read(WithMap(bytes));
        Assert.Equal(subset.Glyphs.Count, again.Glyphs);
        foreach (var glyph in glyphs)
        {
            Assert.Equal(font.Metric(glyph), again.Metric(subset.Number(glyph)));
            Assert.Equal(font.Outline(glyph).Length > 0, again.Outline(subset.Number(glyph)).Length > 0);
            if (font.Outline(glyph).Length > 0) // the box of the drawing is the same
                Assert.Equal(font.Outline(glyph)[2..10].ToArray(), again.Outline(subset.Number(glyph))[2..10].ToArray());
        }
        Assert.Equal(0xB1B0AFBAu, Sum(bytes));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(4, true)]
    [InlineData(8, true)]
    [InlineData(2, false)] // restricted licence
    [InlineData(0x108, false)] // no subsetting
    [InlineData(0x208, false)] // bitmaps only
    public void A_font_is_embedded_only_when_its_licence_bits_allow_it(int rights, bool allowed)
    {
        var bytes = File.ReadAllBytes(Tinos);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(Table(bytes, "OS/2") + 8), (ushort)rights);
        if (allowed)
            Assert.StartsWith("Tinos", TrueTypeFont.Read(bytes).Name, StringComparison.Ordinal);
        else
            Assert.Equal(PdfFault.FontUnusable, Assert.Throws<PdfException>(() => TrueTypeFont.Read(bytes)).Fault);
    }

    [Fact]
    public void A_damaged_font_is_refused_or_still_draws_and_never_worse()
    {
        var whole = File.ReadAllBytes(Tinos);
        var random = new Random(20261122);
        for (var i = 0; i < 300; i++)
        {
            var bytes = whole.AsSpan(0, i % 3 == 0 ? random.Next(whole.Length) : whole.Length).ToArray();
            for (var k = 0; k < 20 && bytes.Length > 2000; k++)
                bytes[random.Next(i % 2 == 0 ? 2000 : bytes.Length)] = (byte)random.Next(256);
            try
            {
                var font = TrueTypeFont.Read(bytes);
                new FontSubset(font, "Đã ký: Nguyễn Văn A".EnumerateRunes().Select(font.Glyph)).Build();
            }
            catch (PdfException e)
            {
                Assert.Equal(PdfFault.FontUnusable, e.Fault);
            }
        }
    }

    [Fact]
    public void Without_a_font_the_error_says_what_to_install()
    {
        using var empty = new TemporaryFolder();
        var refused = Assert.Throws<PdfException>(() => new SystemFonts([empty.Path, empty["không có"]]).For("a"));
        Assert.Equal(PdfFault.NoFont, refused.Fault);
        Assert.Contains("fonts-croscore", refused.Vi, StringComparison.Ordinal);
        Assert.Contains("Times New Roman", refused.En, StringComparison.Ordinal);
    }

    [Fact]
    public void A_protected_font_is_passed_over_for_the_next()
    {
        using var folder = new TemporaryFolder();
        var bytes = File.ReadAllBytes(Tinos);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(Table(bytes, "OS/2") + 8), 2);
        folder.Write("times.ttf", bytes);
        folder.Write("TINOS-regular.TTF", File.ReadAllBytes(Tinos));
        Assert.StartsWith("Tinos", new SystemFonts([folder.Path]).For("ữ").Name, StringComparison.Ordinal);
    }

    private static int Table(byte[] font, string tag)
    {
        for (var entry = 12; ; entry += 16)
        {
            if (Encoding.ASCII.GetString(font, entry, 4) == tag)
                return BinaryPrimitives.ReadInt32BigEndian(font.AsSpan(entry + 8));
        }
    }

    /// <summary>The same tables and an empty format 4 cmap.</summary>
    private static byte[] WithMap(byte[] subset)
    {
        byte[] map = [0, 0, 0, 1, 0, 3, 0, 1, 0, 0, 0, 12, 0, 4, 0, 24, 0, 0, 0, 2, 0, 2, 0, 0, 0, 0, 0xFF, 0xFF, 0, 0, 0xFF, 0xFF, 0, 1, 0, 0];
        var count = BinaryPrimitives.ReadUInt16BigEndian(subset.AsSpan(4));
        var file = subset[..(12 + 16 * count)];
        for (var i = 0; i < count; i++)
            BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(12 + 16 * i + 8), BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(12 + 16 * i + 8)) + 16);
        BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(4), (ushort)(count + 1));
        var entry = new byte[16];
        Encoding.ASCII.GetBytes("cmap").CopyTo(entry, 0);
        BinaryPrimitives.WriteInt32BigEndian(entry.AsSpan(8), subset.Length + 16);
        BinaryPrimitives.WriteInt32BigEndian(entry.AsSpan(12), map.Length);
        return [.. file, .. entry, .. subset.AsSpan(12 + 16 * count), .. map];
    }

    private static uint Sum(byte[] data)
    {
        var sum = 0u;
        for (var i = 0; i < data.Length; i += 4)
            sum = unchecked(sum + BinaryPrimitives.ReadUInt32BigEndian(data.AsSpan(i)));
        return sum;
    }
}
