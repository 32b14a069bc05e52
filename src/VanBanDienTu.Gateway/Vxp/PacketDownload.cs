using System.Buffers.Text;
using System.Text;
using VanBanDienTu.Axis.Vxp;
using VanBanDienTu.Gateway.Config;
using VanBanDienTu.Relay;

namespace VanBanDienTu.Gateway.Vxp;

/// <summary>getEdoc and downloadEdoc: a packet is put together in a file and streams out of it.</summary>
internal sealed class PacketDownload(RelayNode relay, NodeConfig config)
{
    // A multiple of three: base64 needs no padding before its end.
    private const int ChunkBytes = 96 * 1024;

    /// <summary>JSON whose data is the packet in base64.</summary>
    public Task GetAsync(VxpCall call) => WithPacketAsync(call, async packet =>
    {
        var empty = Encoding.UTF8.GetString(VxpJson.Ok(("data", "")));
        var split = empty.LastIndexOf("\"\"", StringComparison.Ordinal) + 1;
        var response = call.Http.Response;
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = empty.Length + ((packet.Length + 2) / 3 * 4);
        await response.Body.WriteAsync(Encoding.UTF8.GetBytes(empty[..split]), call.Aborted);
        var (bytes, text) = (new byte[ChunkBytes], new byte[Base64.GetMaxEncodedToUtf8Length(ChunkBytes)]);
        while (await packet.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, call.Aborted) is > 0 and var count)
        {
            Base64.EncodeToUtf8(bytes.AsSpan(0, count), text, out _, out var written);
            await response.Body.WriteAsync(text.AsMemory(0, written), call.Aborted);
        }

        await response.Body.WriteAsync(Encoding.UTF8.GetBytes(empty[split..]), call.Aborted);
    });

    /// <summary>The file itself.</summary>
    public Task DownloadAsync(VxpCall call) => WithPacketAsync(call, async packet =>
    {
        call.Http.Response.ContentType = "application/octet-stream";
        call.Http.Response.ContentLength = packet.Length;
        await packet.CopyToAsync(call.Http.Response.Body, call.Aborted);
    });

    private async Task WithPacketAsync(VxpCall call, Func<Stream, Task> send)
    {
        var parts = await relay.Mailbox.OpenAsync(call.Organs, call.DocId(), call.Aborted);
        using var spool = new PacketSpool(config);
        await parts.PackAsync(relay.Payloads, spool.Packet, call.Aborted);
        await using var packet = PacketSpool.Open(spool.Packet);
        await send(packet);
    }
}
