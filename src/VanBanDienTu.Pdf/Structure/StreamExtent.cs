namespace VanBanDienTu.Pdf;

/// <summary>How long a stream's data is: its /Length when <c>endstream</c> follows, else up to the next <c>endstream</c>, with a finding.</summary>
internal static class StreamExtent
{
    public static PdfSpan Of(PdfView view, PdfStream stream)
    {
        var (bytes, start) = (view.File.Bytes, stream.DataOffset);
        if (view.Get(stream.Dictionary, "Length") is PdfInteger { Value: >= 0 and var length } && length <= bytes.Length - start && EndsAt(bytes, start + length))
            return new PdfSpan(start, start + length);

        var cursor = new ByteCursor(bytes, start);
        if (!cursor.Find("endstream"u8, view.File.Limits.MaxDecodedBytes))
            throw PdfException.Bad("Luồng dữ liệu không có điểm kết thúc.", "A stream has no end.", start);
        view.File.AddFinding(new("stream-length", PdfSeverity.Warning, start, null, null,
            "Độ dài ghi trong luồng dữ liệu không đúng.", "A stream's /Length is wrong."));
        return new PdfSpan(start, TrimEndOfLine(bytes, start, cursor.Position));
    }

    private static bool EndsAt(PdfBytes bytes, long end)
    {
        var tail = bytes.Window(end, 16).Span;
        var skip = 0;
        while (skip < 4 && skip < tail.Length && PdfChars.IsSpace(tail[skip]))
            skip++;
        return tail[skip..].StartsWith("endstream"u8) || tail[skip..].StartsWith("endobj"u8);
    }

    private static long TrimEndOfLine(PdfBytes bytes, long start, long end)
    {
        var before = bytes.Window(Math.Max(start, end - 2), (int)Math.Min(2, end - start)).Span;
        return before switch
        {
            [13, 10] => end - 2,
            [.., 13] or [.., 10] => end - 1,
            _ => end,
        };
    }
}
