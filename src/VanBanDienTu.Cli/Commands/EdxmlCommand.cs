using System.CommandLine;
using System.Text.Json.Nodes;
using VanBanDienTu.Cli.Commands.Edxml;
using VanBanDienTu.Cli.Terminals;

namespace VanBanDienTu.Cli.Commands;

/// <summary><c>vbdt edxml</c>: looks into the packets of the national axis, checks them, makes them and takes them apart; needs no node.</summary>
internal static class EdxmlCommand
{
    public static Command Create() => new("edxml", "Gói tin edXML của trục liên thông / Packets of the national axis")
    {
        Look("show", "Hiện nội dung gói tin / Show what packets hold", full: true).WithExamples(
            "edxml show cong-van.edxml",
            "edxml show --json demo-out/packets",
            "edxml show --envelope vo.xml"),
        Look("check", "Kiểm tra gói tin theo QCVN 102:2016, liệt kê mọi lỗi / Check packets, list every problem", full: false).WithExamples(
            "edxml check cong-van.edxml",
            "edxml check --json goi-tin/ > loi.json",
            "cat cong-van.edxml | vbdt edxml check -"),
        new EdxmlPackCommand().Build(),
        EdxmlUnpackCommand.Create(),
    };

    private static Command Look(string name, string description, bool full)
    {
        var paths = new Argument<string[]>("PATH") { Description = "tệp .edxml, thư mục, hoặc «-» / .edxml files, folders, or «-»", Arity = ArgumentArity.OneOrMore };
        var envelope = new Option<bool>("--envelope") { Description = "chỉ có phần vỏ, không có tệp đính kèm / the XML has no attachments" };
        var json = Options.Json();
        return new Command(name, description) { paths, envelope, json }.Does((parsed, terminal, ct) =>
        {
            var errors = 0;
            var files = new JsonArray();
            foreach (var path in EdxmlInput.Find(parsed.GetRequiredValue(paths)))
            {
                var seen = EdxmlInput.Read(path, parsed.GetValue(envelope), ct);
                errors += seen.Packet.HasErrors ? 1 : 0;
                if (parsed.GetValue(json))
                    files.Add(EdxmlJson.Of(seen, full));
                else
                    EdxmlText.Write(terminal.Out, seen, full);
            }
            if (parsed.GetValue(json))
                terminal.WriteJson(new JsonObject { ["files"] = files });
            return Task.FromResult(errors == 0 ? ExitCode.Ok : ExitCode.Failed);
        });
    }
}
