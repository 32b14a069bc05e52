using VanBanDienTu.Axis.Edxml;
using VanBanDienTu.Cli.Terminals;

namespace VanBanDienTu.Cli.Commands.Edxml;

/// <summary>One packet that was read, and the name it was read by.</summary>
internal sealed record SeenPacket(string File, UnpackedPacket Packet);

/// <summary>Finds and reads the packets that the user names.</summary>
internal static class EdxmlInput
{
    /// <summary>Files as given, folders with all their .edxml files in order of name.</summary>
    public static IEnumerable<string> Find(IEnumerable<string> paths) => paths.SelectMany(path =>
    {
        if (path == "-" || File.Exists(path))
            return [path];
        if (!Directory.Exists(path))
            throw CommandException.NoInput(path);
        var found = Directory.EnumerateFiles(path, "*.edxml", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToList();
        return found.Count > 0
            ? found
            : throw new CommandException(ExitCode.NoInput, $"Thư mục «{path}» không có tệp .edxml nào.", $"The folder «{path}» holds no .edxml file.");
    });

    /// <summary>Reads one packet; the attachments are decoded and hashed in a temporary folder that is gone afterwards.</summary>
    public static SeenPacket Read(string path, bool envelopeOnly, CancellationToken ct)
    {
        using var input = Open(path);
        if (envelopeOnly)
        {
            var reading = EdxmlReader.ReadEnvelope(input);
            return new SeenPacket(path, new UnpackedPacket([], reading.Document?.Trace ?? [], reading, []));
        }
        var folder = Directory.CreateTempSubdirectory("vbdt-edxml-").FullName;
        try
        {
            return new SeenPacket(path, EdxmlPacket.Unpack(input, folder, ct: ct));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    public static Stream Open(string path) => path == "-" ? Console.OpenStandardInput() : File.OpenRead(path);
}
