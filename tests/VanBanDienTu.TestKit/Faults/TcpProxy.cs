using System.Net;
using System.Net.Sockets;

namespace VanBanDienTu.TestKit.Faults;

/// <summary>What becomes of the bytes between two processes.</summary>
public enum Weather
{
    /// <summary>Everything passes.</summary>
    Clear,

    /// <summary>A partition: nothing passes and nothing is refused; what is open lives on and passes when it is over.</summary>
    Stalled,

    /// <summary>Every piece waits some tenths of a second.</summary>
    Slow,

    /// <summary>What is open is reset, and so is whoever connects.</summary>
    Reset,

    /// <summary>The far sides are gone and nobody was told: what is sent there disappears, and the connection never ends by itself.
    /// New connections pass.</summary>
    HalfOpen,

    /// <summary>Requests pass and take effect; their answers disappear. When it is over those connections are reset.</summary>
    AnswersLost,

    /// <summary>Each connection passes some thousand bytes of answers, then it is reset.</summary>
    AnswersCut,
}

/// <summary>A line between two processes that can be disturbed while they run. Several targets take turns; one that does not listen is passed over.</summary>
public sealed class TcpProxy : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly IReadOnlyList<EndPoint> targets;
    private readonly CancellationTokenSource over = new();
    private readonly Lock gate = new();
    private readonly HashSet<Line> lines = [];
    private readonly Task accepting;
    private Random dice = new(0);
    private TaskCompletionSource cleared = Completed();
    private int turn;
    private byte[]? fatal;

    private TcpProxy(IReadOnlyList<EndPoint> targets)
    {
        this.targets = targets;
        listener.Start(512);
        accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public Weather Weather { get; private set; }

    /// <param name="targets">Ports on loopback.</param>
    public static TcpProxy Start(params IReadOnlyList<int> targets) => new([.. targets.Select(port => new IPEndPoint(IPAddress.Loopback, port))]);

    public static TcpProxy StartBefore(EndPoint target) => new([target]);

    /// <summary>The first connection whose answer holds this word is reset instead, once: what the answer speaks of has happened.</summary>
    public void ResetAtAnswer(ReadOnlySpan<byte> word)
    {
        lock (gate) fatal = word.ToArray();
    }

    /// <summary>False as soon as the word of <see cref="ResetAtAnswer"/> has come.</summary>
    public bool IsArmed
    {
        get
        {
            lock (gate) return fatal is not null;
        }
    }

    /// <summary>Changes the weather for what is open and what comes.</summary>
    /// <param name="seed">Decides how long pieces wait and where answers are cut.</param>
    public void Turn(Weather next, int seed = 0)
    {
        List<Line> open;
        Weather before;
        lock (gate)
        {
            (before, Weather, dice) = (Weather, next, new Random(seed));
            open = [.. lines];
            if (next == Weather.Stalled)
                cleared = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            else
                cleared.TrySetResult();
            if (next == Weather.AnswersCut)
                open.ForEach(line => line.Allowance = Allowance());
        }
        foreach (var line in open)
        {
            if (next == Weather.Reset || (before == Weather.AnswersLost && line.Poisoned))
                line.Reset();
            else if (next == Weather.HalfOpen)
                line.LoseFarSide();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await over.CancelAsync();
        listener.Stop();
        Turn(Weather.Reset);
        await accepting;
        over.Dispose();
    }

    private static TaskCompletionSource Completed()
    {
        var done = new TaskCompletionSource();
        done.SetResult();
        return done;
    }

    private long Allowance() => dice.Next(0, 6000);

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = ServeAsync(await listener.AcceptSocketAsync(over.Token));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Over.
        }
    }

    private async Task ServeAsync(Socket near)
    {
        using var line = new Line(near);
        lock (gate)
        {
            line.Allowance = Allowance();
            lines.Add(line);
        }
        try
        {
            near.NoDelay = true;
            if (Weather == Weather.Reset)
                line.Reset();
            await cleared.Task;
            if (await ConnectAsync() is not { } far)
            {
                line.Reset();
                return;
            }
            line.Far = far;
            await Task.WhenAll(PumpAsync(line, near, far, answers: false), PumpAsync(line, far, near, answers: true));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            line.Reset(); // reset before it was through, or over
        }
        finally
        {
            lock (gate) lines.Remove(line);
        }
    }

    private async Task<Socket?> ConnectAsync()
    {
        for (var i = 0; i < targets.Count; i++)
        {
            var target = targets[Interlocked.Increment(ref turn) % targets.Count];
            var far = new Socket(target.AddressFamily, SocketType.Stream, target is IPEndPoint ? ProtocolType.Tcp : ProtocolType.Unspecified);
            try
            {
                if (target is IPEndPoint) far.NoDelay = true;
                await far.ConnectAsync(target, over.Token);
                return far;
            }
            catch (SocketException)
            {
                far.Dispose();
            }
        }
        return null;
    }

    private async Task PumpAsync(Line line, Socket from, Socket to, bool answers)
    {
        try
        {
            await PassAsync(line, from, to, answers);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // One side is gone: the other one hears of it, unless the far side went without a word.
            if (!line.FarLost || !answers) line.Reset();
        }
    }

    private async Task PassAsync(Line line, Socket from, Socket to, bool answers)
    {
        var buffer = new byte[32 << 10];
        while (true)
        {
            var read = await from.ReceiveAsync(buffer, over.Token);
            await PassableAsync();
            if (read == 0)
            {
                if (line.FarLost) return;
                to.Shutdown(SocketShutdown.Send);
                return;
            }
            if (line.FarLost) continue;
            if (answers && IsFatal(buffer.AsSpan(0, read)))
            {
                line.Reset();
                return;
            }
            if (Weather == Weather.AnswersLost && answers)
            {
                line.Poisoned = true;
                continue;
            }
            if (line.Poisoned && answers) continue;
            if (Weather == Weather.AnswersCut && answers && (line.Allowance -= read) < 0)
            {
                line.Reset();
                return;
            }
            for (var at = 0; at < read;) at += await to.SendAsync(buffer.AsMemory(at, read - at), over.Token);
        }
    }

    private bool IsFatal(ReadOnlySpan<byte> answer)
    {
        lock (gate)
        {
            if (fatal is not { } word || answer.IndexOf(word) < 0) return false;
            fatal = null;
            return true;
        }
    }

    private async Task PassableAsync()
    {
        if (Weather == Weather.Slow)
        {
            int wait;
            lock (gate) wait = dice.Next(50, 400);
            await Task.Delay(wait, over.Token);
        }
        await cleared.Task.WaitAsync(over.Token);
    }

    /// <summary>One connection through the proxy.</summary>
    private sealed class Line(Socket near) : IDisposable
    {
        public Socket? Far { get; set; }

        /// <summary>Bytes of answers that still pass while answers are cut.</summary>
        public long Allowance { get; set; }

        /// <summary>An answer was swallowed: nothing after it may pass.</summary>
        public volatile bool Poisoned;

        public volatile bool FarLost;

        /// <summary>Both sides get a reset, not an orderly end.</summary>
        public void Reset()
        {
            Abort(near);
            if (Far is { } far) Abort(far);
        }

        public void LoseFarSide()
        {
            FarLost = true;
            if (Far is { } far) Abort(far);
        }

        public void Dispose()
        {
            near.Dispose();
            Far?.Dispose();
        }

        private static void Abort(Socket socket)
        {
            try
            {
                socket.LingerState = new LingerOption(enable: true, seconds: 0);
                socket.Dispose();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // Gone already.
            }
        }
    }
}
