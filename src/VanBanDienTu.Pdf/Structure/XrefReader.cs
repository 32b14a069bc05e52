namespace VanBanDienTu.Pdf;

/// <summary>Reads the chain of cross-reference sections strictly; anything that does not parse ends it with an exception.</summary>
internal sealed class XrefReader(PdfBytes bytes, PdfLimits limits, ObjectReader objects, PdfBudget budget, long shift)
{
    private const int LeftInFile = 1024;
    private const int Batch = 512;
    private int entriesRead;

    /// <summary>All sections, newest first, beginning at the offset that <c>startxref</c> gave.</summary>
    /// <exception cref="PdfException"><see cref="PdfFault.BadStructure"/>, also for a loop.</exception>
    public List<XrefSection> ReadChain(long start)
    {
        var sections = new List<XrefSection>();
        var seen = new HashSet<long>();
        for (long? at = start; at is { } offset;)
        {
            if (!seen.Add(offset))
                throw PdfException.Bad("Chuỗi /Prev quay vòng.", "The /Prev chain goes in a circle.", offset);
            if (sections.Count == limits.MaxSections)
                throw PdfException.Limit($"{limits.MaxSections} cross-reference sections", offset);
            var section = ReadSection(offset);
            sections.Add(section);
            at = section.Prev;
        }
        return sections;
    }

    private XrefSection ReadSection(long offset)
    {
        budget.Step();
        if (offset < 0 || offset >= bytes.Length)
            throw PdfException.Bad("Vị trí bảng tham chiếu nằm ngoài tệp.", "The cross-reference offset lies outside the file.", offset);
        var cursor = new ByteCursor(bytes, offset);
        return cursor.TryKeyword("xref"u8) ? ReadTable(offset, cursor) : ReadStreamSection(offset);
    }

    private XrefSection ReadTable(long offset, ByteCursor cursor)
    {
        var table = new XrefTable();
        var subsections = 0;
        while (!cursor.TryKeyword("trailer"u8))
        {
            if (!cursor.TryInteger(out var first) || !cursor.TryInteger(out var count) || first > int.MaxValue)
                throw PdfException.Bad("Bảng tham chiếu sai cú pháp.", "The cross-reference table is malformed.", cursor.Position);
            Count(count, cursor.Position);
            if (!LeaveInFile(table, cursor, (int)first, (int)count, alone: subsections++ == 0))
                ReadSubsection(table, cursor, (int)first, (int)count);
        }
        table.Seal();
        if (objects.ReadValue(cursor.Position) is not { Value: PdfDictionary trailer, End: var end })
            throw PdfException.Bad("Không đọc được trailer.", "The trailer cannot be read.", cursor.Position);

        if (trailer["XRefStm"] is PdfNull)
            return new XrefSection(offset, XrefKind.Table, trailer, table, Hidden: null, end) { Prev = PrevOf(trailer) };
        // What is no whole number some readers follow and others do not: then nobody can say what the file holds.
        if (trailer["XRefStm"] is not PdfInteger { Value: var hiddenAt })
            throw PdfException.Bad("/XRefStm không hợp lệ.", "/XRefStm is not a valid offset.", offset);
        var hidden = ReadStreamSection(hiddenAt + shift);
        return new XrefSection(offset, XrefKind.Hybrid, trailer, table, hidden.Entries, end) { Prev = PrevOf(trailer), HiddenOffset = hidden.Offset };
    }

    /// <summary>A long subsection in the fixed form that is the whole table is not read; each entry is looked at when it is asked for.</summary>
    private bool LeaveInFile(XrefTable table, ByteCursor cursor, int first, int count, bool alone)
    {
        if (!alone || count < LeftInFile || first != 0)
            return false;
        cursor.SkipSpace(comments: false);
        var start = cursor.Position;
        var end = start + (long)FixedXrefRun.EntryLength * count;
        if (!FixedXrefRun.TryParse(bytes.Window(start, FixedXrefRun.EntryLength).Span, shift, out _)
            || !FixedXrefRun.TryParse(bytes.Window(end - FixedXrefRun.EntryLength, FixedXrefRun.EntryLength).Span, shift, out _)
            || !bytes.Window(end, 7).Span.SequenceEqual("trailer"u8))
            return false;
        table.Leave(new FixedXrefRun(bytes, start, first, count, shift));
        cursor.Position = end;
        return true;
    }

    private void ReadSubsection(XrefTable table, ByteCursor cursor, int first, int count)
    {
        table.Expect(count);
        for (var i = ReadFixed(table, cursor, first, count); i < count; i++)
        {
            if (!cursor.TryInteger(out var place) || !cursor.TryInteger(out var generation))
                throw PdfException.Bad("Bảng tham chiếu sai cú pháp.", "The cross-reference table is malformed.", cursor.Position);
            var used = cursor.TryKeyword("n"u8);
            if (!used && !cursor.TryKeyword("f"u8))
                throw PdfException.Bad("Bảng tham chiếu sai cú pháp.", "The cross-reference table is malformed.", cursor.Position);
            if (i == 0 && first == 1 && !used && place == 0 && generation == 65535)
                first = 0; // a known producer mistake: the table says 1 and begins with object 0
            var entry = used && place > 0
                ? new XrefEntry(XrefEntryKind.Offset, place + shift, (int)Math.Min(generation, 65535))
                : new XrefEntry(XrefEntryKind.Free, 0, (int)Math.Min(generation, 65535));
            table.Add(checked(first + i), entry);
        }
    }

    /// <summary>Reads as many entries as are in the fixed form of 20 bytes, which nearly all are; returns how many.</summary>
    private int ReadFixed(XrefTable table, ByteCursor cursor, int first, int count)
    {
        if (first == 1)
            return 0; // may be the known mistake, which the slow way mends
        cursor.SkipSpace(comments: false);
        var done = 0;
        while (done < count)
        {
            var window = bytes.Window(cursor.Position, Math.Min(Batch, count - done) * FixedXrefRun.EntryLength).Span;
            var before = done;
            while (window.Length >= FixedXrefRun.EntryLength && FixedXrefRun.TryParse(window, shift, out var entry))
            {
                table.Add(checked(first + done++), entry);
                window = window[FixedXrefRun.EntryLength..];
            }
            cursor.Position += (long)FixedXrefRun.EntryLength * (done - before);
            if (window.Length > 0 || done == before)
                break;
        }
        return done;
    }

    private XrefSection ReadStreamSection(long offset)
    {
        if (objects.ReadIndirect(offset) is not { Value: PdfStream stream } found || stream.Dictionary["Type"] is not PdfName { Value: "XRef" })
            throw PdfException.Bad("Không tìm thấy bảng tham chiếu tại vị trí đã ghi.", "There is no cross-reference section where one is announced.", offset);
        if (stream.Dictionary["Length"] is not PdfInteger { Value: >= 0 and var length } || length > limits.MaxDecodedBytes || stream.DataOffset + length > bytes.Length)
            throw PdfException.Bad("Luồng tham chiếu không có độ dài hợp lệ.", "The cross-reference stream has no valid length.", offset);
        var data = StreamDecoding.Decode(stream.Dictionary, bytes.Window(stream.DataOffset, (int)length), limits.MaxDecodedBytes, o => o, budget);
        var table = ReadStreamEntries(stream.Dictionary, data, offset);
        table.Seal();
        return new XrefSection(found.Start, XrefKind.Stream, stream.Dictionary, table, Hidden: null, stream.DataOffset + length) { Prev = PrevOf(stream.Dictionary) };
    }

    private XrefTable ReadStreamEntries(PdfDictionary dictionary, byte[] data, long offset)
    {
        var widths = Integers(dictionary["W"]);
        if (widths is not [>= 0 and <= 8, >= 0 and <= 8, >= 0 and <= 8, ..])
            throw PdfException.Bad("Luồng tham chiếu không có /W hợp lệ.", "The cross-reference stream has no valid /W.", offset);
        var index = dictionary.Has("Index") ? Integers(dictionary["Index"]) : [0, dictionary["Size"] is PdfInteger size ? size.Value : 0];
        var row = (int)(widths[0] + widths[1] + widths[2]);
        if (row == 0 || index.Count % 2 != 0)
            throw PdfException.Bad("Luồng tham chiếu không có /Index hợp lệ.", "The cross-reference stream has no valid /Index.", offset);
        var table = new XrefTable();
        var at = 0;
        for (var section = 0; section < index.Count; section += 2)
        {
            Count(index[section + 1], offset);
            table.Expect(index[section + 1]);
            for (long i = 0; i < index[section + 1] && at + row <= data.Length; i++, at += row)
                table.Add(ObjectNumber(index[section] + i, offset), StreamEntry(data.AsSpan(at, row), widths));
        }
        return table;
    }

    private XrefEntry StreamEntry(ReadOnlySpan<byte> row, List<long> widths)
    {
        var (w0, w1) = ((int)widths[0], (int)widths[1]);
        var kind = w0 == 0 ? 1 : Field(row[..w0]);
        var (second, third) = (Field(row.Slice(w0, w1)), Field(row[(w0 + w1)..]));
        return kind switch
        {
            1 when second > 0 && second <= bytes.Length => new XrefEntry(XrefEntryKind.Offset, second + shift, (int)Math.Min(third, 65535)),
            2 when second <= int.MaxValue && third <= int.MaxValue => new XrefEntry(XrefEntryKind.Compressed, second, (int)third),
            _ => new XrefEntry(XrefEntryKind.Free, 0, (int)Math.Clamp(third, 0, 65535)), // unknown kinds mean null (7.5.8.3)
        };
    }

    private static long Field(ReadOnlySpan<byte> field)
    {
        ulong value = 0;
        foreach (var b in field)
            value = unchecked((value << 8) | b);
        return (long)Math.Min(value, long.MaxValue);
    }

    private static int ObjectNumber(long number, long offset) => number is >= 0 and < int.MaxValue
        ? (int)number
        : throw PdfException.Bad("Số hiệu đối tượng không hợp lệ.", "An object number is not valid.", offset);

    private static List<long> Integers(PdfObject value) =>
        value is PdfArray array && array.Items.All(i => i is PdfInteger { Value: >= 0 and <= int.MaxValue }) ? [.. array.Items.Select(i => ((PdfInteger)i).Value)] : [];

    private long? PrevOf(PdfDictionary trailer) => trailer["Prev"] switch
    {
        PdfNull => null,
        PdfNumber { Number: > 0 and < long.MaxValue / 2d } n => (long)n.Number + shift,
        PdfInteger { Value: 0 } => null, // some producers write /Prev 0 for "none"
        _ => throw PdfException.Bad("/Prev không hợp lệ.", "/Prev is not a valid offset."),
    };

    private void Count(long more, long offset)
    {
        if (more > limits.MaxXrefEntries - entriesRead)
            throw PdfException.Limit($"{limits.MaxXrefEntries} cross-reference entries", offset);
        entriesRead += (int)more;
    }
}
