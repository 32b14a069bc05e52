using VanBanDienTu.Cli.Terminals;
using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Reports;

namespace VanBanDienTu.Cli.Verification;

/// <summary>The files that a run of <c>vbdt verify</c> leaves; null = not asked for. Each path is said on standard error.</summary>
internal sealed class ReportFiles(Terminal terminal, string? htmlFolder, string? xmlFolder, string? csvFile, string? revisionFolder)
{
    // Painting takes longer than judging: of many files only those that somebody will look at are painted.
    private const int PaintAll = 20;
    private const int PaintMost = 200;

    private readonly PagePainter painter = new();
    private int painted;

    /// <param name="report">What was found.</param>
    /// <param name="paths">Where each of its files is, in the same order.</param>
    public void Write(VerificationReport report, IReadOnlyList<string> paths)
    {
        foreach (var folder in new[] { htmlFolder, xmlFolder, revisionFolder }.OfType<string>()) Directory.CreateDirectory(folder);
        if (csvFile is not null)
        {
            using var csv = File.Create(csvFile);
            ReportCsv.Write(csv, report);
            terminal.Error.WriteLine(csvFile);
        }
        if (htmlFolder is null && xmlFolder is null && revisionFolder is null) return;
        for (var i = 0; i < report.Files.Count; i++)
        {
            var file = report.Files[i];
            var name = Name(file.File) + (report.Files.Count > 1 ? $"-{i + 1}" : "");
            var alone = report with { Files = [file] };
            if (htmlFolder is not null) Save(Path.Combine(htmlFolder, name + ".html"), System.Text.Encoding.UTF8.GetBytes(ReportHtml.Write(alone, Pictures(file, paths[i], report.Files.Count))));
            if (xmlFolder is not null) WriteXml(alone, file, Path.Combine(xmlFolder, name + ".xml"));
            if (revisionFolder is not null) WriteRevisions(file, paths[i], Path.Combine(revisionFolder, name));
        }
    }

    private IReadOnlyList<PagePicture> Pictures(FileVerdict file, string path, int files)
    {
        if ((files > PaintAll && file.Verdict == FileOutcome.TotalPassed) || painted >= PaintMost) return [];
        painted++;
        return painter.Of(file, path);
    }

    private void WriteXml(VerificationReport report, FileVerdict file, string path)
    {
        if (ReportXml.Utf8(report, file) is { } xml) Save(path, xml);
        else terminal.Say($"{file.File}: không có chữ ký nên không có báo cáo XML.", "no signature, so there is no XML report");
    }

    private void WriteRevisions(FileVerdict file, string path, string name)
    {
        foreach (var (signature, index) in file.Signatures.Select((s, i) => (s, i + 1)))
        {
            if (SignedRevision.LengthOf(signature) is not { } length || length > file.Size)
            {
                terminal.Say($"{file.File}: chữ ký {signature.Field} không bao phủ trọn một phiên bản nào.", $"the signature {signature.Field} covers no whole revision");
                continue;
            }
            var output = $"{name}-{index}-{Safe(signature.Field)}.pdf";
            SignedRevision.Save(path, length, output);
            terminal.Error.WriteLine(output);
        }
    }

    private void Save(string path, byte[] bytes)
    {
        File.WriteAllBytes(path, bytes);
        terminal.Error.WriteLine(path);
    }

    private static string Name(string file) => Safe(Path.GetFileNameWithoutExtension(file));

    // Field names come from the file: they must not lead out of the folder.
    private static string Safe(string text) =>
        string.Concat(text.Select(c => char.IsLetterOrDigit(c) || c is '-' or '_' or ' ' ? c : '_')) is { Length: > 0 and <= 100 } safe ? safe : "tep";
}
