using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Testing;

namespace VanBanDienTu.IntegrationTests.Rpc;

/// <summary>Sizes of messages, and the moment they arrive.</summary>
public sealed class MessageTests
{
    private const int Limit = 4 * 1024 * 1024;

    private static readonly Behaviour Echo = new()
    {
        Unary = (request, _) => Task.FromResult(new SimpleResponse { Payload = InteropCases.Zeros(request.ResponseSize) }),
        Duplex = async (requests, responses, _) =>
        {
            await foreach (var request in requests.ReadAllAsync())
                await responses.WriteAsync(new StreamingOutputCallResponse { Payload = InteropCases.Zeros(request.Payload.Body.Length) });
        },
    };

    [Fact]
    public async Task Messages_up_to_4_MiB_pass_both_ways()
    {
        await using var link = await Link.StartAsync(Echo);
        var size = Limit - 100;
        var response = await link.Client.UnaryCallAsync(new SimpleRequest { Payload = InteropCases.Zeros(size), ResponseSize = size });
        Assert.Equal(size, response.Payload.Body.Length);
    }

    [Fact]
    public async Task The_server_refuses_a_longer_request()
    {
        await using var link = await Link.StartAsync(Echo);
        var call = link.Client.UnaryCallAsync(new SimpleRequest { Payload = InteropCases.Zeros(Limit + 1) });
        await InteropCases.FailsAsync(StatusCode.ResourceExhausted, call.ResponseAsync);
    }

    [Fact]
    public async Task The_client_refuses_a_longer_response()
    {
        await using var link = await Link.StartAsync(Echo);
        var call = link.Client.UnaryCallAsync(new SimpleRequest { ResponseSize = Limit + 1 });
        await InteropCases.FailsAsync(StatusCode.ResourceExhausted, call.ResponseAsync);
    }

    [Fact]
    public async Task The_senders_own_limits_hold_too()
    {
        await using var link = await Link.StartAsync(
            Echo, grpc => grpc.MaxSendMessageSize = 1000, channel: new GrpcChannelOptions { MaxSendMessageSize = 2000 });
        await InteropCases.FailsAsync(
            StatusCode.ResourceExhausted, link.Client.UnaryCallAsync(new SimpleRequest { Payload = InteropCases.Zeros(2001) }).ResponseAsync);
        await InteropCases.FailsAsync(
            StatusCode.ResourceExhausted, link.Client.UnaryCallAsync(new SimpleRequest { ResponseSize = 1001 }).ResponseAsync);
    }

    [Fact]
    public async Task A_small_message_cannot_inflate_past_the_limit()
    {
        await using var link = await Link.StartAsync(Echo, grpc => grpc.MaxReceiveMessageSize = 100_000);
        var call = link.Client.UnaryCallAsync(
            new SimpleRequest { Payload = InteropCases.Zeros(1_000_000) }, new Metadata { { "grpc-internal-encoding-request", "gzip" } });
        await InteropCases.FailsAsync(StatusCode.ResourceExhausted, call.ResponseAsync);
    }

    [Fact]
    public async Task Each_message_of_a_duplex_call_arrives_at_once()
    {
        await using var link = await Link.StartAsync(Echo);
        using var call = link.Client.FullDuplexCall();
        for (var size = 1; size <= 100_000; size *= 10)
        {
            await call.RequestStream.WriteAsync(new StreamingOutputCallRequest { Payload = InteropCases.Zeros(size) });
            Assert.True(await call.ResponseStream.MoveNext().WaitAsync(TimeSpan.FromMinutes(1)));
            Assert.Equal(size, call.ResponseStream.Current.Payload.Body.Length);
        }
    }

    [Fact]
    public async Task A_duplex_call_begins_before_its_first_message()
    {
        await using var link = await Link.StartAsync(new Behaviour
        {
            Duplex = async (requests, responses, _) =>
            {
                await responses.WriteAsync(new StreamingOutputCallResponse());
                await requests.MoveNext();
            },
        });
        using var call = link.Client.FullDuplexCall();
        Assert.True(await call.ResponseStream.MoveNext().WaitAsync(TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public async Task A_server_may_end_a_call_before_the_client_has_sent_all()
    {
        await using var link = await Link.StartAsync(new Behaviour
        {
            Input = async (requests, _) =>
            {
                await requests.MoveNext();
                throw new RpcException(new Status(StatusCode.AlreadyExists, "enough"));
            },
        });
        using var call = link.Client.StreamingInputCall();
        var e = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            for (var i = 0; i < 200; i++)
                await call.RequestStream.WriteAsync(new StreamingInputCallRequest { Payload = InteropCases.Zeros(100_000) });
        });
        Assert.Equal(StatusCode.AlreadyExists, e.StatusCode);
        await InteropCases.FailsAsync(StatusCode.AlreadyExists, call.ResponseAsync);
    }
}
