using VanBanDienTu.Axis;
using VanBanDienTu.Axis.Documents;
using VanBanDienTu.Axis.Edxml;
using VanBanDienTu.Axis.Vxp;
using VanBanDienTu.Gateway.Config;
using VanBanDienTu.Gateway.Vxp;
using VanBanDienTu.Relay.Incoming;
using VanBanDienTu.Relay.Links;
using VanBanDienTu.Relay.Messages;

namespace VanBanDienTu.Gateway.Links;

/// <summary>
/// The way to the national axis (trục liên thông văn bản quốc gia): whole packets over VXP. The axis signs no receipts, and nobody knows whether
/// it drops a packet that it has: after a lost answer its own list is asked before anything is sent again.
/// </summary>
internal sealed class VxpLink(LinkConfig config, VxpClient client, NodeConfig node) : IAxisLink, IDisposable
{
    // Clocks differ, and the list has whole seconds.
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(10);

    public string Name => config.Name;

    public LinkConfig Config => config;

    public VxpClient Client => client;

    /// <inheritdoc/>
    public async Task<AxisOutcome> SendAsync(OutboundMessage message, CancellationToken ct)
    {
        if (message.Header.Kind == MessageKind.Failure)
            return new AxisOutcome.Refused(NotCarried, null);
        try
        {
            return await SentBeforeAsync(message, ct) ?? await SendPacketAsync(message, ct);
        }
        catch (Exception e) when (!ct.IsCancellationRequested
            && e is HttpRequestException or TimeoutException or IOException or AxisException { Fault: AxisFault.PeerUnreadable or AxisFault.LimitExceeded })
        {
            return new AxisOutcome.Unreachable(e.Message);
        }
    }

    public void Dispose() => client.Dispose();

    private async Task<AxisOutcome> SendPacketAsync(OutboundMessage message, CancellationToken ct)
    {
        var header = message.Header;
        using var spool = new PacketSpool(node);
        await new PacketParts(header.Kind, header.Envelope, header.Hops, header.Attachments).PackAsync(message.Payloads, spool.Packet, ct);
        await using var packet = PacketSpool.Open(spool.Packet);
        // One delivery, one packet, one recipient: each has its own acknowledgement and its own retry.
        var reply = await client.SendAsync(
            header.From.Organ, header.Kind == MessageKind.Status ? VxpMessageType.Status : VxpMessageType.Document, packet, [header.To.Organ], ct);
        return reply.Error is { } error ? Outcome(error) : new AxisOutcome.Accepted(null, reply.PeerTime, reply.Value);
    }

    /// <summary>What an earlier attempt left there, when its answer did not reach us; null = nothing, send.</summary>
    /// <remarks>A status sent twice does no harm (receivers know it by document, organ, code and time), and its row in the list tells too little.</remarks>
    private async Task<AxisOutcome?> SentBeforeAsync(OutboundMessage message, CancellationToken ct)
    {
        if (message.Attempt == 1 || message.Header.Kind != MessageKind.Document)
            return null;
        var reply = await client.ListSentAsync(VxpMessageType.Document, ct);
        if (reply.Error is { } error)
            return Outcome(error); // without the list we do not know: wait
        var code = EdxmlReader.ReadEnvelope(message.Header.Envelope).RequireDocument().Code.ToString();
        foreach (var row in reply.Value!.Where(row => IsSame(row, message.Header, code)))
        {
            if (!await message.IsOthersAsync(row.SenderDocId, ct))
                return new AxisOutcome.Accepted(null, reply.PeerTime, row.SenderDocId);
        }

        return null;
    }

    private static bool IsSame(VxpSent row, MessageHeader message, string code) =>
        row.FromCode == message.From.Organ && row.ToCode == message.To.Organ
        && !(VxpWords.TryParse(row.SendStatus, out VxpAcknowledgement sent) && sent == VxpAcknowledgement.Fail)
        && !(row.Sent < message.Created - Slack)
        && (row.Notation == code
            || (DocumentNotation.TryParse(row.Notation, out var there) && DocumentNotation.TryParse(code, out var ours) && there.IsSameAs(ours)));

    private static AxisOutcome Outcome(VxpError error) => error switch
    {
        { IsTemporary: true } => new AxisOutcome.Busy(Sentence(error), null),
        // A wrong secret of ours is put right within days, and the documents are still here.
        { IsOurAccess: true } => new AxisOutcome.Unreachable(Sentence(error)),
        _ => new AxisOutcome.Refused(
            new Reason($"AXIS_{(int)error.Code}", $"Trục từ chối ({(int)error.Code}): {error.Description}", $"The axis refuses ({(int)error.Code}): {error.Description}"), null),
    };

    private static string Sentence(VxpError error) => $"VXP {(int)error.Code}: {error.Description}";

    private static Reason NotCarried { get; } = new(
        "FAILURE_NOT_CARRIED", "Trục quốc gia không chuyển được báo lỗi giữa các nút: nơi gửi không biết gói tin đã hỏng.",
        "The national axis carries no failures between nodes: the sender does not learn of this one.");
}
