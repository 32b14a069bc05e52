using VanBanDienTu.Cli.Nodes;
using VanBanDienTu.Cli.Terminals;
using VanBanDienTu.TestKit;
using VanBanDienTu.TestKit.Faults;

namespace VanBanDienTu.EndToEndTests.Faults;

/// <summary>One gateway as a process of its own that is started again whenever it is gone, as a service manager would.</summary>
internal sealed class FaultyGateway(string name, string config, string log, ShiftedClock clock, SmallDisk? disk) : IAsyncDisposable
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(200);
    private readonly CancellationTokenSource over = new();
    private readonly SemaphoreSlim wanted = new(0);
    private volatile NodeProcess? process;
    private volatile bool down = true;
    private Task keeping = Task.CompletedTask;
    private int ends;

    public string Name => name;

    public string Log => log;

    public ShiftedClock Clock => clock;

    /// <summary>Where its data are; null where nothing can be mounted.</summary>
    public SmallDisk? Disk => disk;

    public bool Runs => process is { HasExited: false };

    /// <summary>How often it ended, or did not start, by itself.</summary>
    public int EndedByItself => Volatile.Read(ref ends);

    public void Begin()
    {
        keeping = KeepAsync();
        Release();
    }

    /// <summary>SIGKILL; it stays down until <see cref="Release"/>.</summary>
    public async Task KillAsync()
    {
        down = true;
        if (process is { } running) await running.KillAsync();
    }

    /// <summary>It may run again.</summary>
    public void Release()
    {
        down = false;
        wanted.Release();
    }

    /// <summary>Waits until it serves, or no longer: a full disk may keep it from starting.</summary>
    public async Task RunsAsync(TimeSpan patience, CancellationToken ct)
    {
        for (var began = TimeProvider.System.GetTimestamp(); !Runs && TimeProvider.System.GetElapsedTime(began) < patience;) await Task.Delay(20, ct);
    }

    /// <summary>Keeps its files after its end, for who looks for a cause.</summary>
    public bool Keep { get; set; }

    public async ValueTask DisposeAsync()
    {
        down = true;
        await over.CancelAsync();
        wanted.Release();
        if (process is { } running) await running.KillAsync();
        await keeping;
        if (process is { } last) await last.DisposeAsync();
        clock.Dispose();
        if (Keep && disk is not null) ExternalTool.Run("cp", "-r", disk.Path, disk.Path + ".kept");
        disk?.Dispose();
        over.Dispose();
        wanted.Dispose();
    }

    private async Task KeepAsync()
    {
        while (!over.IsCancellationRequested)
        {
            if (down)
            {
                await wanted.WaitAsync(CancellationToken.None);
                continue;
            }
            if (process is { HasExited: false })
            {
                await Task.Delay(50, CancellationToken.None);
                continue;
            }
            if (process is { } gone)
            {
                await gone.DisposeAsync();
                process = null;
                if (!down) Interlocked.Increment(ref ends);
            }
            try
            {
                process = await NodeProcess.StartAsync(config, log, StartPatience, over.Token, clock.Environment);
            }
            catch (Exception e) when (e is CommandException or OperationCanceledException)
            {
                Interlocked.Increment(ref ends); // its disk is full, its database away: its log says so
                await Task.Delay(Again, CancellationToken.None);
            }
        }
    }
}
