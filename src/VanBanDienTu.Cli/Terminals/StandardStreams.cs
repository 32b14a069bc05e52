namespace VanBanDienTu.Cli.Terminals;

/// <summary>Standard input and output as files, for tools that read by offset; «-» on the command line.</summary>
internal static class StandardStreams
{
    public const string Word = "-";

    /// <summary>A new path in the folder for temporary files; nothing is there yet.</summary>
    public static string TemporaryPdf() => Path.Combine(Path.GetTempPath(), $"vbdt-{Guid.NewGuid():N}.pdf");

    /// <summary>Reads standard input to its end into a temporary file, which the caller deletes.</summary>
    public static string SaveInput()
    {
        var path = TemporaryPdf();
        using var output = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
        using var input = Console.OpenStandardInput();
        input.CopyTo(output);
        return path;
    }

    /// <summary>Writes a file's bytes to standard output.</summary>
    public static void CopyToOutput(string path)
    {
        using var input = File.OpenRead(path);
        using var output = Console.OpenStandardOutput();
        input.CopyTo(output);
    }
}
