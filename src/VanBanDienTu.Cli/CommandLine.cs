using System.CommandLine;
using System.CommandLine.Invocation;
using VanBanDienTu.Cli.Commands;
using VanBanDienTu.Cli.Terminals;

namespace VanBanDienTu.Cli;

/// <summary>The command line of <c>vbdt</c>: which commands there are, and what happens when one ends badly.</summary>
public static class CommandLine
{
    /// <summary>Runs one command line to its end and returns the exit code (<see cref="ExitCode"/>); never throws.</summary>
    /// <param name="args">The words after <c>vbdt</c>.</param>
    /// <param name="output">Results, for people or (<c>--json</c>) for machines.</param>
    /// <param name="error">Messages and progress.</param>
    /// <param name="ct">Asks the command to end in good order.</param>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error, CancellationToken ct = default)
    {
        var parsed = Root().Parse(args);
        if (parsed.Action is ParseErrorAction) return Misused(parsed, error);
        var configuration = new InvocationConfiguration
        {
            Output = output,
            Error = error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null, // signals are ours: see Interruption
        };
        try
        {
            return await parsed.InvokeAsync(configuration, ct);
        }
        catch (Exception problem)
        {
            return Failure.Report(problem, error);
        }
        finally
        {
            await output.FlushAsync();
        }
    }

    internal static RootCommand Root()
    {
        var root = new RootCommand(
            "Văn bản điện tử có chữ ký số: ký, kiểm tra, gửi, nhận giữa các cơ quan / Signed electronic documents between agencies")
        {
            DemoCommand.Create(),
            SignCommand.Create(),
            ExtendCommand.Create(),
            VerifyCommand.Create(),
            PkiCommand.Create(),
            ServeCommand.Create(),
            SendCommand.Create(),
            OutgoingCommand.Create(),
            IncomingCommand.Create(),
            AnswerCommand.Create(),
            RecallCommand.Create(),
            WatchCommand.Create(),
            WhereCommand.Create(),
            EvidenceCommand.Create(),
            ReportCommand.Create(),
            AuditCommand.Create(),
            EdxmlCommand.Create(),
            DoctorCommand.Create(),
            BackupCommand.Create(),
            RestoreCommand.Create(),
            ReconcileCommand.Create(),
            BenchCommand.Create(),
        };
        HelpWithExamples.AddTo(root);
        return root;
    }

    private static int Misused(ParseResult parsed, TextWriter error)
    {
        error.WriteLine($"vbdt: Sai cú pháp: {string.Join(" ", parsed.Errors.Select(e => e.Message).Distinct(StringComparer.Ordinal))}");
        error.WriteLine($"      Xem / see: {Words(parsed.CommandResult.Command)} --help");
        return ExitCode.Usage;
    }

    private static string Words(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent and not RootCommand
            ? $"{Words(parent)} {command.Name}"
            : command is RootCommand ? "vbdt" : $"vbdt {command.Name}";
}
