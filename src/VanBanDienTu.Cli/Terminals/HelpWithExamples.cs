using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Runtime.CompilerServices;

namespace VanBanDienTu.Cli.Terminals;

/// <summary>The usual help, followed by lines that can be copied and run.</summary>
internal sealed class HelpWithExamples(HelpAction help) : SynchronousCommandLineAction
{
    private static readonly ConditionalWeakTable<Command, string[]> Examples = [];

    public override bool ClearsParseErrors => true;

    /// <summary>Remembers the examples of a command; each is a whole line without the leading <c>vbdt</c>.</summary>
    public static void Set(Command command, string[] lines) => Examples.AddOrUpdate(command, lines);

    /// <summary>Makes <c>--help</c> of the whole tree show examples.</summary>
    public static void AddTo(RootCommand root)
    {
        foreach (var option in root.Options.OfType<HelpOption>())
        {
            if (option.Action is HelpAction usual) option.Action = new HelpWithExamples(usual);
        }
    }

    public override int Invoke(ParseResult parseResult)
    {
        var code = help.Invoke(parseResult);
        if (!Examples.TryGetValue(parseResult.CommandResult.Command, out var lines)) return code;
        var output = parseResult.InvocationConfiguration.Output;
        output.WriteLine("Ví dụ / Examples:");
        foreach (var line in lines) output.WriteLine($"  vbdt {line}");
        output.WriteLine();
        return code;
    }
}
