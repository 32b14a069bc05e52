using System.Globalization;
using VanBanDienTu.Cli.Terminals;

namespace VanBanDienTu.Cli.Bench;

/// <summary>What other programs did with the same file on the same machine: lines <c>name &lt;tab&gt; operations per second</c>.</summary>
internal static class PeerRows
{
    /// <summary>Adds a row <c>times-NAME</c> for every peer that does the same: how many times faster we are.</summary>
    /// <param name="rows">Where to.</param>
    /// <param name="file">The lines; null: none were given.</param>
    /// <param name="doing">The end of the names that count: «-sign», «-verify».</param>
    /// <param name="ours">Operations per second.</param>
    public static async Task AddAsync(BenchRows rows, string? file, string doing, double ours)
    {
        if (file is null) return;
        if (!File.Exists(file)) throw CommandException.NoInput(file);
        foreach (var line in await File.ReadAllLinesAsync(file))
        {
            if (line.Split('\t') is [var name, var value, ..] && name.EndsWith(doing, StringComparison.Ordinal)
                && double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var theirs) && theirs > 0)
                await rows.AddAsync($"times-{name}", ours / theirs, "times");
        }
    }
}
