using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace VanBanDienTu.UnitTests.Pdf;

/// <summary>Writes PDFs by hand, revision by revision, in every form of cross-reference, also wrong ones.</summary>
internal sealed class HandMadePdf
{
    private readonly MemoryStream bytes = new();
    private readonly SortedDictionary<int, long> offsets = [];
    private readonly SortedDictionary<int, (int Container, int Index)> packed = [];
    private readonly List<int> freed = [];
    private long? prev;
    private int size = 1;

    /// <param name="header">How it begins; a whole file when this is an update.</param>
    /// <param name="size">The first number that is free.</param>
    public HandMadePdf(string header = "%PDF-1.7\n", int size = 1)
    {
        this.size = size;
        Raw(header);
    }

    public long Length => bytes.Length;

    /// <summary>Where the last section began.</summary>
    public long LastSection => prev ?? 0;

    /// <summary>One page that says Hello, with a text field and an empty form besides it.</summary>
    public static HandMadePdf Hello(string header = "%PDF-1.7\n") => new HandMadePdf(header)
        .Object(1, "<</Type/Catalog/Pages 2 0 R/AcroForm 6 0 R>>")
        .Object(2, "<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 600 800]>>")
        .Object(3, "<</Type/Page/Parent 2 0 R/Resources<</Font<</F1 5 0 R>>>>/Contents 4 0 R/Annots[7 0 R]>>")
        .Stream(4, "", "BT /F1 18 Tf 50 700 Td (Hello) Tj ET")
        .Object(5, "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>")
        .Object(6, "<</Fields[7 0 R]/DA(/F1 0 Tf)>>")
        .Object(7, "<</Type/Annot/Subtype/Widget/FT/Tx/T(amount)/V(100)/Rect[50 600 150 620]/P 3 0 R/AP<</N 8 0 R>>>>")
        .Stream(8, "/Type/XObject/Subtype/Form/BBox[0 0 100 20]", "BT (100) Tj ET");

    public HandMadePdf Raw(string text)
    {
        bytes.Write(Encoding.Latin1.GetBytes(text));
        return this;
    }

    public HandMadePdf Object(int number, string body)
    {
        Begin(number);
        return Raw($"{body}\nendobj\n");
    }

    public HandMadePdf Stream(int number, string entries, string data) => Stream(number, entries, Encoding.Latin1.GetBytes(data));

    public HandMadePdf Stream(int number, string entries, byte[] data)
    {
        Begin(number);
        Raw($"<<{entries}/Length {data.Length}>>stream\n");
        bytes.Write(data);
        return Raw("\nendstream\nendobj\n");
    }

    /// <summary>Objects inside a compressed object stream.</summary>
    public HandMadePdf Packed(int container, params (int Number, string Body)[] objects)
    {
        var (header, body) = (new StringBuilder(), new StringBuilder());
        for (var i = 0; i < objects.Length; i++)
        {
            header.Append(CultureInfo.InvariantCulture, $"{objects[i].Number} {body.Length} ");
            body.Append(objects[i].Body).Append(' ');
            packed[objects[i].Number] = (container, i);
            offsets.Remove(objects[i].Number);
            size = Math.Max(size, objects[i].Number + 1);
        }
        return Stream(container, $"/Type/ObjStm/N {objects.Length}/First {header.Length}/Filter/FlateDecode", Deflate(Encoding.Latin1.GetBytes(header.ToString() + body)));
    }

    public HandMadePdf Free(int number)
    {
        freed.Add(number);
        return this;
    }

    /// <summary>Ends the revision with a classic table.</summary>
    public HandMadePdf EndTable(string trailer = "/Root 1 0 R", string? hybrid = null)
    {
        var section = Length;
        Raw("xref\n");
        if (prev is null)
            Raw("0 1\n0000000000 65535 f\r\n");
        foreach (var (number, offset) in offsets)
            Raw(string.Create(CultureInfo.InvariantCulture, $"{number} 1\n{offset:D10} 00000 n\r\n"));
        foreach (var number in freed.Concat(hybrid is null ? [] : packed.Keys))
            Raw(string.Create(CultureInfo.InvariantCulture, $"{number} 1\n0000000000 00001 f\r\n"));
        Raw($"trailer\n<<{trailer}/Size {size}{Prev}{hybrid}>>\n");
        return Finish(section);
    }

    /// <summary>Ends the revision with a cross-reference stream that is object <paramref name="number"/>.</summary>
    public HandMadePdf EndStream(int number, string trailer = "/Root 1 0 R", bool predictor = false)
    {
        var section = Length;
        XrefStream(number, trailer + Prev, predictor, onlyPacked: false);
        return Finish(section);
    }

    /// <summary>Ends the revision with a table and a stream for the packed objects.</summary>
    public HandMadePdf EndHybrid(int number, string trailer = "/Root 1 0 R")
    {
        var hidden = Length;
        XrefStream(number, trailer, predictor: false, onlyPacked: true);
        offsets.Remove(number);
        return EndTable(trailer, $"/XRefStm {hidden}");
    }

    public byte[] ToArray() => bytes.ToArray();

    public static byte[] Deflate(byte[] data)
    {
        using var output = new MemoryStream();
        using (var deflater = new ZLibStream(output, CompressionLevel.Optimal))
            deflater.Write(data);
        return output.ToArray();
    }

    private string Prev => prev is { } p ? $"/Prev {p}" : "";

    private void Begin(int number)
    {
        offsets[number] = Length;
        size = Math.Max(size, number + 1);
        Raw($"{number} 0 obj\n");
    }

    private void XrefStream(int number, string trailer, bool predictor, bool onlyPacked)
    {
        size = Math.Max(size, number + 1);
        offsets[number] = Length;
        var rows = new SortedDictionary<int, byte[]>();
        foreach (var (n, (container, index)) in packed)
            rows[n] = unchecked([2, 0, (byte)(container >> 8), (byte)container, (byte)index]);
        foreach (var (n, offset) in onlyPacked ? [] : offsets)
            rows[n] = unchecked([1, (byte)(offset >> 16), (byte)(offset >> 8), (byte)offset, 0]);
        foreach (var n in freed)
            rows[n] = [0, 0, 0, 0, 1];
        var index2 = string.Concat(rows.Keys.Select(n => $"{n} 1 "));
        var data = predictor ? Up([.. rows.Values]) : [.. rows.Values.SelectMany(r => r)];
        var parameters = predictor ? "/DecodeParms<</Predictor 12/Columns 5>>" : "";
        Stream(number, $"/Type/XRef/W[1 3 1]/Index[{index2}]/Size {size}/Filter/FlateDecode{parameters}{trailer}", Deflate(data));
    }

    private static byte[] Up(byte[][] rows)
    {
        var output = new List<byte>();
        var above = new byte[rows[0].Length];
        foreach (var row in rows)
        {
            output.Add(2);
            output.AddRange(row.Select((b, i) => unchecked((byte)(b - above[i]))));
            above = row;
        }
        return output.ToArray();
    }

    private HandMadePdf Finish(long section)
    {
        prev = section;
        offsets.Clear();
        packed.Clear();
        freed.Clear();
        return Raw($"startxref\n{section}\n%%EOF\n");
    }
}
