using System.Security.Cryptography;
using Grpc.Core;
using VanBanDienTu.Contracts.V1;
using VanBanDienTu.Gateway.Config;
using VanBanDienTu.Relay.Payloads;
using VanBanDienTu.TestKit;

namespace VanBanDienTu.IntegrationTests.Gateway;

/// <summary>Streams that are cut off, and what the next one may begin with.</summary>
public sealed class ResumeTests(TestNetwork network) : IClassFixture<TestNetwork>, IAsyncLifetime
{
    private const int Cut = 2 << 20;
    private readonly byte[] annex = RandomNumberGenerator.GetBytes((3 << 20) + 777);
    private string address = null!;
    private UnitClient sender = null!;
    private byte[] pdf = null!;

    public async ValueTask InitializeAsync()
    {
        address = (await network.StartAsync(network.Government("resume-" + Guid.NewGuid()))).Address;
        sender = new UnitClient(network.Channel(address, "system-H99"));
        pdf = await File.ReadAllBytesAsync(Samples.CongVan);
    }

    public ValueTask DisposeAsync()
    {
        sender.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_submission_goes_on_where_its_stream_was_cut_off_and_nobody_else_finds_it()
    {
        var header = Header("cut-1");
        await CutOffAsync(header);
        Assert.Equal((long[])[0, Cut], await HeldAsync(sender, header));
        using var other = new UnitClient(network.Channel(address, "system-G22"));
        Assert.Equal((long[])[0, 0], await HeldAsync(other, header));
        Assert.Equal((long[])[0, 0], await HeldAsync(sender, Header("cut-2")));

        var submitted = await sender.SubmitAsync(header, [.. UnitClient.Chunks(0, pdf), .. From(Cut)]);
        Assert.Equal("Queued", (await sender.PreparedAsync(submitted.DocumentId)).State);
        using var recipient = new UnitClient(network.Channel(address, "system-G22"));
        var arrived = await recipient.ArrivedAsync(submitted.EdxmlDocumentId);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(annex)), arrived.Attachments[1].Sha256);
        Assert.Equal(annex[Cut..], await FetchAsync(recipient, arrived, arrived.Attachments[0].Size, Cut));
    }

    [Fact]
    public async Task A_sender_that_knows_nothing_of_it_begins_again_as_before()
    {
        var header = Header("old-1");
        await CutOffAsync(header);
        var submitted = await sender.SubmitAsync(header, [.. UnitClient.Chunks(0, pdf), .. UnitClient.Chunks(1, annex)]);
        Assert.Equal("Queued", (await sender.PreparedAsync(submitted.DocumentId)).State);
    }

    [Fact]
    public async Task What_was_answered_before_is_answered_from_the_header_alone()
    {
        var header = Header("again-1");
        var first = await sender.SubmitAsync(header, [.. UnitClient.Chunks(0, pdf), .. UnitClient.Chunks(1, annex)]);
        using var again = sender.Outgoing.Submit(deadline: DateTime.UtcNow.AddMinutes(5));
        await again.RequestStream.WriteAsync(new SubmitRequest { Header = header }); // and not one byte more
        Assert.Equal(first, await again.ResponseAsync);
    }

    [Fact]
    public async Task A_damaged_chunk_and_an_unknown_offset_are_named_and_cost_nothing_that_came_before()
    {
        var header = Header("bad-1");
        await CutOffAsync(header);
        var damaged = From(Cut).First();
        damaged.Crc32C ^= 1;
        await RefusedAsync(header, damaged, StatusCode.InvalidArgument, "CHUNK_DAMAGED");
        await RefusedAsync(header, From(Cut + (256 << 10)).First(), StatusCode.OutOfRange, "OFFSET_UNKNOWN");
        await RefusedAsync(header, new Chunk { Attachment = 0, Offset = 5, Data = From(Cut).First().Data }, StatusCode.InvalidArgument, "CHUNK_ORDER"); // too small to be resumed
        Assert.Equal((long[])[0, Cut], await HeldAsync(sender, header));
    }

    [Fact]
    public async Task A_message_between_nodes_goes_on_and_belongs_to_its_neighbour()
    {
        using var channel = network.Channel(address, "node-ministry");
        var client = new AxisLinkService.AxisLinkServiceClient(channel);
        var message = LinkTests.Message(annex, "H99");
        using (var cut = client.Deliver())
        {
            await cut.RequestStream.WriteAsync(new DeliverRequest { Header = message });
            foreach (var chunk in UnitClient.Chunks(0, annex[..Cut]))
                await cut.RequestStream.WriteAsync(new DeliverRequest { Chunk = chunk });
            await UntilAsync(async () => (await client.GetUploadAsync(Question(message.MessageId, message.Attachments))).Offsets[0] == Cut);
        }

        Assert.Equal((long[])[0], await HeldAsync(sender, Question(message.MessageId, message.Attachments)));
        using var call = client.Deliver();
        await call.RequestStream.WriteAsync(new DeliverRequest { Header = message });
        foreach (var chunk in From(Cut))
        {
            chunk.Attachment = 0;
            await call.RequestStream.WriteAsync(new DeliverRequest { Chunk = chunk });
        }

        await call.RequestStream.CompleteAsync();
        Assert.True((await call.ResponseAsync).Accepted);
    }

    [Fact]
    public async Task A_node_that_does_not_know_a_call_says_so_and_not_that_one_may_not()
    {
        using var channel = network.Channel(address, "node-ministry");
        var unknown = new Method<HelloRequest, HelloResponse>(
            MethodType.Unary, "vanbandientu.v1.AxisLinkService", "CallOfTomorrow", Marshaller<HelloRequest>(HelloRequest.Parser), Marshaller<HelloResponse>(HelloResponse.Parser));
        var error = await Assert.ThrowsAsync<RpcException>(
            () => channel.CreateCallInvoker().AsyncUnaryCall(unknown, null, new CallOptions(), new HelloRequest()).ResponseAsync);
        Assert.Equal(StatusCode.Unimplemented, error.StatusCode);

        static Marshaller<T> Marshaller<T>(Google.Protobuf.MessageParser<T> parser)
            where T : Google.Protobuf.IMessage<T> => Marshallers.Create(m => Google.Protobuf.MessageExtensions.ToByteArray(m), parser.ParseFrom);
    }

    private SubmitHeader Header(string request)
    {
        var header = UnitClient.Slip(request, "G22");
        header.Attachments[0].Size = pdf.Length;
        header.Attachments[0].Sha256 = Convert.ToHexStringLower(SHA256.HashData(pdf));
        header.Attachments.Add(new Attachment { Name = "phu-luc.bin", Size = annex.Length, Sha256 = Convert.ToHexStringLower(SHA256.HashData(annex)) });
        return header;
    }

    /// <summary>Sends the PDF and the begin of the annex, and goes away.</summary>
    private async Task CutOffAsync(SubmitHeader header)
    {
        using var call = sender.Outgoing.Submit();
        await call.RequestStream.WriteAsync(new SubmitRequest { Header = header });
        foreach (var chunk in UnitClient.Chunks(0, pdf).Concat(UnitClient.Chunks(1, annex[..Cut])))
            await call.RequestStream.WriteAsync(new SubmitRequest { Chunk = chunk });
        await UntilAsync(async () => (await HeldAsync(sender, header))[1] == Cut);
    }

    private async Task RefusedAsync(SubmitHeader header, Chunk chunk, StatusCode code, string reason) => CallerTests.AssertError(
        await Assert.ThrowsAsync<RpcException>(() => sender.SubmitAsync(header, chunk.Attachment == 0 ? [chunk] : [.. UnitClient.Chunks(0, pdf), chunk])), code, reason);

    private IEnumerable<Chunk> From(int offset)
    {
        foreach (var chunk in UnitClient.Chunks(1, annex[offset..]))
        {
            (chunk.Offset, chunk.Crc32C) = (offset, Crc32C.Of(chunk.Data.Span));
            offset += chunk.Data.Length;
            yield return chunk;
        }
    }

    private static async Task<byte[]> FetchAsync(UnitClient recipient, IncomingDocument arrived, params long[] offsets)
    {
        using var call = recipient.Incoming.Fetch(new FetchRequest { IncomingId = arrived.IncomingId, Offsets = { offsets } });
        using var bytes = new MemoryStream();
        await foreach (var part in call.ResponseStream.ReadAllAsync())
            if (part.Chunk is { } chunk)
            {
                Assert.Equal(offsets[1] + bytes.Length, chunk.Offset);
                Assert.Equal(Crc32C.Of(chunk.Data.Span), chunk.Crc32C);
                bytes.Write(chunk.Data.Span);
            }

        return bytes.ToArray();
    }

    private static Task<long[]> HeldAsync(UnitClient client, SubmitHeader header) => HeldAsync(client, Question(header.RequestId, header.Attachments));

    private static async Task<long[]> HeldAsync(UnitClient client, GetUploadRequest question) => [.. (await client.Outgoing.GetUploadAsync(question)).Offsets];

    private static GetUploadRequest Question(string id, IEnumerable<Attachment> attachments) => new() { Id = id, Attachments = { attachments } };

    private static async Task UntilAsync(Func<Task<bool>> so)
    {
        for (var patience = new Patience(); patience.Lasts && !await so();)
            await Task.Delay(20);
        Assert.True(await so());
    }
}
