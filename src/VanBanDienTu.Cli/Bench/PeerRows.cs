using System.Diagnostics;
using System.Globalization;
using VanBanDienTu.Cli.Terminals;

namespace VanBanDienTu.Cli.Bench;

/// <summary>What other programs do with the same file on the same machine: lines <c>name &lt;tab&gt; operations per second</c>.</summary>
internal static class PeerRows
{
    private const string Program = "run";
    private const int MostSeconds = 5;

    /// <summary>The lines: of a file as they are; of a folder, what its program <c>run PDF SECONDS</c> measures now.</summary>
    /// <param name="peers">The file or the folder; null: there are no peers, and no lines.</param>
    /// <param name="pdf">The document that they work on.</param>
    /// <param name="seconds">For each of them, at most 5.</param>
    /// <param name="ct">Ends the work.</param>
    public static async Task<IReadOnlyList<string>> LinesAsync(string? peers, string pdf, int seconds, CancellationToken ct)
    {
        if (peers is null) return [];
        if (File.Exists(peers)) return await File.ReadAllLinesAsync(peers, ct);
        var program = Path.GetFullPath(Path.Combine(peers, Program));
        if (!File.Exists(program)) throw CommandException.NoInput(program);
        using var process = Process.Start(new ProcessStartInfo(program, [Path.GetFullPath(pdf), Math.Min(seconds, MostSeconds).ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardOutput = true, UseShellExecute = false,
        })!;
        var lines = await process.StandardOutput.ReadToEndAsync(ct);
        await process.WaitForExitAsync(ct);
        return process.ExitCode == 0 ? lines.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            : throw new CommandException(ExitCode.Failed, $"{program} kết thúc với mã {process.ExitCode}.", $"{program} ended with {process.ExitCode}.");
    }

    /// <summary>Adds a row <c>times-NAME</c> for every peer that does the same: how many times faster we are.</summary>
    /// <param name="rows">Where to.</param>
    /// <param name="lines">See <see cref="LinesAsync"/>.</param>
    /// <param name="doing">The end of the names that count: «-sign», «-verify».</param>
    /// <param name="ours">Operations per second.</param>
    public static async Task AddAsync(BenchRows rows, IEnumerable<string> lines, string doing, double ours)
    {
        foreach (var line in lines)
        {
            if (line.Split('\t') is [var name, var value, ..] && name.EndsWith(doing, StringComparison.Ordinal)
                && double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var theirs) && theirs > 0)
            {
                await rows.AddAsync(name, theirs, "files/s");
                await rows.AddAsync($"times-{name}", ours / theirs, "times");
            }
        }
    }
}
