using Grpc.Core;
using Grpc.Testing;
using VanBanDienTu.TestKit;

namespace VanBanDienTu.IntegrationTests.Rpc;

/// <summary>A side that does not read holds the other side's writer back, so that memory stays bounded.</summary>
public sealed class FlowControlTests
{
    private const int MessageSize = 256 * 1024;
    private const int MostUnread = 16 * 1024 * 1024;

    [Fact]
    public async Task A_client_that_does_not_read_stops_the_server_within_16_MiB()
    {
        long written = 0;
        await using var link = await Link.StartAsync(new Behaviour
        {
            Output = async (responses, context) =>
            {
                while (Interlocked.Read(ref written) < 4L * MostUnread)
                {
                    await responses.WriteAsync(new StreamingOutputCallResponse { Payload = InteropCases.Zeros(MessageSize) });
                    Interlocked.Add(ref written, MessageSize);
                }
            },
        });
        using var call = link.Client.StreamingOutputCall(new StreamingOutputCallRequest());
        Assert.True(await call.ResponseStream.MoveNext());

        var stoppedAt = await RestOfAsync(() => Interlocked.Read(ref written));
        Assert.InRange(stoppedAt, 1, MostUnread);
        await ReadOnAsync(call.ResponseStream);
        for (var patience = new Patience(); Interlocked.Read(ref written) <= stoppedAt; await Task.Delay(20))
            Assert.True(patience.Lasts, "reading on must let the writer go on");
    }

    [Fact]
    public async Task A_server_that_does_not_read_stops_the_client_within_16_MiB()
    {
        using var mayRead = new SemaphoreSlim(0);
        await using var link = await Link.StartAsync(new Behaviour
        {
            Input = async (requests, context) =>
            {
                await mayRead.WaitAsync(context.CancellationToken);
                var size = 0;
                await foreach (var request in requests.ReadAllAsync(context.CancellationToken))
                    size += request.Payload.Body.Length;
                return new StreamingInputCallResponse { AggregatedPayloadSize = size };
            },
        });
        using var call = link.Client.StreamingInputCall();
        long written = 0;
        var writer = Task.Run(async () =>
        {
            while (Interlocked.Read(ref written) < 2L * MostUnread)
            {
                await call.RequestStream.WriteAsync(new StreamingInputCallRequest { Payload = InteropCases.Zeros(MessageSize) });
                Interlocked.Add(ref written, MessageSize);
            }

            await call.RequestStream.CompleteAsync();
        });

        Assert.InRange(await RestOfAsync(() => Interlocked.Read(ref written)), 1, MostUnread);
        Assert.False(writer.IsCompleted);
        mayRead.Release();
        await writer;
        Assert.Equal(2 * MostUnread, (await call).AggregatedPayloadSize);
    }

    /// <summary>The number once it has begun, however long the connection took, and has not moved for half a second.</summary>
    private static async Task<long> RestOfAsync(Func<long> number)
    {
        for (var patience = new Patience(); patience.Lasts && number() == 0;)
            await Task.Delay(20);
        var before = -1L;
        for (var now = number(); now != before; now = number())
        {
            before = now;
            await Task.Delay(500);
        }

        return before;
    }

    private static async Task ReadOnAsync(IAsyncStreamReader<StreamingOutputCallResponse> stream)
    {
        for (var i = 0; i < 60; i++)
            Assert.True(await stream.MoveNext());
    }
}
