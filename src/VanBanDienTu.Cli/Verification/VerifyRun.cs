using VanBanDienTu.Cli.Terminals;
using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Certificates;
using VanBanDienTu.Signing.Trust;

namespace VanBanDienTu.Cli.Verification;

/// <summary>One run of <c>vbdt verify</c>: all files of the command line, several at a time, in one report.</summary>
internal static class VerifyRun
{
    /// <summary>Verifies and hands the report on, with the path of each of its files, while temporary inputs still exist.</summary>
    public static async Task<VerificationReport> RunAsync(VerifyRequest request, Terminal terminal, Action<VerificationReport, IReadOnlyList<string>> write, CancellationToken ct)
    {
        using var inputs = InputFiles.Of(request.Paths);
        var options = new VerifierOptions { Password = request.Password };
        if (request.AlgorithmsFile is { } table) options = options with { Algorithms = AlgorithmPolicy.Load(table) };
        using var judge = new PdfJudge(Trust(request, terminal), request.Revocation, options);
        var report = await FileProgress.ShowAsync(terminal, inputs.Files.Count, done => judge.ReportAsync(inputs.Files, request.At, ct, done));
        write(report, [.. inputs.Files.Select(f => f.Path)]);
        return report;
    }

    private static TrustSnapshot Trust(VerifyRequest request, Terminal terminal)
    {
        if (request.TrustFolder is not { } folder)
        {
            terminal.Say("Chưa cho --trust: không có gốc nào được tin, nên không chữ ký nào được coi là hợp lệ.", "No --trust: no roots are trusted, so no signature can pass.");
            return TrustSnapshot.Empty;
        }
        if (!Directory.Exists(folder) && !File.Exists(folder)) throw CommandException.NoInput(folder);
        var trust = TrustSnapshot.Load(folder, request.AllowSampleTrust);
        foreach (var finding in trust.Findings) terminal.Say($"{finding.File}: {finding.Vi}", finding.En);
        if (request.Snapshot is { } wanted && !string.Equals(wanted, trust.Id, StringComparison.OrdinalIgnoreCase))
        {
            throw new CommandException(ExitCode.Usage,
                $"Thư mục tin cậy «{folder}» là bản {trust.Id}, không phải {wanted}; hãy dùng đúng thư mục của lần kiểm tra đó.",
                $"The trust folder «{folder}» is snapshot {trust.Id}, not {wanted}; use the folder of that time.");
        }
        return trust;
    }
}
