using VanBanDienTu.Pdf;

namespace VanBanDienTu.UnitTests.Pdf;

/// <summary>One row of the manifest of <c>shared/corpus</c>: signed PDFs, valid, tampered and hostile, with what must be said about each.</summary>
internal sealed record CorpusFile(string Name, string Class)
{
    public string Path => System.IO.Path.Combine(Folder, Name);

    private static string Folder { get; } = Find();

    public static IEnumerable<CorpusFile> All { get; } = File.ReadLines(System.IO.Path.Combine(Folder, "manifest.tsv")).Skip(1).Select(l => l.Split('\t')).Select(c => new CorpusFile(c[0], c[3])).ToList();

    /// <summary>What structure alone says: green when there are signatures, the gate lets all of them through and nothing suspicious came later.</summary>
    public static (bool Green, bool Suspicious, string Reasons) Judge(PdfFile file)
    {
        var signed = file.SignatureFields.Where(f => f.Signature is not null).ToList();
        var (green, suspicious, reasons) = (signed.Count > 0, false, new List<string>());
        foreach (var field in signed)
        {
            var gate = ByteRangeGate.Judge(file, field);
            var later = gate.SignedRevision is { } index ? RevisionChanges.Compare(file, file.Revisions[index - 1], field.Signature) : null;
            var bad = gate.Coverage == PdfCoverage.Partial || later?.Verdict == LaterChanges.Suspicious;
            green &= gate.Ok && !bad;
            suspicious |= bad;
            reasons.Add($"{field.Name}: {gate.Code} {later?.Verdict} {string.Join(" | ", later?.Changes.Where(c => !c.Allowed).Take(3) ?? [])}");
        }
        return (green, suspicious, string.Join('\n', reasons));
    }

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "VanBanDienTu.sln")))
                return System.IO.Path.GetFullPath(System.IO.Path.Combine(folder.FullName, "..", "shared", "corpus"));
        }
        throw new DirectoryNotFoundException("The tests run from inside the repository, beside shared/corpus.");
    }
}
