using VanBanDienTu.Relay;
using VanBanDienTu.Relay.Incoming;
using VanBanDienTu.Relay.Links;
using VanBanDienTu.Relay.Messages;
using VanBanDienTu.Relay.Payloads;
using VanBanDienTu.Relay.Restored;

namespace VanBanDienTu.UnitTests.Relay.Rig;

/// <summary>A link without a wire: the bytes are copied into the peer's store as the network would bring them. Levers make it misbehave.</summary>
internal sealed class LoopbackLink(string name, TestNode from, Func<RelayNode> peer) : IAxisLink, IPeerMemory
{
    private readonly Lock _gate = new();
    private readonly List<Guid> _sent = [];
    private int _loseAnswers;

    public string Name => name;

    /// <summary>Nobody is there.</summary>
    public bool Unreachable { get; set; }

    /// <summary>The peer takes nothing now.</summary>
    public bool Busy { get; set; }

    /// <summary>The peer cannot be asked what passed: a program of before.</summary>
    public bool Forgetful { get; set; }

    /// <summary>Completes when the link may answer; null = at once.</summary>
    public TaskCompletionSource? Gate { get; set; }

    /// <summary>Answers come back changed by this.</summary>
    public Func<AxisOutcome, AxisOutcome>? Distort { get; set; }

    /// <summary>Runs when the peer has the message and before its answer is known here.</summary>
    public Func<Task>? AfterDelivery { get; set; }

    /// <summary>Message ids of every attempt that reached the peer.</summary>
    public IReadOnlyList<Guid> Sent
    {
        get
        {
            lock (_gate)
                return [.. _sent];
        }
    }

    public int Attempts { get; private set; }

    /// <summary>The next messages arrive, but their answers do not come back.</summary>
    public void LoseTheAnswer(int times) => _loseAnswers = times;

    public async Task<AxisOutcome> SendAsync(OutboundMessage message, CancellationToken ct)
    {
        Attempts++;
        if (Gate is { } gate)
            await gate.Task.WaitAsync(ct);
        if (Unreachable)
            return new AxisOutcome.Unreachable("connection refused");
        if (Busy)
            return new AxisOutcome.Busy("overloaded", TimeSpan.FromSeconds(7));
        lock (_gate)
            _sent.Add(message.Header.Id);
        var outcome = await DeliverAsync(message, ct);
        if (AfterDelivery is { } after)
            await after();
        if (Interlocked.Decrement(ref _loseAnswers) >= 0)
            return new AxisOutcome.Unreachable("the answer was lost");
        return Distort is { } distort ? distort(outcome) : outcome;
    }

    private async Task<AxisOutcome> DeliverAsync(OutboundMessage message, CancellationToken ct)
    {
        try
        {
            var self = PeerOf(from);
            var start = await peer().Accept.BeginAsync(message.Header, message.ImmutableDigest, self, ct);
            if (start.Answer is { } early)
                return Outcome(early);
            var payloads = new List<PayloadRef>();
            foreach (var attachment in message.Header.Attachments)
            {
                await using var bytes = message.Open(attachment);
                payloads.Add(await peer().Payloads.SaveAsync(bytes, ct));
            }

            return Outcome(await start.Intake!.CompleteAsync(payloads, ct));
        }
        catch (RelayException e) when (e.Fault is RelayFault.DiskFull or RelayFault.QuotaExceeded)
        {
            return new AxisOutcome.Busy(e.Message, e.RetryAfter);
        }
        catch (RelayException e)
        {
            return new AxisOutcome.Failed(e.Message);
        }
        catch (ObjectDisposedException)
        {
            return new AxisOutcome.Unreachable("the peer stopped");
        }
    }

    /// <summary>A node as its neighbours see it.</summary>
    public static PeerNode PeerOf(TestNode node) =>
        new(node.Name, node.Organ, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(node.Name))));

    public async Task<ExchangedPage> ListAsync(DateTimeOffset since, string page, CancellationToken ct) =>
        Forgetful ? throw new PeerMemoryException("Unimplemented") : await peer().Exchanged.ListAsync(PeerOf(from), since, page, ct);

    public async Task<MessageHeader?> FetchAsync(Guid message, Func<Attachment, IAsyncEnumerable<ReadOnlyMemory<byte>>, Task> keep, CancellationToken ct)
    {
        if (await peer().Exchanged.FindAsync(PeerOf(from), message, ct) is not { } header)
            return null;
        foreach (var attachment in header.Attachments)
            await keep(attachment, BytesAsync(attachment));
        return header;

        async IAsyncEnumerable<ReadOnlyMemory<byte>> BytesAsync(Attachment attachment)
        {
            await using var bytes = peer().Payloads.Open(attachment.Payload);
            var buffer = new byte[10_000];
            while (await bytes.ReadAsync(buffer, ct) is > 0 and var count)
                yield return buffer.AsMemory(0, count);
        }
    }

    private static AxisOutcome Outcome(AcceptAnswer answer) => answer switch
    {
        AcceptAnswer.Accepted accepted => new AxisOutcome.Accepted(accepted.Receipt),
        AcceptAnswer.Refused refused => new AxisOutcome.Refused(refused.Reason, refused.Receipt),
        AcceptAnswer.Conflict conflict => new AxisOutcome.Conflict(conflict.Evidence),
        _ => throw new InvalidOperationException(),
    };
}
