using System.CommandLine;
using System.Text.Json.Nodes;
using VanBanDienTu.Cli.Terminals;
using VanBanDienTu.Gateway.Config;
using VanBanDienTu.Gateway.Hosting;
using VanBanDienTu.Relay;
using VanBanDienTu.Relay.Evidence;
using VanBanDienTu.Signing.Trust;

namespace VanBanDienTu.Cli.Commands;

/// <summary>
/// <c>vbdt audit</c>: is a node's whole evidence as it was written? Exit codes as those of <c>verify</c>: 0 all of it holds, 1 something is
/// wrong, 2 some signer is not known, 3 there is no evidence, 4 the database cannot be read.
/// </summary>
internal static class AuditCommand
{
    public static Command Create()
    {
        var folder = new Argument<string?>("DIR") { Description = "thư mục dữ liệu của nút, hoặc bản sao lưu / a node's data folder, or a backup", Arity = ArgumentArity.ZeroOrOne };
        var config = new Option<string?>("--config", "-c") { Description = "hoặc cấu hình của nút (cả PostgreSQL) / or the node's file (PostgreSQL too)", HelpName = "FILE" };
        var trust = new Option<string?>("--trust") { Description = "thư mục chứng thư gốc; với --config, mặc định là của nút / folder of roots; with --config the node's own", HelpName = "DIR" };
        var sample = new Option<bool>("--allow-sample-trust") { Description = "chấp nhận gốc mẫu / accept sample roots" };
        var json = Options.Json();
        return new Command(
            "audit", "Kiểm tra toàn bộ sổ chứng cứ, ngoại tuyến: đủ hàng, chuỗi băm, chữ ký, biên nhận / Check a node's whole log of evidence, offline")
            {
                folder, config, trust, sample, json,
            }
            .WithExamples("audit --config unit.json", "audit /backup/2026-11-22 --trust DIR", "audit demo-out/nodes/unit --trust demo-out/trust --allow-sample-trust --json")
            .Does(async (parsed, terminal, ct) =>
            {
                var (run, anchors) = Work(parsed.GetValue(folder), parsed.GetValue(config), parsed.GetValue(trust), parsed.GetValue(sample));
                if (anchors.Sample) terminal.Say("CẢNH BÁO: đang tin gốc mẫu; kết quả chỉ để thử.", "WARNING: sample roots are trusted; for tests only.");
                AuditReport report;
                try
                {
                    report = await CountProgress.ShowAsync(terminal, "Kiểm tra sổ chứng cứ / auditing", show => run(new Rows(show), ct))
                        ?? new AuditReport([], 0, [], 0, 0);
                }
                catch (RelayException unreadable) when (unreadable.Fault == RelayFault.StorageUnavailable)
                {
                    terminal.Say(unreadable.Vi, unreadable.Message);
                    return 4;
                }
                if (parsed.GetValue(json)) terminal.WriteJson(Json(report));
                else Show(report, terminal);
                return report switch { { Broken: > 0 } => 1, { Undecided: > 0 } => 2, { Rows: 0 } => 3, _ => 0 };
            });
    }

    private static (Func<IProgress<AuditProgress>, CancellationToken, Task<AuditReport?>> Run, TrustSnapshot Anchors) Work(
        string? folder, string? config, string? trust, bool sample)
    {
        switch (folder, config)
        {
            case (null, { } file):
                var node = NodeConfigFile.Load(file);
                var own = trust is null ? TrustSnapshot.Load(node.PathOf(node.Trust.Folder), sample || node.Trust.AllowSample) : TrustSnapshot.Load(trust, sample);
                return ((progress, ct) => NodeStorage.AuditAsync(node, own, progress, ct), own);
            case ({ } place, null) when trust is not null:
                if (!Directory.Exists(place)) throw CommandException.NoInput(place);
                var given = TrustSnapshot.Load(trust, sample);
                return ((progress, ct) => NodeStorage.AuditAsync(place, given, progress, ct), given);
            default:
                throw new CommandException(
                    ExitCode.Usage, "Hãy cho --config FILE, hoặc thư mục DIR cùng --trust DIR.", "Give --config FILE, or a folder DIR together with --trust DIR.");
        }
    }

    private static void Show(AuditReport report, Terminal terminal)
    {
        foreach (var finding in report.Findings)
            terminal.Out.WriteLine($"{(finding.Undecided ? "CHƯA RÕ" : "HỎNG   ")}  {finding.Vi} / {finding.En} [{finding.Code}]");
        if (report.Broken + report.Undecided - report.Findings.Sum(f => 1 + f.Others) is > 0 and var more)
            terminal.Out.WriteLine($"… và {more} phát hiện nữa / and {more} more");
        foreach (var log in report.Logs)
            terminal.Out.WriteLine($"Sổ / log «{log.Node}»: {log.Rows} hàng / rows, đến số / up to {log.Last}");
        terminal.Out.WriteLine(report switch
        {
            { Rows: 0, Broken: 0 } => "Chưa có chứng cứ nào. / There is no evidence yet.",
            { Broken: 0, Undecided: 0 } => $"OK: đủ hàng, chuỗi băm liền, chữ ký đều đúng, {report.Receipts} biên nhận đúng văn bản. / no gaps, hashes and signatures hold, {report.Receipts} receipts fit.",
            _ => $"{report.Broken} hỏng, {report.Undecided} chưa kết luận. / {report.Broken} broken, {report.Undecided} undecided.",
        });
    }

    private static JsonObject Json(AuditReport report) => new()
    {
        ["verdict"] = report switch { { Broken: > 0 } => "TOTAL-FAILED", { Undecided: > 0 } => "INDETERMINATE", { Rows: 0 } => "NO-EVIDENCE", _ => "TOTAL-PASSED" },
        ["rows"] = report.Rows,
        ["receipts"] = report.Receipts,
        ["broken"] = report.Broken,
        ["undecided"] = report.Undecided,
        ["logs"] = new JsonArray([.. report.Logs.Select(log => (JsonNode)new JsonObject { ["node"] = log.Node, ["rows"] = log.Rows, ["last"] = log.Last })]),
        ["findings"] = new JsonArray([.. report.Findings.Select(f => (JsonNode)new JsonObject
        {
            ["code"] = f.Code, ["undecided"] = f.Undecided, ["node"] = f.Node, ["row"] = f.Row, ["others"] = f.Others, ["vi"] = f.Vi, ["en"] = f.En,
        })]),
    };

    /// <summary>Called in order, unlike <see cref="Progress{T}"/>.</summary>
    private sealed class Rows(Action<long, long> show) : IProgress<AuditProgress>
    {
        public void Report(AuditProgress value) => show(value.Done, value.Total);
    }
}
