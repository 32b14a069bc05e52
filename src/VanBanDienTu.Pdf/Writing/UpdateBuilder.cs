using System.Globalization;

namespace VanBanDienTu.Pdf;

/// <summary>The bytes of an update, and where its placeholders stand in the finished file.</summary>
internal sealed record BuiltUpdate(Memory<byte> Bytes, IReadOnlyDictionary<PdfPlaceholder, PdfSpan> Placeholders);

/// <summary>Lays out one incremental update.</summary>
internal static class UpdateBuilder
{
    private static readonly string[] NotCarried =
        ["Prev", "XRefStm", "Size", "W", "Index", "Filter", "DecodeParms", "Length", "Type", "F", "FFilter", "FDecodeParms", "DL"];

    public static BuiltUpdate Build(PdfFile file, IReadOnlyList<(PdfRef Name, PdfObject Value)> objects, int size)
    {
        var output = new PdfOutput();
        var start = file.Bytes.Length;
        if (file.Bytes.Window(start - 1, 1).Span is not ([10] or [13]))
            output.Raw("\n");
        var places = new List<(PdfRef Name, long Offset)>();
        foreach (var (name, value) in objects)
        {
            places.Add((name, start - file.Shift + output.Length));
            output.Raw(string.Create(CultureInfo.InvariantCulture, $"{name.Number} {name.Generation} obj\n"));
            output.Value(file.Store.Cipher?.Seal(value, name) ?? value);
            output.Raw("\nendobj\n");
        }
        var section = start - file.Shift + output.Length;
        var trailer = file.Trailer.Without(NotCarried).With("Prev", new PdfInteger(file.Newest.StartXref - file.Shift));
        if (file.Newest.Kind == XrefKind.Stream)
            Stream(output, places, trailer, size, section);
        else
            Table(output, places, trailer.With("Size", new PdfInteger(size)));
        output.Raw(string.Create(CultureInfo.InvariantCulture, $"startxref\n{section}\n%%EOF\n"));
        var moved = output.Placeholders.ToDictionary(p => p.Key, p => new PdfSpan(p.Value.Start + start, p.Value.End + start));
        return new BuiltUpdate(output.ToArray(), moved);
    }

    private static void Table(PdfOutput output, List<(PdfRef Name, long Offset)> places, PdfDictionary trailer)
    {
        output.Raw("xref\n");
        foreach (var run in Runs(places))
        {
            output.Raw(string.Create(CultureInfo.InvariantCulture, $"{run[0].Name.Number} {run.Count}\n"));
            foreach (var (name, offset) in run)
            {
                if (offset > 9_999_999_999)
                    throw new PdfException(PdfFault.CannotWrite, "Tệp lớn hơn 10 GB không ghi được bằng bảng tham chiếu.", "A cross-reference table cannot address beyond 10 GB.");
                output.Raw(string.Create(CultureInfo.InvariantCulture, $"{offset:D10} {name.Generation:D5} n\r\n"));
            }
        }
        output.Raw("trailer\n");
        output.Value(trailer);
        output.Raw("\n");
    }

    private static void Stream(PdfOutput output, List<(PdfRef Name, long Offset)> places, PdfDictionary trailer, int size, long section)
    {
        var self = new PdfRef(size, 0); // the stream lists itself too
        places.Add((self, section));
        var width = 1;
        while (section >> (8 * width) != 0)
            width++;
        var index = new List<PdfObject>();
        var data = new MemoryStream();
        foreach (var run in Runs(places))
        {
            index.AddRange([new PdfInteger(run[0].Name.Number), new PdfInteger(run.Count)]);
            foreach (var (name, offset) in run)
            {
                data.WriteByte(1);
                for (var i = width - 1; i >= 0; i--)
                    data.WriteByte((byte)((offset >> (8 * i)) & 0xFF));
                data.Write([(byte)(name.Generation >> 8), (byte)(name.Generation & 0xFF)]);
            }
        }
        var dictionary = new PdfDictionary([
            new("Type", new PdfName("XRef")),
            new("W", new PdfArray([new PdfInteger(1), new PdfInteger(width), new PdfInteger(2)])),
            new("Index", new PdfArray(index)),
            new("Size", new PdfInteger(size + 1L)),
            .. trailer,
        ]);
        output.Raw(string.Create(CultureInfo.InvariantCulture, $"{self.Number} {self.Generation} obj\n"));
        output.Value(new PdfStream(dictionary, data.ToArray()));
        output.Raw("\nendobj\n");
    }

    /// <summary>Consecutive object numbers together.</summary>
    private static List<List<(PdfRef Name, long Offset)>> Runs(List<(PdfRef Name, long Offset)> places)
    {
        var runs = new List<List<(PdfRef, long)>>();
        foreach (var place in places.OrderBy(p => p.Name.Number))
        {
            if (runs.Count > 0 && runs[^1][^1].Item1.Number + 1 == place.Name.Number)
                runs[^1].Add(place);
            else
                runs.Add([place]);
        }
        return runs;
    }
}
