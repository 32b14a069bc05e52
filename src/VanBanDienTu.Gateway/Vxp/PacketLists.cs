using VanBanDienTu.Axis.Vxp;
using VanBanDienTu.Relay;
using VanBanDienTu.Relay.Incoming;
using VanBanDienTu.Relay.Messages;
using VanBanDienTu.Relay.Outgoing;

namespace VanBanDienTu.Gateway.Vxp;

/// <summary>What waits for a system's units, what they sent, and their acknowledgements.</summary>
internal sealed class PacketLists(RelayNode relay)
{
    /// <summary>The protocol has no pages: a list is its oldest (waiting) or newest (sent) items.</summary>
    private const int Most = 1_000;

    public async Task ReceivedAsync(VxpCall call)
    {
        var type = call.MessageType();
        var waiting = await relay.Mailbox.WaitingAsync(call.Organs, Kind(type), Most, call.Aborted);
        await ListAsync(call, waiting.Select(w => new VxpReceived(
            w.Id.ToString("D"), type, w.From, w.Organ, (VxpAcknowledgement)(int)w.State, null, w.Received, w.Received)), VxpJson.Write);
    }

    public async Task SentAsync(VxpCall call)
    {
        var sent = await relay.Sent.ListAsync(call.Organs, Kind(call.MessageType()), Most, call.Aborted);
        await ListAsync(call, sent.Select(ToVxp), VxpJson.Write);
    }

    public async Task CountAsync(VxpCall call, VxpMessageType type)
    {
        var count = await relay.Mailbox.CountAsync(call.Organs, Kind(type), call.Aborted);
        await call.AnswerAsync(VxpJson.Ok(("count", count.ToString(System.Globalization.CultureInfo.InvariantCulture))));
    }

    public async Task UpdateStatusAsync(VxpCall call)
    {
        if (!VxpWords.TryParse(call.Required(VxpNames.Status), out VxpAcknowledgement acknowledgement))
            throw new VxpRefusal(VxpCode.FileInvalid, "status phải là processing, done hoặc fail.", "status must be processing, done or fail.");
        await relay.Mailbox.AcknowledgeAsync(call.Organs, call.DocId(), (PacketState)(int)acknowledgement, call.Aborted);
        await call.AnswerAsync(VxpJson.Ok());
    }

    private static MessageKind Kind(VxpMessageType type) => type == VxpMessageType.Status ? MessageKind.Status : MessageKind.Document;

    private static async Task ListAsync<T>(VxpCall call, IEnumerable<T> items, Action<System.Text.Json.Utf8JsonWriter, T> write)
    {
        call.Http.Response.ContentType = "application/json; charset=utf-8";
        await VxpJson.WriteListAsync(call.Http.Response.Body, items.ToAsyncEnumerable(), write, call.Aborted);
    }

    private static VxpSent ToVxp(SentPacket sent)
    {
        var arrived = sent.State is not (DeliveryState.Queued or DeliveryState.Relayed or DeliveryState.Failed);
        var send = sent.State switch
        {
            DeliveryState.Queued => VxpAcknowledgement.Processing,
            DeliveryState.Failed => VxpAcknowledgement.Fail,
            _ => VxpAcknowledgement.Done,
        };
        return new VxpSent(
            sent.Packet.ToString("D"), sent.Delivery.ToString("D"), sent.From, sent.To, sent.Subject, sent.Code, sent.Sent,
            arrived ? sent.Changed : null, send.Word(), sent.Reason, (arrived ? VxpAcknowledgement.Done : VxpAcknowledgement.Initial).Word(), sent.State.ToString());
    }
}
