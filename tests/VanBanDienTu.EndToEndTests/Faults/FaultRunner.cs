using VanBanDienTu.TestKit.Faults;

namespace VanBanDienTu.EndToEndTests.Faults;

/// <summary>Lets one fault happen and takes it away again.</summary>
internal sealed class FaultRunner(FaultyNetwork network)
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(5);
    private Fault? lasting;

    /// <summary>When this returns the fault is over, or it lasts until the next one is.</summary>
    public async Task RunAsync(Fault fault, CancellationToken ct)
    {
        await Task.Delay(fault.Before, ct);
        await BeginAsync(fault, ct);
        await Task.Delay(fault.Hold, ct);
        await EndLastAsync();
        if (fault.Lasts)
            lasting = fault;
        else
            await EndAsync(fault);
    }

    /// <summary>Takes away what still lasts.</summary>
    public async Task EndLastAsync()
    {
        if (lasting is not { } last) return;
        lasting = null;
        await EndAsync(last);
    }

    private FaultyGateway Gateway(Fault fault) => network.Gateways.Single(g => g.Name == fault.Target);

    private async Task BeginAsync(Fault fault, CancellationToken ct)
    {
        switch (fault.Kind)
        {
            case FaultKind.Kill:
                await Gateway(fault).RunsAsync(StartPatience, ct);
                await Gateway(fault).KillAsync();
                break;
            case FaultKind.DiskFull:
                Gateway(fault).Disk!.Fill();
                break;
            case FaultKind.Clock:
                Gateway(fault).Clock.Ahead = fault.Jump;
                break;
            case FaultKind.AuthorityDown:
                await network.SwitchAuthorityAsync(on: false);
                break;
            case FaultKind.Line:
                network.Lines[fault.Target].Turn(fault.Weather, fault.Seed);
                break;
            case FaultKind.ServerKilled:
                if (network.Server!.IsRunning) network.Server.Kill();
                break;
            case FaultKind.ServerDiskFull:
                network.ServerDisk!.Fill();
                break;
            case FaultKind.ServerClock:
                network.ServerClock!.Ahead = fault.Jump;
                break;
        }
    }

    private async Task EndAsync(Fault fault)
    {
        switch (fault.Kind)
        {
            case FaultKind.Kill:
                Gateway(fault).Release();
                break;
            case FaultKind.DiskFull:
                Gateway(fault).Disk!.Free();
                break;
            case FaultKind.Clock:
                Gateway(fault).Clock.Ahead = TimeSpan.Zero;
                break;
            case FaultKind.AuthorityDown:
                await network.SwitchAuthorityAsync(on: true);
                break;
            case FaultKind.Line:
                network.Lines[fault.Target].Turn(Weather.Clear);
                break;
            case FaultKind.ServerKilled:
                if (!network.Server!.IsRunning) network.Server.Restart();
                break;
            case FaultKind.ServerDiskFull:
                network.ServerDisk!.Free();
                if (!network.Server!.IsRunning) network.Server.Restart();
                break;
            case FaultKind.ServerClock:
                network.ServerClock!.Ahead = TimeSpan.Zero;
                break;
        }
    }
}
