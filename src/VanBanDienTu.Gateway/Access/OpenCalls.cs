using System.Collections.Concurrent;
using Grpc.Core;

namespace VanBanDienTu.Gateway.Access;

/// <summary>The calls that run now. When the directory or the trust changes each is judged again, and ends if it may no longer be.</summary>
internal sealed class OpenCalls
{
    private readonly ConcurrentDictionary<OpenCall, byte> calls = new();
    private readonly NodeState state;
    private readonly CallerJudge judge;
    private volatile bool stopping;

    public OpenCalls(NodeState state, CallerJudge judge)
    {
        this.state = state;
        this.judge = judge;
        state.OnChange(JudgeAgain);
    }

    public OpenCall Enter(string method, PresentedCertificate? presented, CancellationToken outer)
    {
        var call = new OpenCall(this, method, presented, outer);
        calls[call] = 0;
        if (stopping)
            EndIfWatch(call); // it came after the others were ended
        return call;
    }

    /// <summary>Also rung by <see cref="CallerWatch"/>.</summary>
    public void JudgeAgain()
    {
        foreach (var call in calls.Keys)
            if (!AccessRules.IsOpen(call.Method) && Refusal(call.Method, call.Presented) is { } refusal)
                call.End(refusal);
    }

    /// <summary>A stopping node ends the streams that would stay open for ever; everything else may finish.</summary>
    public void EndWatches()
    {
        stopping = true;
        foreach (var call in calls.Keys)
            EndIfWatch(call);
    }

    private static void EndIfWatch(OpenCall call)
    {
        if (call.Method.EndsWith("/Watch", StringComparison.Ordinal))
            call.End(new RequestException(StatusCode.Unavailable, "NODE_STOPPING",
                "Nút đang dừng; hãy kết nối lại sau.", "The node is stopping; connect again later."));
    }

    private RequestException? Refusal(string method, PresentedCertificate? presented) => judge.Judge(presented) switch
    {
        Judgement.Refused refused => refused.Refusal,
        Judgement.Known known => AccessRules.Refusal(method, known.Caller, state.Directory),
        _ => throw new InvalidOperationException("A judgement is known or refused."),
    };

    internal void Leave(OpenCall call) => calls.TryRemove(call, out _);
}

/// <summary>One running call of a judged caller.</summary>
internal sealed class OpenCall(OpenCalls owner, string method, PresentedCertificate? presented, CancellationToken outer) : IDisposable
{
    private readonly CancellationTokenSource ending = CancellationTokenSource.CreateLinkedTokenSource(outer);

    public string Method { get; } = method;

    public PresentedCertificate? Presented { get; } = presented;

    public CancellationToken Token => ending.Token;

    /// <summary>Why the node ended the call itself; null while it has not.</summary>
    public RequestException? Refusal { get; private set; }

    public void End(RequestException refusal)
    {
        Refusal = refusal;
        try
        {
            ending.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The call finished in this moment.
        }
    }

    public void Dispose()
    {
        owner.Leave(this);
        ending.Dispose();
    }
}
