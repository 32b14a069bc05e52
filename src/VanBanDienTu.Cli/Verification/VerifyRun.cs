using VanBanDienTu.Cli.Terminals;
using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Trust;

namespace VanBanDienTu.Cli.Verification;

/// <summary>One run of <c>vbdt verify</c>: all files of the command line, several at a time, in one report.</summary>
internal static class VerifyRun
{
    public static async Task<VerificationReport> RunAsync(VerifyRequest request, Terminal terminal, CancellationToken ct)
    {
        using var inputs = InputFiles.Of(request.Paths);
        using var judge = new PdfJudge(Trust(request, terminal), request.Offline);
        return await judge.ReportAsync(inputs.Files, request.At, ct);
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
        return trust;
    }
}
