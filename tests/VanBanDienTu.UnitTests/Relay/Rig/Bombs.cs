using System.Text;
using VanBanDienTu.Pdf;
using VanBanDienTu.UnitTests.Pdf;

namespace VanBanDienTu.UnitTests.Relay.Rig;

/// <summary>PDFs that ask for more work than the program does for one file.</summary>
internal static class Bombs
{
    private static readonly byte[] Packed = HandMadePdf.Deflate(new byte[PdfLimits.Default.MaxDecodedBytes + 1_000_000]);

    /// <summary>A small document to be signed.</summary>
    public static string Hello(string folder)
    {
        var path = Path.Combine(folder, "hello.pdf");
        File.WriteAllBytes(path, HandMadePdf.Hello().EndTable().ToArray());
        return path;
    }

    /// <summary>One more revision, in which the look of a field unpacks to more than <see cref="PdfLimits.MaxDecodedBytes"/>.</summary>
    public static byte[] BehindSignature(byte[] signed)
    {
        using var before = PdfFile.Open(PdfBytes.Of(signed));
        return new HandMadePdf(Encoding.Latin1.GetString(signed))
            .Stream(8, "/Type/XObject/Subtype/Form/BBox[0 0 100 20]/Filter/FlateDecode", Packed)
            .EndTable($"/Root 1 0 R/Prev {before.Newest.StartXref}").ToArray();
    }

    /// <summary>A file that claims to have more objects than <see cref="PdfLimits.MaxXrefEntries"/>.</summary>
    public static byte[] Whole()
    {
        var pdf = HandMadePdf.Hello();
        return pdf.Raw($"xref\n0 99999999\ntrailer<</Root 1 0 R>>\nstartxref\n{pdf.Length}\n%%EOF\n").ToArray();
    }
}
