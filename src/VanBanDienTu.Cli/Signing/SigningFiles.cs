using VanBanDienTu.Cli.Terminals;

namespace VanBanDienTu.Cli.Signing;

/// <summary>Which files the words of <c>vbdt sign</c> mean, and where each output goes: folders keep their shape below --out-dir.</summary>
internal static class SigningFiles
{
    /// <exception cref="CommandException">Nothing to sign, no place for the outputs, or two outputs in one place.</exception>
    public static IReadOnlyList<SigningJob> Jobs(IReadOnlyList<string> words, string? output, string? outDir)
    {
        if (words.Count == 0) throw new CommandException(ExitCode.Usage, "Thiếu tệp PDF cần ký.", "No PDF to sign was given.");
        foreach (var missing in words.Where(w => w != StandardStreams.Word && !Path.Exists(w))) throw CommandException.NoInput(missing);
        if (output is not null && outDir is null && words is [var only] && !Directory.Exists(only)) return [new SigningJob(only, output)];
        if (outDir is null || output is not null)
            throw new CommandException(ExitCode.Usage, "Một tệp: dùng -o TỆP; nhiều tệp hoặc thư mục: dùng --out-dir THƯ-MỤC.", "One input: give -o OUT; several, or a folder: give --out-dir DIR.");
        var jobs = words.SelectMany(word => Directory.Exists(word) ? InFolder(word, outDir) : [new SigningJob(word, Path.Combine(outDir, Path.GetFileName(word)))]).ToList();
        if (jobs.GroupBy(j => j.To, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } same)
            throw new CommandException(ExitCode.Usage,
                $"Nhiều tệp vào cùng cho ra {same.Key} ({string.Join(", ", same.Select(j => j.From))}) và sẽ ghi đè nhau; hãy ký riêng.",
                $"Several inputs would be written to {same.Key} ({string.Join(", ", same.Select(j => j.From))}) and overwrite one another; sign them apart.");
        return jobs;
    }

    private static List<SigningJob> InFolder(string folder, string outDir)
    {
        var own = Path.GetFullPath(outDir) + Path.DirectorySeparatorChar;
        if (Path.GetFullPath(folder) + Path.DirectorySeparatorChar == own)
            throw new CommandException(ExitCode.Usage, "--out-dir trùng với thư mục đầu vào; hãy chọn thư mục khác.", "--out-dir is the input folder itself; choose another.");
        // Outputs of an earlier run may lie below the inputs; they are not signed again.
        var found = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(f => f.EndsWith(".pdf", StringComparison.OrdinalIgnoreCase) && !Path.GetFullPath(f).StartsWith(own, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal).Select(f => new SigningJob(f, Path.Combine(outDir, Path.GetRelativePath(folder, f)))).ToList();
        return found.Count > 0 ? found
            : throw new CommandException(ExitCode.NoInput, $"Thư mục «{folder}» không có tệp PDF nào.", $"The folder «{folder}» holds no PDF file.");
    }
}
