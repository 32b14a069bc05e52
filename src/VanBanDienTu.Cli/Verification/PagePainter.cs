using System.Diagnostics;
using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Reports;

namespace VanBanDienTu.Cli.Verification;

/// <summary>
/// Pictures of the pages that carry signatures, as they were signed and as they are now, made by Poppler's <c>pdftoppm</c> where it is
/// installed. It reads what may be hostile: no shell, a folder of its own, limits on processor time, memory, file size and number.
/// </summary>
internal sealed class PagePainter
{
    private const int MostPictures = 8;
    private const int MostBytes = 2 << 20;
    private const string Resolution = "50";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly string? painter = Find("pdftoppm");
    private readonly string? limiter = Find("prlimit");

    /// <summary>Empty when there is no painter, or the file could not even be read by us.</summary>
    public IReadOnlyList<PagePicture> Of(FileVerdict file, string path)
    {
        if (painter is null || file.Verdict == FileOutcome.Unreadable || file.Signatures.Count == 0) return [];
        var folder = Directory.CreateTempSubdirectory("vbdt-pages-").FullName;
        try
        {
            return [.. file.Signatures.Where(s => s.Kind == SignatureKind.Signature).Take(MostPictures / 2).Select(s => Of(s, path, folder))];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private PagePicture Of(SignatureVerdict signature, string path, string folder)
    {
        var page = signature.Page ?? 1;
        var now = Paint(path, page, folder);
        if (signature.Coverage == Coverage.WholeFile) return new PagePicture(signature.Field, page, now, now);
        if (SignedRevision.LengthOf(signature) is not { } length) return new PagePicture(signature.Field, page, null, now);
        var signed = Path.Combine(folder, "signed.pdf");
        SignedRevision.Save(path, length, signed);
        return new PagePicture(signature.Field, page, Paint(signed, page, folder), now);
    }

    private byte[]? Paint(string pdf, int page, string folder)
    {
        var target = Path.Combine(folder, Guid.NewGuid().ToString("N"));
        string[] words = ["-png", "-r", Resolution, "-f", $"{page}", "-l", $"{page}", "-singlefile", Path.GetFullPath(pdf), target];
        var start = limiter is null
            ? new ProcessStartInfo(painter!, words)
            : new ProcessStartInfo(limiter, ["--cpu=10", "--as=1073741824", $"--fsize={MostBytes}", "--core=0", "--", painter!, .. words]);
        (start.WorkingDirectory, start.UseShellExecute, start.RedirectStandardError, start.RedirectStandardOutput) = (folder, false, true, true);
        start.Environment.Clear();
        if (!Ends(start)) return null;
        var picture = new FileInfo(target + ".png");
        return picture is { Exists: true, Length: > 0 and <= MostBytes } ? File.ReadAllBytes(picture.FullName) : null;
    }

    private static bool Ends(ProcessStartInfo start)
    {
        using var process = Process.Start(start);
        if (process is null) return false;
        process.OutputDataReceived += (_, _) => { }; // what it says is not wanted, but must not block it
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        if (process.WaitForExit(Patience)) return process.ExitCode == 0;
        process.Kill(entireProcessTree: true);
        process.WaitForExit();
        return false;
    }

    private static string? Find(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Where(Path.IsPathFullyQualified).Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
}
