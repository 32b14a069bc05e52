using System.CommandLine;
using System.Text.Json.Nodes;
using VanBanDienTu.Cli.Terminals;
using VanBanDienTu.Gateway.Config;
using VanBanDienTu.Gateway.Hosting;
using VanBanDienTu.Relay.Backup;

namespace VanBanDienTu.Cli.Commands;

/// <summary><c>vbdt backup</c> and <c>vbdt backup check</c>: copies an embedded node while it runs, and tells whether a copy is whole.</summary>
internal static class BackupCommand
{
    public static Command Create()
    {
        var config = new Option<string>("--config", "-c") { Description = "tệp cấu hình của nút / the node's file", HelpName = "FILE", Required = true };
        var output = new Option<string>("--output", "-o") { Description = "thư mục mới cho bản sao lưu / a new folder for the backup", HelpName = "DIR", Required = true };
        var keys = new Option<bool>("--with-keys") { Description = "chép cả các tệp khóa mã hóa lưu trữ / copy the files of the storage keys too" };
        var json = Options.Json();
        return new Command(
            "backup",
            "Sao lưu nút nhúng (SQLite) đang chạy hoặc đã dừng; với PostgreSQL dùng pg_dump hoặc pg_basebackup / Back up an embedded node, running or not; with PostgreSQL use pg_dump or pg_basebackup")
            {
                config, output, keys, json, Check(),
            }
            .WithExamples("backup --config unit.json -o /backup/2026-11-22", "backup check /backup/2026-11-22 --config unit.json")
            .Does(async (parsed, terminal, ct) =>
            {
                var manifest = await Transfer.ShowAsync(terminal, "Sao lưu / backing up", transfer => NodeStorage.BackUpAsync(
                    NodeConfigFile.Load(parsed.GetRequiredValue(config)), parsed.GetRequiredValue(output), parsed.GetValue(keys), transfer.Follow(), ct));
                if (parsed.GetValue(json))
                    terminal.WriteJson(Json(manifest));
                else
                    terminal.Out.WriteLine(
                        $"{manifest.Files.Count} tệp / files, {manifest.Files.Sum(f => f.Size)} byte; chứng cứ đến số / evidence up to {string.Join(", ", manifest.Evidence.Select(e => e.Sequence))}");
                if (manifest.KeyIds.Count > 0 && !parsed.GetValue(keys))
                    terminal.Say($"Cần giữ riêng các khóa {string.Join(", ", manifest.KeyIds)}.", $"keep the keys {string.Join(", ", manifest.KeyIds)} elsewhere: the backup cannot be read without them");
                return ExitCode.Ok;
            });
    }

    private static Command Check()
    {
        var folder = new Argument<string>("DIR") { Description = "bản sao lưu / the backup" };
        var config = new Option<string?>("--config", "-c") { Description = "cấu hình có khóa để mở nội dung đã mã hóa / the file that names the keys of sealed payloads", HelpName = "FILE" };
        var json = Options.Json();
        return new Command("check", "Kiểm tra bản sao lưu: tệp, cơ sở dữ liệu, chuỗi chứng cứ, từng nội dung / Check a backup whole") { folder, config, json }
            .WithExamples("backup check /backup/2026-11-22")
            .Does(async (parsed, terminal, ct) =>
            {
                var node = parsed.GetValue(config) is { } file ? NodeConfigFile.Load(file) : null;
                var found = await Transfer.ShowAsync(
                    terminal, "Kiểm tra / checking", transfer => NodeStorage.CheckBackupAsync(parsed.GetRequiredValue(folder), node, transfer.Follow(), ct));
                Show(found, parsed.GetValue(json), terminal);
                return found.Good ? ExitCode.Ok : ExitCode.Failed;
            });
    }

    internal static void Show(BackupFindings found, bool json, Terminal terminal)
    {
        if (json)
        {
            var shown = Json(found.Manifest);
            shown["good"] = found.Good;
            shown["payloads"] = found.Payloads;
            shown["unopened"] = found.Unopened;
            shown["evidence"] = found.Evidence;
            shown["problems"] = new JsonArray([.. found.Problems.Select(p => (JsonNode)new JsonObject { ["code"] = p.Code, ["vi"] = p.Vi, ["en"] = p.En })]);
            terminal.WriteJson(shown);
            return;
        }

        foreach (var problem in found.Problems)
            terminal.Out.WriteLine($"HỎNG  {problem.Vi} / {problem.En}");
        if (found.Good)
            terminal.Out.WriteLine(
                $"OK    {found.Manifest.Node}, {found.Manifest.Created:u}: {found.Payloads} nội dung / payloads, {found.Evidence} chứng cứ / evidence"
                + (found.Unopened > 0 ? $"; {found.Unopened} chưa mở được vì thiếu khóa / not opened for want of a key" : ""));
    }

    private static JsonObject Json(BackupManifest manifest) => new()
    {
        ["node"] = manifest.Node, ["organ"] = manifest.Organ, ["created"] = manifest.Created.ToString("O"), ["files"] = manifest.Files.Count,
        ["bytes"] = manifest.Files.Sum(f => f.Size), ["keyIds"] = new JsonArray([.. manifest.KeyIds.Select(k => (JsonNode)k)]),
    };
}
