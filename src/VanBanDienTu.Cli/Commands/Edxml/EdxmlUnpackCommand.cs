using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using VanBanDienTu.Axis.Edxml;
using VanBanDienTu.Cli.Terminals;

namespace VanBanDienTu.Cli.Commands.Edxml;

/// <summary><c>vbdt edxml unpack</c>: the attachments as files, and the rest as envelope.xml.</summary>
internal static class EdxmlUnpackCommand
{
    private const string EnvelopeName = "envelope.xml";

    /// <summary>Bytes of a file name: what file systems take, less room for a number before it.</summary>
    private const int MaxNameBytes = 200;

    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "gói tin .edxml hoặc «-» / a packet or «-»" };
        var into = new Option<string>("--into", "-o") { Description = "thư mục ghi / folder", HelpName = "DIR", Required = true };
        var force = new Option<bool>("--force") { Description = "ghi đè tệp đã có / overwrite existing files" };
        var json = Options.Json();
        return new Command("unpack", "Lấy các tệp ra khỏi gói tin / Take a packet apart") { file, into, force, json }
            .WithExamples("edxml unpack cong-van.edxml -o ra", "edxml unpack - --into ra < cong-van.edxml")
            .Does((parsed, terminal, ct) =>
            {
                var path = parsed.GetRequiredValue(file);
                if (path != "-" && !File.Exists(path))
                    throw CommandException.NoInput(path);
                var folder = Directory.CreateDirectory(parsed.GetRequiredValue(into)).FullName;
                var (seen, written) = Unpack(path, folder, parsed.GetValue(force), ct);
                if (parsed.GetValue(json))
                    terminal.WriteJson(EdxmlJson.Of(seen, full: true).With("written", new JsonArray(written.Select(w => (JsonNode)w).ToArray())));
                else
                    Report(terminal, seen, written);
                return Task.FromResult(seen.Packet.HasErrors ? ExitCode.Failed : ExitCode.Ok);
            });
    }

    private static (SeenPacket Seen, List<string> Written) Unpack(string path, string folder, bool force, CancellationToken ct)
    {
        // Beside the result, so that moving into place copies nothing.
        var staging = Directory.CreateDirectory(Path.Combine(folder, $".{Guid.NewGuid():N}")).FullName;
        try
        {
            using var input = EdxmlInput.Open(path);
            var packet = EdxmlPacket.Unpack(input, staging, ct: ct);
            var files = Names(packet.Attachments).ToList();
            if (packet.Envelope.Length > 0)
            {
                File.WriteAllBytes(Path.Combine(staging, EnvelopeName), EdxmlPacket.WithHops(packet.Envelope, packet.Hops));
                files.Insert(0, (Path.Combine(staging, EnvelopeName), EnvelopeName));
            }
            if (!force && files.Find(f => File.Exists(Path.Combine(folder, f.Name))) is { Name: { } taken })
                throw new CommandException(
                    ExitCode.Failed, $"«{Path.Combine(folder, taken)}» đã có; dùng --force để ghi đè.", $"«{Path.Combine(folder, taken)}» exists; use --force to overwrite it.");
            foreach (var (from, name) in files)
                File.Move(from, Path.Combine(folder, name), overwrite: force);
            return (new SeenPacket(path, packet), files.Select(f => Path.Combine(folder, f.Name)).ToList());
        }
        finally
        {
            Directory.Delete(staging, recursive: true);
        }
    }

    private static void Report(Terminal terminal, SeenPacket seen, List<string> written)
    {
        foreach (var file in written)
            terminal.Out.WriteLine(file);
        EdxmlText.Write(terminal.Error, seen, full: false);
    }

    private static IEnumerable<(string Path, string Name)> Names(IReadOnlyList<UnpackedAttachment> attachments)
    {
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { EnvelopeName };
        foreach (var (index, attachment) in attachments.Index())
        {
            var name = SafeName(attachment.Name ?? attachment.ContentId);
            if (!taken.Add(name))
                taken.Add(name = $"{index + 1}-{name}");
            yield return (attachment.Path, name);
        }
    }

    /// <summary>A stranger's file name as a name in one folder: no separators, no hidden files, no device names' dots, not too long.</summary>
    internal static string SafeName(string name)
    {
        var plain = string.Concat(name.Select(c => char.IsControl(c) || c is '/' or '\\' or ':' or '*' or '?' or '"' or '<' or '>' or '|' ? '_' : c)).Trim('.', ' ');
        while (Encoding.UTF8.GetByteCount(plain) > MaxNameBytes)
        {
            var stem = Path.GetFileNameWithoutExtension(plain);
            var extension = Path.GetExtension(plain);
            plain = stem.Length > 1 ? stem[..^1].TrimEnd('.', ' ') + extension : extension[..^1].Trim('.');
        }
        return plain.Length > 0 ? plain : "tep";
    }

    private static JsonObject With(this JsonObject json, string name, JsonNode value)
    {
        json[name] = value;
        return json;
    }
}
