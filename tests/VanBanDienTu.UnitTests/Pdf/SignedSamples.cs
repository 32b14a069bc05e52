using System.Text;
using VanBanDienTu.Pdf;

namespace VanBanDienTu.UnitTests.Pdf;

/// <summary>Files with signature dictionaries that are right in every way but the cryptography, and updates of them.</summary>
internal static class SignedSamples
{
    /// <summary>An empty ASN.1 SEQUENCE: enough for a reader that knows no cryptography.</summary>
    public static readonly byte[] Value = [0x30, 0x03, 0x02, 0x01, 0x05];

    public static byte[] Sign(byte[] pdf, SignaturePlaceholder? placeholder = null)
    {
        using var file = PdfFileTests.Open(pdf);
        var prepared = (placeholder ?? new SignaturePlaceholder { ReservedBytes = 64 }).Prepare(file);
        prepared.Fill(Value);
        return [.. pdf, .. prepared.Update.Span];
    }

    /// <summary>The hand-made document, signed once.</summary>
    public static byte[] Signed(string form = "table") => Sign(PdfFileTests.InForm(form));

    /// <summary>One more revision with these objects replaced or added.</summary>
    public static byte[] Update(byte[] pdf, params (int Number, string Body)[] objects)
    {
        using var file = PdfFileTests.Open(pdf);
        var writer = new PdfIncrementalWriter(file);
        foreach (var (number, body) in objects)
            writer.Replace(new PdfRef(number, 0), PdfParserTests.Parse(body));
        using var output = new MemoryStream();
        writer.WriteTo(output);
        return output.ToArray();
    }

    /// <summary>Every place of <paramref name="from"/> replaced by a text of the same length.</summary>
    public static byte[] Patch(byte[] pdf, string from, string to)
    {
        Assert.Equal(from.Length, to.Length);
        var text = Encoding.Latin1.GetString(pdf);
        Assert.Contains(from, text, StringComparison.Ordinal);
        return Encoding.Latin1.GetBytes(text.Replace(from, to, StringComparison.Ordinal));
    }

    public static string DictionaryOf(PdfFile file, int number)
    {
        var output = new PdfOutput();
        output.Value(file.Load(new PdfRef(number, 0)));
        return Encoding.Latin1.GetString(output.ToArray());
    }
}
