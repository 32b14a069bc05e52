using Spectre.Console;

namespace VanBanDienTu.Cli.Terminals;

/// <summary>A bar on standard error: only where somebody sees it, and only when there is something to wait for.</summary>
internal static class FileProgress
{
    /// <param name="terminal">Where it is shown.</param>
    /// <param name="files">How many there are.</param>
    /// <param name="run">Does the work; calls its argument after each file, from any thread.</param>
    public static Task<T> ShowAsync<T>(Terminal terminal, int files, Func<Action?, Task<T>> run)
    {
        if (!terminal.ErrorIsTerminal || files < 2) return run(null);
        return terminal.Progress.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(async context =>
            {
                var bar = context.AddTask(Left(files), maxValue: files);
                var left = files;
                return await run(() =>
                {
                    bar.Description = Left(Interlocked.Decrement(ref left));
                    bar.Increment(1);
                });
            });
    }

    private static string Left(int files) => $"còn {files} tệp / {files} files left";
}
