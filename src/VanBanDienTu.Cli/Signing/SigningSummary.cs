using System.Text.Json.Nodes;
using Spectre.Console;
using VanBanDienTu.Cli.Commands;
using VanBanDienTu.Cli.Terminals;
using VanBanDienTu.Signing;

namespace VanBanDienTu.Cli.Signing;

/// <summary>What a run is told as: a table for people, JSON for machines, an exit code for scripts.</summary>
internal static class SigningSummary
{
    public static void Show(IReadOnlyList<SigningResult> results, Terminal terminal)
    {
        var table = new Table { Border = TableBorder.Minimal };
        foreach (var column in new[] { "Tệp / file", "Kết quả / outcome", "Tệp ký / output, lý do / reason" }) table.AddColumn(column);
        // What needs somebody first; what is well needs no row of its own when there is much of it.
        foreach (var r in results.Where(r => r.Outcome == SigningOutcome.Failed || r.Signed?.Warnings.Count > 0 || results.Count <= 20).OrderByDescending(r => r.Outcome))
            table.AddRow(new[] { r.Job.From, Word(r.Outcome), r.Failure is { } f ? $"{f.Vi}\n{f.En}" : r.Job.To + Lint(r) + Notes(r) }.Select(c => new Markup(Markup.Escape(c))));
        if (table.Rows.Count > 0) terminal.Table.Write(table);
        foreach (var outcome in Enum.GetValues<SigningOutcome>())
            terminal.Out.WriteLine($"{results.Count(r => r.Outcome == outcome),7}  {Word(outcome)}");
    }

    public static JsonArray Json(IEnumerable<SigningResult> results) => [.. results.Select(r => (JsonNode)Json(r))];

    /// <summary>0 when every file is signed; else the code that all failures share, or 1.</summary>
    public static int Exit(IEnumerable<SigningResult> results) =>
        results.Select(r => r.Failure?.ExitCode).OfType<int>().Distinct().ToList() switch { [] => ExitCode.Ok, [var same] => same, _ => ExitCode.Failed };

    private static JsonObject Json(SigningResult r)
    {
        var json = new JsonObject { ["input"] = r.Job.From, ["output"] = r.Job.To, ["status"] = r.Outcome.ToString().ToLowerInvariant() };
        if (r.Signed is { } signed)
        {
            json["field"] = signed.FieldName;
            json["level"] = signed.Level.Name();
            json["sha256"] = signed.Sha256;
            json["size"] = signed.Size;
            json["lint"] = LintWords.Json(signed.Lint);
            json["warnings"] = new JsonArray([.. signed.Warnings.Select(w => new JsonObject { ["vi"] = w.Vi, ["en"] = w.En })]);
        }
        if (r.Failure is { } failure)
            json["error"] = new JsonObject { ["exitCode"] = failure.ExitCode, ["vi"] = failure.Vi, ["en"] = failure.En };
        return json;
    }

    private static string Notes(SigningResult r) => string.Concat((r.Signed?.Warnings ?? []).Select(w => $"\n{w.Vi}\n{w.En}"));

    private static string Lint(SigningResult r) => r.Signed is { Lint: { Count: > 0 } lint } ? $" [{string.Join("] [", lint.Select(f => f.Code))}]" : "";

    private static string Word(SigningOutcome outcome) => outcome switch
    {
        SigningOutcome.Signed => "đã ký / signed",
        SigningOutcome.Skipped => "đã ký từ trước / done before",
        _ => "KHÔNG KÝ ĐƯỢC / FAILED",
    };
}
