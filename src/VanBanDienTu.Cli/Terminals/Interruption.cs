using System.Runtime.InteropServices;

namespace VanBanDienTu.Cli.Terminals;

/// <summary>Ctrl+C and SIGTERM: the first asks the command to end in good order, a second one ends the process at once.</summary>
/// <remarks>Our own, because that of System.CommandLine 3.0.0 fails with an unhandled exception when a second signal comes.</remarks>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource asked = new();
    private readonly PosixSignalRegistration[] registrations;

    public Interruption() => registrations = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM }.Select(s => PosixSignalRegistration.Create(s, Handle))];

    public CancellationToken Token => asked.Token;

    public void Dispose()
    {
        foreach (var registration in registrations) registration.Dispose();
        asked.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        if (asked.IsCancellationRequested) return; // the signal's usual end
        context.Cancel = true;
        asked.Cancel();
    }
}
