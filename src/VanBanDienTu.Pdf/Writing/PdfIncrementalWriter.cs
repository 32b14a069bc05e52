namespace VanBanDienTu.Pdf;

/// <summary>Collects added and changed objects and writes them as one incremental update after the existing bytes, which are never touched.</summary>
/// <remarks>The update takes the form of the newest section: a table, or a cross-reference stream; after a hybrid section, a table.
/// Source: ISO 32000-2, 7.5.6.</remarks>
public sealed class PdfIncrementalWriter
{
    /// <summary>The largest object number that readers agree on (ISO 32000-1, annex C).</summary>
    private const int LargestNumber = 8_388_607;

    private readonly SortedDictionary<int, (PdfRef Name, PdfObject Value)> objects = [];
    private int next;

    /// <summary>A writer for an update of this file.</summary>
    /// <exception cref="PdfException"><see cref="PdfFault.CannotWrite"/>: the file's cross-reference is broken, or it is protected by a MAC.</exception>
    public PdfIncrementalWriter(PdfFile file)
    {
        if (file.Repaired)
        {
            throw new PdfException(PdfFault.CannotWrite, "Bảng tham chiếu của tệp bị hỏng nên không thể ghi nối tiếp; hãy lưu lại tệp bằng phần mềm soạn thảo rồi ký.",
                "The file's cross-reference is broken, so nothing can be appended to it; save it again with the program that made it.");
        }
        if (file.Trailer.Has("AuthCode"))
        {
            throw new PdfException(PdfFault.CannotWrite, "Tệp PDF được bảo vệ bằng mã xác thực (MAC, ISO/TS 32004); ghi thêm sẽ làm mã này sai.",
                "The PDF is protected by a MAC (ISO/TS 32004), which anything appended would break.");
        }
        File = file;
        next = NextNumber(file);
    }

    /// <summary>The file that is updated.</summary>
    public PdfFile File { get; }

    /// <summary>The catalogue's name.</summary>
    /// <exception cref="PdfException"><see cref="PdfFault.CannotWrite"/>: the catalogue is no indirect object.</exception>
    internal PdfRef Root => File.Trailer["Root"] is PdfReference { Target: var root } ? root
        : throw new PdfException(PdfFault.CannotWrite, "Danh mục gốc không phải là đối tượng gián tiếp.", "The catalogue is not an indirect object.");

    /// <summary>Adds an object under a new number.</summary>
    public PdfRef Add(PdfObject value)
    {
        var name = Reserve();
        objects.Add(name.Number, (name, value));
        return name;
    }

    /// <summary>A new number whose object is given later by <see cref="Replace"/>.</summary>
    public PdfRef Reserve() => new(next++, 0);

    /// <summary>Gives an object a new value; one that lives in an object stream moves out of it.</summary>
    public void Replace(PdfRef name, PdfObject value) => objects[name.Number] = (name, value);

    /// <summary>The object as this update leaves it.</summary>
    public PdfObject Load(PdfRef name) => objects.TryGetValue(name.Number, out var mine) ? mine.Value : File.Load(name);

    /// <summary>Writes the existing bytes and the update.</summary>
    public void WriteTo(Stream output)
    {
        var update = Build();
        File.Bytes.CopyTo(output);
        output.Write(update.Bytes.Span);
    }

    /// <summary>The bytes to append to the file.</summary>
    internal BuiltUpdate Build() => UpdateBuilder.Build(File, [.. objects.Values], next);

    /// <summary>Above every number that any section lists or any trailer counts: a number once used is never given to something else.</summary>
    private static int NextNumber(PdfFile file)
    {
        long highest = 1;
        foreach (var section in file.Revisions.SelectMany(r => r.Sections))
        {
            highest = Math.Max(highest, section.Entries.Highest + 1L);
            highest = Math.Max(highest, (section.Hidden?.Highest ?? 0) + 1L);
            foreach (var named in section.Trailer.Select(e => e.Value).SelectMany(v => v is PdfArray a ? a.Items : [v]).OfType<PdfReference>())
                highest = Math.Max(highest, named.Target.Number > LargestNumber ? 0 : named.Target.Number + 1L); // a reference to nothing must not come to mean what we add
            if (section.Trailer["Size"] is PdfInteger { Value: > 0 and <= LargestNumber } size)
                highest = Math.Max(highest, size.Value);
        }
        return highest < int.MaxValue / 2 ? (int)highest : throw PdfException.Limit("object numbers");
    }
}
