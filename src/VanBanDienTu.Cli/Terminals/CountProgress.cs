using Spectre.Console;

namespace VanBanDienTu.Cli.Terminals;

/// <summary>A bar on standard error for work that is counted in rows; only where somebody sees it.</summary>
internal static class CountProgress
{
    /// <param name="what">What is done, in both languages.</param>
    /// <param name="run">Does the work; its argument takes how much is done, of how much.</param>
    public static Task<T> ShowAsync<T>(Terminal terminal, string what, Func<Action<long, long>, Task<T>> run)
    {
        if (!terminal.ErrorIsTerminal) return run((_, _) => { });
        return terminal.Progress.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(context =>
            {
                var bar = context.AddTask(what, autoStart: true, maxValue: 1);
                return run((done, total) => (bar.MaxValue, bar.Value) = (Math.Max(total, 1), done));
            });
    }
}
