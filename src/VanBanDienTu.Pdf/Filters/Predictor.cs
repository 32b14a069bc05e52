namespace VanBanDienTu.Pdf;

/// <summary>Undoes the PNG and TIFF predictors (ISO 32000-2, 7.4.4.4).</summary>
internal static class Predictor
{
    private const int Tiff = 2;

    public static byte[] Undo(byte[] data, PdfDictionary parameters, int max)
    {
        var predictor = Whole(parameters, "Predictor", 1);
        if (predictor <= 1)
            return data;
        var colors = Whole(parameters, "Colors", 1);
        var bits = Whole(parameters, "BitsPerComponent", 8);
        var columns = Whole(parameters, "Columns", 1);
        if (colors is < 1 or > 64 || bits is not (1 or 2 or 4 or 8 or 16) || columns < 1 || columns > max / colors)
            throw PdfException.Bad("Tham số dự đoán của bộ lọc không hợp lệ.", "The predictor's parameters are not valid.");
        var pixel = Math.Max(1, colors * bits / 8);
        var row = (int)(((long)columns * colors * bits + 7) / 8);
        return predictor == Tiff ? UndoTiff(data, row, pixel, bits) : UndoPng(data, row, pixel);
    }

    private static int Whole(PdfDictionary parameters, string key, int otherwise) =>
        parameters[key] is PdfInteger { Value: >= 0 and <= int.MaxValue } i ? (int)i.Value : otherwise;

    private static byte[] UndoTiff(byte[] data, int row, int pixel, int bits)
    {
        if (bits != 8)
            throw new PdfException(PdfFault.UnsupportedFilter, "Dự đoán TIFF chỉ hỗ trợ 8 bit.", "The TIFF predictor is supported for 8 bits only.");
        for (var start = 0; start < data.Length; start += row)
        {
            for (var i = start + pixel; i < Math.Min(start + row, data.Length); i++)
                data[i] = unchecked((byte)(data[i] + data[i - pixel]));
        }
        return data;
    }

    private static byte[] UndoPng(byte[] data, int row, int pixel)
    {
        var rows = (data.Length + row) / (row + 1);
        var output = new byte[Math.Max(0, data.Length - rows)];
        var previous = ReadOnlySpan<byte>.Empty;
        for (int at = 0, to = 0; at < data.Length; at += row + 1)
        {
            var length = Math.Min(row, data.Length - at - 1);
            var line = output.AsSpan(to, length);
            data.AsSpan(at + 1, length).CopyTo(line);
            UndoLine(data[at], line, previous, pixel);
            previous = line;
            to += length;
        }
        return output;
    }

    public static void UndoLine(byte kind, Span<byte> line, ReadOnlySpan<byte> above, int pixel)
    {
        for (var i = 0; i < line.Length && kind != 0; i++)
        {
            var left = i >= pixel ? line[i - pixel] : 0;
            var up = i < above.Length ? above[i] : 0;
            var corner = i >= pixel && i - pixel < above.Length ? above[i - pixel] : 0;
            var guess = kind switch
            {
                1 => left,
                2 => up,
                3 => (left + up) / 2,
                4 => Paeth(left, up, corner),
                _ => throw PdfException.Bad("Loại dự đoán PNG không hợp lệ.", "Unknown PNG predictor in a row."),
            };
            line[i] = unchecked((byte)(line[i] + guess));
        }
    }

    private static int Paeth(int left, int up, int corner)
    {
        var estimate = left + up - corner;
        var (byLeft, byUp, byCorner) = (Math.Abs(estimate - left), Math.Abs(estimate - up), Math.Abs(estimate - corner));
        return byLeft <= byUp && byLeft <= byCorner ? left : byUp <= byCorner ? up : corner;
    }
}
