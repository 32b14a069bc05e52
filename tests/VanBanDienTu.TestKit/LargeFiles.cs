using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace VanBanDienTu.TestKit;

/// <summary>Files of any size that take little room where they are made: holes, with a number at every mebibyte, so that no two places are equal.</summary>
public static class LargeFiles
{
    private const int Mark = 1 << 20;

    public static void Write(string path, long size)
    {
        using var output = new FileStream(path, FileMode.CreateNew);
        Fill(output, size);
    }

    /// <summary>A PDF of one page, which shows a picture of this many bytes.</summary>
    public static void WritePdf(string path, long picture)
    {
        using var output = new FileStream(path, FileMode.CreateNew);
        var offsets = new List<long>();
        Text("%PDF-1.7\n");
        Begin($"<</Type/XObject/Subtype/Image/Width 1000/Height 1000/BitsPerComponent 8/ColorSpace/DeviceRGB/Filter/DCTDecode/Length {picture}>>stream\n");
        Fill(output, picture);
        Text("\nendstream\nendobj\n");
        Begin("<</Type/Catalog/Pages 3 0 R>>\nendobj\n");
        Begin("<</Type/Pages/Kids[4 0 R]/Count 1/MediaBox[0 0 595 842]>>\nendobj\n");
        Begin("<</Type/Page/Parent 3 0 R/Contents 5 0 R/Resources<</XObject<</P 1 0 R>>>>>>\nendobj\n");
        Begin("<</Length 30>>stream\nq 500 0 0 700 40 60 cm /P Do Q\nendstream\nendobj\n");
        var section = output.Position;
        Text("xref\n0 6\n0000000000 65535 f\r\n");
        foreach (var offset in offsets)
            Text(string.Create(CultureInfo.InvariantCulture, $"{offset:D10} 00000 n\r\n"));
        Text($"trailer\n<</Root 2 0 R/Size 6>>\nstartxref\n{section}\n%%EOF\n");

        void Begin(string body)
        {
            offsets.Add(output.Position);
            Text($"{offsets.Count} 0 obj\n{body}");
        }

        void Text(string text) => output.Write(Encoding.ASCII.GetBytes(text));
    }

    private static void Fill(FileStream output, long size)
    {
        var end = output.Position + size;
        var number = new byte[sizeof(long)];
        for (var at = output.Position; at + number.Length < end; at += Mark)
        {
            BinaryPrimitives.WriteInt64BigEndian(number, at + 1);
            output.Position = at;
            output.Write(number);
        }

        if (output.Length < end)
            output.SetLength(end);
        output.Position = end;
    }
}
