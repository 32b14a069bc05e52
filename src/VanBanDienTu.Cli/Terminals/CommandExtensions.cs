using System.CommandLine;

namespace VanBanDienTu.Cli.Terminals;

/// <summary>What all commands share: examples, and what a run needs.</summary>
internal static class CommandExtensions
{
    public static Command WithExamples(this Command command, params string[] lines)
    {
        HelpWithExamples.Set(command, lines);
        return command;
    }

    /// <summary>Sets what the command does; the action gets the terminal and returns the exit code.</summary>
    public static Command Does(this Command command, Func<ParseResult, Terminal, CancellationToken, Task<int>> action)
    {
        command.SetAction((parsed, ct) => action(parsed, Terminal.Of(parsed.InvocationConfiguration), ct));
        return command;
    }
}
