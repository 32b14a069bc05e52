namespace VanBanDienTu.Relay.Storage;

/// <summary>Wakes everyone who waits. A raise between two waits is not lost: take <see cref="Next"/> before looking at the data.</summary>
internal sealed class Signal
{
    private TaskCompletionSource next = Fresh();

    /// <summary>Completes at the next raise.</summary>
    public Task Next => Volatile.Read(ref next).Task;

    public void Raise() => Interlocked.Exchange(ref next, Fresh()).TrySetResult();

    /// <summary>Waits for a raise that came after <paramref name="seen"/> was taken, or for the time to pass.</summary>
    public static async Task WaitAsync(Task seen, TimeSpan atMost, TimeProvider time, CancellationToken ct)
    {
        if (atMost <= TimeSpan.Zero)
            return;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var delay = Task.Delay(atMost, time, stop.Token);
        await Task.WhenAny(seen, delay);
        await stop.CancelAsync();
        ct.ThrowIfCancellationRequested();
    }

    private static TaskCompletionSource Fresh() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
