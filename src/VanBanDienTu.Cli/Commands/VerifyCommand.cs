using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using VanBanDienTu.Cli.Terminals;
using VanBanDienTu.Cli.Verification;
using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Reports;

namespace VanBanDienTu.Cli.Commands;

/// <summary><c>vbdt verify</c>: what the signatures of PDF files are worth.</summary>
internal static class VerifyCommand
{
    public static Command Create()
    {
        var paths = new Argument<string[]>("PATH") { Description = "tệp PDF hoặc thư mục (cả thư mục con); «-» là stdin / PDF files or folders; «-» is stdin", Arity = ArgumentArity.OneOrMore };
        var trust = new Option<string?>("--trust") { Description = "thư mục chứng thư gốc được tin / folder of trusted roots [VBDT_TRUST]", HelpName = "DIR", DefaultValueFactory = _ => Environment.GetEnvironmentVariable("VBDT_TRUST") };
        var sample = new Option<bool>("--allow-sample-trust") { Description = "chấp nhận gốc mẫu; báo cáo được đánh dấu / accept sample roots; the report is marked" };
        var at = new Option<string?>("--at") { Description = "kiểm tra tại thời điểm này / judge as of this time, e.g. 2026-11-22T09:15:30+07:00", HelpName = "TIME" };
        var offline = new Option<bool>("--offline") { Description = "không hỏi OCSP, CRL qua mạng / ask no OCSP or CRL over the network" };
        var json = Options.Json();
        var html = new Option<string?>("--html") { Description = "ghi báo cáo HTML vào thư mục / write HTML reports into this folder", HelpName = "DIR" };
        return new Command("verify", "Kiểm tra chữ ký số trong PDF. Mã thoát: 0 tất cả hợp lệ, 1 có chữ ký hỏng, 2 chưa kết luận được, 4 không đọc được, 3 không có chữ ký / Verify signatures in PDFs. Exit: 0 all TOTAL-PASSED, 1 any TOTAL-FAILED, 2 any INDETERMINATE, 4 any unreadable, 3 no signature")
        {
            paths, trust, sample, at, offline, json, html,
        }
        .WithExamples(
            "verify cong-van.pdf --trust /etc/vbdt/trust",
            "verify demo-out/signed --trust demo-out/trust --allow-sample-trust",
            "verify nam-2026/ --trust trust --offline --json > bao-cao.json",
            "verify a.pdf b.pdf --trust trust --html bao-cao/")
        .Does(async (parsed, terminal, ct) =>
        {
            var request = new VerifyRequest(
                parsed.GetRequiredValue(paths), parsed.GetValue(trust), parsed.GetValue(sample), Time(parsed.GetValue(at)), parsed.GetValue(offline));
            var report = await VerifyRun.RunAsync(request, terminal, ct);
            if (parsed.GetValue(html) is { } folder) WriteHtml(report, folder, terminal);
            if (parsed.GetValue(json)) terminal.Out.WriteLine(ReportJson.Text(report));
            else Show(report, terminal);
            return ExitOf(report);
        });
    }

    /// <summary>The first present of 1 (failed), 2 (indeterminate), 4 (unreadable), 3 (no signature); 0 when all passed.</summary>
    internal static int ExitOf(VerificationReport report)
    {
        var outcomes = report.Files.Select(f => f.Verdict).ToHashSet();
        if (outcomes.Contains(FileOutcome.TotalFailed)) return 1;
        if (outcomes.Contains(FileOutcome.Indeterminate)) return 2;
        if (outcomes.Contains(FileOutcome.Unreadable)) return 4;
        return outcomes.Contains(FileOutcome.NoSignature) ? 3 : 0;
    }

    private static DateTimeOffset? Time(string? text)
    {
        if (text is null) return null;
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)) return time;
        throw new CommandException(
            ExitCode.Usage,
            $"--at «{text}» không phải thời điểm; ví dụ 2026-11-22T09:15:30+07:00.",
            $"--at «{text}» is not a time, e.g. 2026-11-22T09:15:30+07:00.");
    }

    private static void WriteHtml(VerificationReport report, string folder, Terminal terminal)
    {
        Directory.CreateDirectory(folder);
        foreach (var (file, index) in report.Files.Select((f, i) => (f, i)))
        {
            var name = $"{Path.GetFileNameWithoutExtension(file.File)}{(report.Files.Count > 1 ? $"-{index + 1}" : "")}.html";
            var path = Path.Combine(folder, name);
            File.WriteAllText(path, ReportHtml.Write(report with { Files = [file] }));
            terminal.Error.WriteLine(path);
        }
    }

    private static void Show(VerificationReport report, Terminal terminal)
    {
        if (report.Trust.Sample)
            terminal.Say("CẢNH BÁO: đang tin gốc mẫu; kết quả chỉ để thử.", "WARNING: sample roots are trusted; for tests only.");
        foreach (var file in report.Files)
        {
            terminal.Out.WriteLine($"{file.File}: {Word(file.Verdict)}");
            foreach (var finding in file.Findings.Where(f => f.Severity != Severity.Info))
                terminal.Out.WriteLine($"  ! {finding.Text.Vi} / {finding.Text.En}");
            if (file.Signatures.Count > 0) ShowSignatures(file, terminal);
        }
    }

    private static void ShowSignatures(FileVerdict file, Terminal terminal)
    {
        var table = new Table { Border = TableBorder.Minimal };
        foreach (var column in new[] { "Chữ ký", "Người ký", "Kết luận", "Nguyên vẹn", "Phạm vi", "Thay đổi sau", "Lúc ký (khai)" }) table.AddColumn(column);
        foreach (var s in file.Signatures)
        {
            table.AddRow(((string?[])
            [
                s.Field, s.Signer?.Name ?? s.Signer?.Subject, Word(s.Indication) + (s.SubIndication is { } sub ? $"\n{sub}" : ""), Word(s.Integrity),
                Word(s.Coverage), Word(s.LaterChanges), s.ClaimedTime?.ToOffset(TimeSpan.FromHours(7)).ToString("yyyy-MM-dd HH:mm"),
            ]).Select(c => new Markup(Markup.Escape(c ?? ""))));
        }
        terminal.Table.Write(table);
        foreach (var s in file.Signatures)
        {
            terminal.Out.WriteLine($"  {s.Field}: {s.Text.Vi} / {s.Text.En}");
            if (s.Indication != Indication.TotalPassed) terminal.Out.WriteLine($"    → {s.NextStep.Vi} / {s.NextStep.En}");
        }
    }

    private static string Word(FileOutcome outcome) => outcome switch
    {
        FileOutcome.TotalPassed => "TOTAL-PASSED, hợp lệ",
        FileOutcome.TotalFailed => "TOTAL-FAILED, không hợp lệ",
        FileOutcome.Indeterminate => "INDETERMINATE, chưa kết luận được",
        FileOutcome.NoSignature => "NO-SIGNATURE, không có chữ ký",
        _ => "UNREADABLE, không đọc được",
    };

    private static string Word(Indication indication) => indication switch
    {
        Indication.TotalPassed => "TOTAL-PASSED",
        Indication.TotalFailed => "TOTAL-FAILED",
        _ => "INDETERMINATE",
    };

    private static string Word(Integrity integrity) => integrity switch
    {
        Integrity.Intact => "nguyên vẹn",
        Integrity.Broken => "đã bị sửa",
        Integrity.Malformed => "sai cấu trúc",
        _ => "chưa hỗ trợ",
    };

    private static string Word(Coverage coverage) => coverage switch
    {
        Coverage.WholeFile => "cả tệp",
        Coverage.EarlierRevision => "bản trước",
        _ => "một phần",
    };

    private static string Word(LaterChange change) => change switch
    {
        LaterChange.None => "không",
        LaterChange.Permitted => "được phép",
        _ => "ĐÁNG NGỜ",
    };
}
