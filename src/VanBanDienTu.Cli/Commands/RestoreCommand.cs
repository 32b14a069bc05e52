using System.CommandLine;
using VanBanDienTu.Cli.Terminals;
using VanBanDienTu.Gateway.Config;
using VanBanDienTu.Gateway.Hosting;

namespace VanBanDienTu.Cli.Commands;

/// <summary><c>vbdt restore</c>: a checked backup in place of a node's data; the node then asks its neighbours what it did since.</summary>
internal static class RestoreCommand
{
    public static Command Create()
    {
        var folder = new Argument<string?>("DIR") { Description = "bản sao lưu / the backup", Arity = ArgumentArity.ZeroOrOne };
        var config = new Option<string>("--config", "-c") { Description = "tệp cấu hình của nút / the node's file", HelpName = "FILE", Required = true };
        var mark = new Option<DateTimeOffset?>("--mark")
        {
            Description = "PostgreSQL đã được phục hồi bằng công cụ của nó về thời điểm này: chỉ đánh dấu / the database was put back to this instant by other means: only mark the node", HelpName = "TIME",
        };
        var json = Options.Json();
        return new Command(
            "restore",
            "Phục hồi nút từ bản sao lưu; khi chạy lại, nút hỏi các nút bên cạnh những gì đã xác nhận từ lúc sao lưu / Restore a node; when it starts it asks its neighbours what was acknowledged since")
            {
                folder, config, mark, json,
            }
            .WithExamples("restore /backup/2026-11-22 --config unit.json", "restore --mark 2026-11-22T08:00:00+07:00 --config one.json")
            .Does(async (parsed, terminal, ct) =>
            {
                var node = NodeConfigFile.Load(parsed.GetRequiredValue(config));
                if (parsed.GetValue(mark) is { } instant)
                {
                    NodeStorage.MarkRestored(node, instant);
                    terminal.Say("Đã đánh dấu; hãy khởi động nút.", "marked; start the node");
                    return ExitCode.Ok;
                }

                var backup = parsed.GetValue(folder) ?? throw new CommandException(ExitCode.Usage, "Thiếu thư mục bản sao lưu.", "The backup's folder is missing.");
                var found = await Transfer.ShowAsync(terminal, "Phục hồi / restoring", transfer => NodeStorage.RestoreAsync(backup, node, transfer.Follow(), ct));
                BackupCommand.Show(found, parsed.GetValue(json), terminal);
                return ExitCode.Ok;
            });
    }
}
