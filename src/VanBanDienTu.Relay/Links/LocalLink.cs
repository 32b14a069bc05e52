using VanBanDienTu.Relay.Incoming;

namespace VanBanDienTu.Relay.Links;

/// <summary>The way to an organ of this very node: the same intake, the same receipts, no wire.</summary>
internal sealed class LocalLink(Ground ground, AcceptMessage accept) : IAxisLink
{
    public string Name => Ground.LocalLink;

    public async Task<AxisOutcome> SendAsync(OutboundMessage message, CancellationToken ct)
    {
        var self = new PeerNode(ground.Options.Node, ground.Options.Organ, null);
        try
        {
            var start = await accept.BeginAsync(message.Header, message.ImmutableDigest, self, ct);
            var answer = start.Answer ?? await start.Intake!.CompleteAsync([.. message.Header.Attachments.Select(a => a.Payload)], ct);
            return answer switch
            {
                AcceptAnswer.Accepted accepted => new AxisOutcome.Accepted(accepted.Receipt, ground.Now),
                AcceptAnswer.Refused refused => new AxisOutcome.Refused(refused.Reason, refused.Receipt),
                AcceptAnswer.Conflict conflict => new AxisOutcome.Conflict(conflict.Evidence),
                _ => new AxisOutcome.Failed("no answer"),
            };
        }
        catch (RelayException busy) when (busy.Fault is RelayFault.DiskFull or RelayFault.Busy or RelayFault.QuotaExceeded)
        {
            return new AxisOutcome.Busy(busy.Message, busy.RetryAfter);
        }
        catch (RelayException refused)
        {
            return new AxisOutcome.Failed(refused.Message);
        }
    }
}
