using VanBanDienTu.Cli.Terminals;
using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Certificates;
using VanBanDienTu.Signing.Reports;

namespace VanBanDienTu.Cli.Verification;

/// <summary>One run of <c>vbdt verify</c>: all files of the command line, several at a time, in one report.</summary>
internal static class VerifyRun
{
    /// <summary>Verifies and hands the report on, with the path of each of its files, while temporary inputs still exist.</summary>
    public static async Task<int> RunAsync(VerifyRequest request, Terminal terminal, Func<VerificationReport, IReadOnlyList<string>, int> then, CancellationToken ct)
    {
        using var inputs = InputFiles.Of(request.Paths);
        var options = new VerifierOptions { Password = request.Password };
        if (request.AlgorithmsFile is { } table) options = options with { Algorithms = AlgorithmPolicy.Load(table) };
        var asking = request.CacheFolder is { } cache ? request.Revocation with { CacheFolder = Path.Combine(cache, "revocation") } : request.Revocation;
        using var judge = new PdfJudge(TrustFolder.Snapshot(request, terminal), asking, options);
        using var spill = Spill(request, judge, inputs.Files.Count);
        var report = await FileProgress.ShowAsync(terminal, inputs.Files.Count, done => judge.ReportAsync(inputs.Files, spill, ct, done));
        return then(report, [.. inputs.Files.Select(f => f.Path)]);
    }

    // One instant for all files of a run, also of one that goes on: its report does not depend on how long it took.
    private static VerdictSpill Spill(VerifyRequest request, PdfJudge judge, int files)
    {
        var at = DateTimeOffset.FromUnixTimeSeconds((request.At ?? TimeProvider.System.GetUtcNow()).ToUnixTimeSeconds());
        if (request.StateFile is not { } state)
            return VerdictSpill.Create(Path.Combine(Path.GetTempPath(), $"vbdt-{Guid.NewGuid():N}.jsonl"), files, judge.Frame(at), deleteAtTheEnd: true);
        if (VerdictSpill.Open(state, files) is not { } earlier)
        {
            if (!File.Exists(state) || new FileInfo(state).Length == 0)
                return VerdictSpill.Create(state, files, judge.Frame(at), deleteAtTheEnd: false);
            throw new CommandException(ExitCode.Usage, $"«{state}» không phải tệp trạng thái của vbdt verify.", $"«{state}» is not a state file of vbdt verify.");
        }
        if (Difference(earlier.Frame, judge.Frame(request.At is null ? earlier.Frame.Time : at)) is not { } other) return earlier;
        earlier.Dispose();
        throw new CommandException(ExitCode.Usage,
            $"«{state}» là của một lần kiểm tra khác ({other}); hãy dùng tệp khác hoặc xoá nó.",
            $"«{state}» is of another run ({other}); use another file, or delete it.");
    }

    private static string? Difference(VerificationReport then, VerificationReport now) =>
        then.Program != now.Program ? $"{then.Program} ≠ {now.Program}"
        : then.Trust != now.Trust ? $"trust {then.Trust.Id} ≠ {now.Trust.Id}"
        : then.Policy != now.Policy ? $"policy {then.Policy.Version} ≠ {now.Policy.Version}"
        : then.Time != now.Time ? $"{then.Time:O} ≠ {now.Time:O}"
        : null;
}
