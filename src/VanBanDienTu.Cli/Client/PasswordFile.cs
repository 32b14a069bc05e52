using VanBanDienTu.Cli.Terminals;

namespace VanBanDienTu.Cli.Client;

/// <summary>A password kept in a file, so that it appears in no process list and no shell history.</summary>
internal static class PasswordFile
{
    /// <summary>The first line, without its line end.</summary>
    /// <exception cref="CommandException">The file does not exist.</exception>
    public static string Read(string path)
    {
        if (!File.Exists(path)) throw CommandException.NoInput(path);
        using var reader = new StreamReader(path);
        return reader.ReadLine() ?? "";
    }
}
