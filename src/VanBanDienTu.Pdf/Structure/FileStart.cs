namespace VanBanDienTu.Pdf;

/// <summary>How a file is entered: header, last <c>startxref</c>, chain of sections; and, when that fails, a rebuild by scanning.</summary>
internal static class FileStart
{
    private const int HeaderWithin = 1024;
    private const int StrictTail = 1024;
    private const int LongTail = 1 << 20;

    /// <summary>Where <c>%PDF-</c> stands; junk before it is tolerated for a kilobyte, as readers do.</summary>
    public static long HeaderOffset(PdfBytes bytes)
    {
        var at = bytes.Window(0, HeaderWithin).Span.IndexOf("%PDF-"u8);
        return at >= 0 ? at : throw new PdfException(PdfFault.NotAPdf, "Tệp này không phải là PDF.", "This file is not a PDF: it has no %PDF- header.");
    }

    public static IReadOnlyList<PdfRevision> ReadRevisions(PdfFile file, List<PdfFinding> findings)
    {
        try
        {
            var start = StartXref(file.Bytes) ?? throw new PdfException(PdfFault.Truncated,
                "Tệp PDF bị cắt cụt: không có phần kết thúc.", "The PDF is truncated: its end is missing.", file.Bytes.Length);
            return ReadChain(file, findings, start);
        }
        catch (PdfException e) when (e.Fault is PdfFault.BadStructure or PdfFault.Truncated or PdfFault.UnsupportedFilter)
        {
            return Rebuild(file, findings, e);
        }
    }

    /// <summary>One revision made of every object that a scan of the file finds; this is itself a critical finding.</summary>
    public static IReadOnlyList<PdfRevision> Rebuild(PdfFile file, List<PdfFinding> findings, PdfException reason)
    {
        if (file.Bytes.Length > file.Limits.MaxRepairBytes)
            throw reason;
        var section = XrefRebuilder.Scan(file) ?? throw reason;
        findings.Add(new("repaired", PdfSeverity.Critical, reason.Offset, null, null,
            $"Bảng tham chiếu của tệp bị hỏng và đã được dựng lại bằng cách quét toàn tệp: {reason.Vi}",
            $"The cross-reference is broken and was rebuilt by scanning the file: {reason.En}"));
        return [new PdfRevision(1, [section], 0, file.Bytes.Length, file.Bytes.Length)];
    }

    private static List<PdfRevision> ReadChain(PdfFile file, List<PdfFinding> findings, long start)
    {
        var chain = new XrefReader(file.Bytes, file.Limits, file.Reader, file.Budget, file.Shift);
        List<XrefSection> sections;
        try
        {
            sections = chain.ReadChain(start + file.Shift);
        }
        catch (PdfException e) when (file.Shift > 0 && e.Fault == PdfFault.BadStructure)
        {
            // Some programs put junk before the header and still count offsets from the first byte.
            sections = new XrefReader(file.Bytes, file.Limits, file.Reader, file.Budget, shift: 0).ReadChain(start);
        }
        return new RevisionReader(file.Bytes, file.Shift, findings).Read(sections);
    }

    /// <summary>The value of the last <c>startxref</c>: in the last kilobyte, or, past bytes that somebody appended, in the last mebibyte.</summary>
    private static long? StartXref(PdfBytes bytes)
    {
        foreach (var size in new[] { StrictTail, LongTail })
        {
            var from = Math.Max(0, bytes.Length - size);
            var at = bytes.Window(from, size).Span.LastIndexOf("startxref"u8);
            if (at >= 0)
                return new ByteCursor(bytes, from + at + "startxref".Length).TryInteger(out var value) ? value : null;
        }
        return null;
    }
}
