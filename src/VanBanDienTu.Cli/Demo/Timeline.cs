using VanBanDienTu.Cli.Client;
using VanBanDienTu.Cli.Terminals;

namespace VanBanDienTu.Cli.Demo;

/// <summary>What happens, as it happens: time, node, document, what. One line each; several watchers write here.</summary>
internal sealed class Timeline(Terminal terminal, TimeProvider time)
{
    private readonly Lock gate = new();

    /// <summary>Part of the story begins.</summary>
    public void Chapter(string vi, string en)
    {
        lock (gate)
        {
            terminal.Out.WriteLine();
            terminal.Out.WriteLine($"── {vi} / {en}");
            terminal.Out.Flush();
        }
    }

    public void Line(string where, string document, string what)
    {
        lock (gate)
        {
            terminal.Out.WriteLine($"{VietnamTime.Now(time):HH:mm:ss.fff}  {where,-12} {document,-14} {what}");
            terminal.Out.Flush();
        }
    }
}
