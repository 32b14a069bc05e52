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
    // Of a folder, whoever looks at the screen wants what needs attention; the rest is in the reports.
    private const int ManyFiles = 20;

    public static Command Create()
    {
        var paths = new Argument<string[]>("PATH") { Description = "tệp PDF hoặc thư mục (cả thư mục con); «-» là stdin / PDF files or folders; «-» is stdin", Arity = ArgumentArity.OneOrMore };
        var trust = new Option<string?>("--trust") { Description = "thư mục chứng thư gốc được tin / folder of trusted roots [VBDT_TRUST]", HelpName = "DIR", DefaultValueFactory = _ => Environment.GetEnvironmentVariable("VBDT_TRUST") };
        var sample = new Option<bool>("--allow-sample-trust") { Description = "chấp nhận gốc mẫu; báo cáo được đánh dấu / accept sample roots; the report is marked" };
        var at = new Option<string?>("--at") { Description = "kiểm tra tại thời điểm này / judge as of this time, e.g. 2026-11-22T09:15:30+07:00", HelpName = "TIME" };
        var offline = new Option<bool>("--offline") { Description = "không hỏi OCSP, CRL qua mạng: chỉ dùng phần kèm trong tệp và trong --cache / ask no OCSP or CRL over the network: only what is embedded or in --cache" };
        var json = Options.Json();
        var html = new Option<string?>("--html") { Description = "ghi báo cáo HTML vào thư mục / write HTML reports into this folder", HelpName = "DIR" };
        var xml = new Option<string?>("--xml") { Description = "ghi báo cáo XML theo ETSI TS 119 102-2 vào thư mục / write ETSI TS 119 102-2 XML reports into this folder", HelpName = "DIR" };
        var csv = new Option<string?>("--csv") { Description = "ghi bảng CSV, việc cần xem ở đầu / write a CSV table, exceptions first", HelpName = "FILE" };
        var revisions = new Option<string?>("--save-revision") { Description = "ghi tài liệu như từng chữ ký đã thấy / write the document as each signature saw it", HelpName = "DIR" };
        var snapshot = new Option<string?>("--snapshot") { Description = "kiểm tra theo bộ chứng thư gốc có mã này, của --trust hoặc đã lưu trong --cache / judge by the trust snapshot with this id, of --trust or kept in --cache", HelpName = "ID" };
        var state = new Option<string?>("--state") { Description = "ghi kết quả từng tệp vào đây; chạy lại thì làm tiếp những tệp chưa có hoặc đã đổi (so SHA-256) / keep each verdict here; the same run again goes on with files that are missing or changed (by SHA-256)", HelpName = "FILE" };
        var cache = new Option<string?>("--cache") { Description = "thư mục lưu OCSP, CRL và các bộ chứng thư gốc đã dùng, cho lần sau và cho --offline / folder that keeps OCSP, CRL and trust snapshots for later runs and for --offline [VBDT_CACHE]", HelpName = "DIR", DefaultValueFactory = _ => Environment.GetEnvironmentVariable("VBDT_CACHE") };
        var algorithms = new Option<string?>("--algorithms") { Description = "bảng thời hạn thuật toán khác (JSON) / another table of algorithms by date (JSON)", HelpName = "FILE" };
        var pdfPassword = Options.PdfPassword();
        var revocation = new RevocationWords();
        var command = new Command("verify", "Kiểm tra chữ ký số trong PDF. Mã thoát: 0 tất cả hợp lệ, 1 có chữ ký hỏng, 2 chưa kết luận được, 4 không đọc được, 3 không có chữ ký / Verify signatures in PDFs. Exit: 0 all TOTAL-PASSED, 1 any TOTAL-FAILED, 2 any INDETERMINATE, 4 any unreadable, 3 no signature")
        {
            paths, trust, sample, snapshot, algorithms, at, offline, cache, state, json, html, xml, csv, revisions, pdfPassword,
        };
        revocation.AddTo(command);
        return command.WithExamples(
            "verify cong-van.pdf --trust /etc/vbdt/trust",
            "verify demo-out/signed --trust demo-out/trust --allow-sample-trust",
            "verify nam-2026/ --trust trust --offline --json > bao-cao.json",
            "verify nam-2026/ --trust trust --cache luu/ --state nam-2026.jsonl --csv bang.csv",
            "verify a.pdf b.pdf --trust trust --html bao-cao/ --xml bao-cao/",
            "verify a.pdf --trust trust --save-revision ban-luc-ky/")
        .Does(async (parsed, terminal, ct) =>
        {
            var request = new VerifyRequest(
                parsed.GetRequiredValue(paths), parsed.GetValue(trust), parsed.GetValue(sample), Time(parsed.GetValue(at)), revocation.Options(parsed, parsed.GetValue(offline)))
            {
                Snapshot = parsed.GetValue(snapshot),
                StateFile = parsed.GetValue(state),
                CacheFolder = parsed.GetValue(cache),
                AlgorithmsFile = parsed.GetValue(algorithms),
                Password = Options.ReadPdfPassword(parsed, pdfPassword),
            };
            var files = new ReportFiles(terminal, parsed.GetValue(html), parsed.GetValue(xml), parsed.GetValue(csv), parsed.GetValue(revisions));
            return await VerifyRun.RunAsync(request, terminal, (report, where) =>
            {
                files.Write(report, where);
                if (parsed.GetValue(json)) WriteJson(report, terminal);
                else Show(report, terminal);
                return ExitOf(report);
            }, ct);
        });
    }

    private static void WriteJson(VerificationReport report, Terminal terminal)
    {
        using (var stream = new TextStream(terminal.Out)) ReportJson.Write(stream, report);
        terminal.Out.WriteLine();
    }

    /// <summary>The first present of 1 (failed), 2 (indeterminate), 4 (unreadable), 3 (no signature); 0 when all passed.</summary>
    internal static int ExitOf(VerificationReport report)
    {
        var outcomes = FileOrder.Outcomes(report.Files).ToHashSet();
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

    private static void Show(VerificationReport report, Terminal terminal)
    {
        if (report.Trust.Sample)
            terminal.Say("CẢNH BÁO: đang tin gốc mẫu; kết quả chỉ để thử.", "WARNING: sample roots are trusted; for tests only.");
        if (report.Files.Count > 1) Summary(report, terminal);
        foreach (var file in FileOrder.ExceptionsFirst(report.Files))
        {
            terminal.Out.WriteLine($"{file.File}: {Word(file.Verdict)}");
            if (report.Files.Count > ManyFiles && file.Verdict == FileOutcome.TotalPassed) continue;
            foreach (var finding in file.Findings.Where(f => f.Severity != Severity.Info))
                terminal.Out.WriteLine($"  ! {finding.Text.Vi} / {finding.Text.En}");
            if (file.Signatures.Count > 0) ShowSignatures(file, terminal);
        }
    }

    private static void Summary(VerificationReport report, Terminal terminal)
    {
        terminal.Out.WriteLine($"{report.Files.Count} tệp / files");
        foreach (var (outcome, count) in FileOrder.Counts(report.Files))
            terminal.Out.WriteLine($"  {count,7}  {Word(outcome)}");
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
        LaterChange.Unknown => "chưa rõ",
        _ => "ĐÁNG NGỜ",
    };
}
