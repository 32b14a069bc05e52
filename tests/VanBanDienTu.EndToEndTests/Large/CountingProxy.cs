using System.Net;
using System.Net.Sockets;

namespace VanBanDienTu.EndToEndTests.Large;

/// <summary>A line between two programs that counts what crosses it, and stops or breaks at a given byte.</summary>
internal sealed class CountingProxy : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly List<Socket> open = [];
    private readonly int target;
    private readonly Task accepting;
    private TaskCompletionSource held = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long at = long.MaxValue;
    private long crossed;

    public CountingProxy(int target)
    {
        this.target = target;
        listener.Start();
        accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Bytes in both directions, over all connections.</summary>
    public long Crossed => Interlocked.Read(ref crossed);

    /// <summary>Lets no more than this many bytes cross until <see cref="Release"/>; returns when they have crossed.</summary>
    public async Task HoldAtAsync(long bytes, CancellationToken ct)
    {
        Interlocked.Exchange(ref at, bytes);
        await held.Task.WaitAsync(ct);
    }

    public void Release()
    {
        Interlocked.Exchange(ref at, long.MaxValue);
        released.TrySetResult();
    }

    /// <summary>Breaks every connection that is open.</summary>
    public void Cut()
    {
        lock (open)
        {
            foreach (var socket in open) socket.Close(0);
            open.Clear();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        Release();
        Cut();
        await accepting;
        stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = ServeAsync(await listener.AcceptSocketAsync(stop.Token));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Disposed.
        }
    }

    private async Task ServeAsync(Socket caller)
    {
        using var far = new Socket(SocketType.Stream, ProtocolType.Tcp);
        using (caller)
        {
            lock (open) open.AddRange([caller, far]);
            try
            {
                await far.ConnectAsync(IPAddress.Loopback, target, stop.Token);
                await Task.WhenAny(PumpAsync(caller, far), PumpAsync(far, caller));
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // One side is gone: so is the other, by leaving this.
            }
        }
    }

    private async Task PumpAsync(Socket from, Socket to)
    {
        var buffer = new byte[64 << 10];
        try
        {
            while (await from.ReceiveAsync(buffer, stop.Token) is > 0 and var count)
            {
                if (Interlocked.Add(ref crossed, count) > Interlocked.Read(ref at))
                {
                    held.TrySetResult();
                    await released.Task;
                }
                for (var sent = 0; sent < count;) sent += await to.SendAsync(buffer.AsMemory(sent, count - sent), stop.Token);
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Cut, or one side died.
        }
    }
}
