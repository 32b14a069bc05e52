using Spectre.Console;
using VanBanDienTu.Relay.Backup;

namespace VanBanDienTu.Cli.Terminals;

/// <summary>How far an upload or download is: a bar where somebody sees it, and a line whenever it was cut off or goes on.</summary>
internal sealed class Transfer
{
    private readonly Terminal? terminal;
    private readonly ProgressTask? bar;

    private Transfer(Terminal? terminal, ProgressTask? bar, long total) => (this.terminal, this.bar, Total) = (terminal, bar, total);

    /// <summary>Bytes of all files.</summary>
    public long Total { get; private set; }

    /// <summary>Bytes that are over, those of earlier attempts included.</summary>
    public long Done { get; private set; }

    /// <summary>Bytes that this program moved, over all attempts.</summary>
    public long Moved { get; private set; }

    /// <summary>Shows nothing.</summary>
    public static Transfer Silent() => new(null, null, 0);

    /// <param name="what">What is done, in both languages.</param>
    public static Task<T> ShowAsync<T>(Terminal terminal, string what, Func<Transfer, Task<T>> run)
    {
        if (!terminal.ErrorIsTerminal) return run(new Transfer(terminal, null, 0));
        return terminal.Progress.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new DownloadedColumn(), new TransferSpeedColumn(), new RemainingTimeColumn())
            .StartAsync(context => run(new Transfer(terminal, context.AddTask(what, autoStart: true, maxValue: 1), 0)));
    }

    /// <summary>An attempt begins with this much over already.</summary>
    public void Begin(long at, long total)
    {
        (Done, Total) = (at, total);
        if (bar is not null) (bar.MaxValue, bar.Value) = (Math.Max(total, 1), at);
        if (at > 0) terminal?.Say($"Tiếp tục từ {Size(at)} trên {Size(total)} ({at * 100 / total}%)", $"goes on at byte {at} of {total}");
    }

    public void Move(long bytes)
    {
        (Done, Moved) = (Done + bytes, Moved + bytes);
        bar?.Increment(bytes);
    }

    /// <summary>Shows what a backup, a check or a restore reports.</summary>
    public IProgress<BackupProgress>? Follow() => bar is null ? null : new Progress<BackupProgress>(at =>
    {
        bar.MaxValue = Math.Max(at.Total, 1);
        bar.Value = at.Done;
    });

    public void CutOff(string why, TimeSpan wait) => terminal?.Say(
        $"Đường truyền bị cắt ở {Size(Done)} trên {Size(Total)}; {wait.TotalSeconds:0} giây nữa thử lại.", $"cut off ({why}); once more in {wait.TotalSeconds:0} s");

    private static string Size(long bytes) => bytes < 1 << 20 ? $"{bytes >> 10} KiB" : $"{bytes >> 20} MiB";
}
