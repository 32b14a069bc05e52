using VanBanDienTu.Cli.Terminals;

namespace VanBanDienTu.Cli.Verification;

/// <summary>The PDF files that words of a command line mean; standard input becomes a temporary file, removed afterwards.</summary>
internal sealed class InputFiles : IDisposable
{
    private readonly List<string> temporary;

    private InputFiles(IReadOnlyList<(string Name, string Path)> files, List<string> temporary) => (Files, this.temporary) = (files, temporary);

    /// <summary>Name to show, and path to read; in the order of the command line, folders in order of their names.</summary>
    public IReadOnlyList<(string Name, string Path)> Files { get; }

    /// <exception cref="CommandException">A path does not exist, or a folder holds no PDF.</exception>
    public static InputFiles Of(IReadOnlyList<string> words)
    {
        var made = new List<string>();
        return new InputFiles(words.SelectMany(word => Expand(word, made)).ToList(), made);
    }

    public void Dispose()
    {
        foreach (var file in temporary) File.Delete(file);
    }

    private static IEnumerable<(string Name, string Path)> Expand(string word, List<string> temporary)
    {
        if (word == StandardStreams.Word) return [("stdin", FromStandardInput(temporary))];
        if (File.Exists(word)) return [(word, word)];
        if (!Directory.Exists(word)) throw CommandException.NoInput(word);
        var found = Directory.EnumerateFiles(word, "*", SearchOption.AllDirectories)
            .Where(f => f.EndsWith(".pdf", StringComparison.OrdinalIgnoreCase))
            .Order(StringComparer.Ordinal).Select(f => (f, f)).ToList();
        if (found.Count > 0) return found;
        throw new CommandException(ExitCode.NoInput, $"Thư mục «{word}» không có tệp PDF nào.", $"The folder «{word}» holds no PDF file.");
    }

    private static string FromStandardInput(List<string> temporary)
    {
        temporary.Add(StandardStreams.SaveInput());
        return temporary[^1];
    }
}
