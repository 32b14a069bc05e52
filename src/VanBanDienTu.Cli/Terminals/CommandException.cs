namespace VanBanDienTu.Cli.Terminals;

/// <summary>Ends a command with one clear sentence in both languages and an exit code.</summary>
internal sealed class CommandException(int exitCode, string vi, string en) : Exception(en)
{
    public int ExitCode { get; } = exitCode;

    public string Vi { get; } = vi;

    public string En { get; } = en;

    public static CommandException NoInput(string path) => new(
        Terminals.ExitCode.NoInput,
        $"Không tìm thấy «{path}»; hãy kiểm tra lại đường dẫn.",
        $"«{path}» was not found; check the path.");
}
