using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace VanBanDienTu.Cli.Terminals;

/// <summary>Where a command writes: results to <see cref="Out"/>, messages and progress to <see cref="Error"/>.</summary>
internal sealed class Terminal
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private Terminal(TextWriter output, TextWriter error)
    {
        Out = output;
        Error = error;
        OutIsTerminal = ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected;
        ErrorIsTerminal = ReferenceEquals(error, Console.Error) && !Console.IsErrorRedirected;
        Table = ConsoleOn(output, OutIsTerminal);
        Progress = ConsoleOn(error, ErrorIsTerminal);
    }

    public TextWriter Out { get; }

    public TextWriter Error { get; }

    public bool OutIsTerminal { get; }

    public bool ErrorIsTerminal { get; }

    /// <summary>Tables for people, on standard output; without colours when it is not a terminal or NO_COLOR is set.</summary>
    public IAnsiConsole Table { get; }

    /// <summary>Progress bars, on standard error.</summary>
    public IAnsiConsole Progress { get; }

    public static Terminal Of(InvocationConfiguration configuration) => new(configuration.Output, configuration.Error);

    public void Say(string vi, string en) => Error.WriteLine($"{vi} / {en}");

    public void WriteJson(JsonNode json) => Out.WriteLine(json.ToJsonString(Indented));

    private static IAnsiConsole ConsoleOn(TextWriter writer, bool terminal)
    {
        var colours = terminal && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = colours ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = colours ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = terminal ? InteractionSupport.Detect : InteractionSupport.No,
        });
        if (!terminal) console.Profile.Width = 160; // a pipe has no width; wide enough that rows are not broken
        return console;
    }
}
