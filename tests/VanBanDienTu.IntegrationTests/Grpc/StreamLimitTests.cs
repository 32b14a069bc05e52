using Grpc.Core;
using Grpc.Testing;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace VanBanDienTu.IntegrationTests.Rpc;

/// <summary>Kestrel's limits that would end long or idle streams.</summary>
public sealed class StreamLimitTests
{
    private static readonly Behaviour CountBytes = new()
    {
        Unary = (request, _) => Task.FromResult(new SimpleResponse { Payload = InteropCases.Zeros(request.Payload.Body.Length) }),
        Input = async (requests, context) =>
        {
            var size = 0;
            await foreach (var request in requests.ReadAllAsync(context.CancellationToken))
                size += request.Payload.Body.Length;
            return new StreamingInputCallResponse { AggregatedPayloadSize = size };
        },
    };

    [Fact]
    public async Task An_idle_client_stream_outlives_the_minimum_data_rate()
    {
        // As by default, where the grace is 5 s and the reset comes after about 15; shorter, so that the test is.
        await using var link = await Link.StartAsync(
            CountBytes, kestrel: options => options.Limits.MinRequestBodyDataRate = new MinDataRate(10_000, TimeSpan.FromSeconds(1.5)));
        using var call = link.Client.StreamingInputCall();
        await call.RequestStream.WriteAsync(new StreamingInputCallRequest { Payload = InteropCases.Zeros(10) });
        await Task.Delay(TimeSpan.FromSeconds(5));
        await call.RequestStream.WriteAsync(new StreamingInputCallRequest { Payload = InteropCases.Zeros(5) });
        await call.RequestStream.CompleteAsync();
        Assert.Equal(15, (await call).AggregatedPayloadSize);
    }

    [Fact]
    public async Task A_reader_that_pauses_keeps_its_stream()
    {
        await using var link = await Link.StartAsync(
            new Behaviour
            {
                Output = async (responses, _) =>
                {
                    for (var i = 0; i < 40; i++)
                        await responses.WriteAsync(new StreamingOutputCallResponse { Payload = InteropCases.Zeros(256 * 1024) });
                },
            },
            kestrel: options => options.Limits.MinResponseDataRate = new MinDataRate(10_000, TimeSpan.FromSeconds(1.5)));
        using var call = link.Client.StreamingOutputCall(new StreamingOutputCallRequest());
        Assert.True(await call.ResponseStream.MoveNext());
        await Task.Delay(TimeSpan.FromSeconds(5));
        var count = 1;
        while (await call.ResponseStream.MoveNext())
            count++;
        Assert.Equal(40, count);
    }

    [Fact]
    public async Task A_stream_of_40_MB_is_not_a_body_too_large()
    {
        await using var link = await Link.StartAsync(CountBytes);
        using var call = link.Client.StreamingInputCall();
        for (var i = 0; i < 40; i++)
            await call.RequestStream.WriteAsync(new StreamingInputCallRequest { Payload = InteropCases.Zeros(1_000_000) });
        await call.RequestStream.CompleteAsync();
        Assert.Equal(40_000_000, (await call).AggregatedPayloadSize);
    }

    [Fact]
    public async Task The_limits_stay_for_unary_calls()
    {
        await using var link = await Link.StartAsync(CountBytes, grpc => grpc.MaxReceiveMessageSize = null, kestrel => kestrel.Limits.MaxRequestBodySize = 100_000);
        var request = new SimpleRequest { Payload = InteropCases.Zeros(200_000) };
        await InteropCases.FailsAsync(StatusCode.ResourceExhausted, link.Client.UnaryCallAsync(request).ResponseAsync);
    }

    [Fact]
    public async Task More_than_100_streams_at_once_all_begin()
    {
        var begun = 0;
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var link = await Link.StartAsync(new Behaviour
        {
            Unary = async (_, context) =>
            {
                if (Interlocked.Increment(ref begun) == 250)
                    all.SetResult();
                await all.Task.WaitAsync(context.CancellationToken);
                return new SimpleResponse();
            },
        });
        var calls = Enumerable.Range(0, 250)
            .Select(_ => link.Client.UnaryCallAsync(new SimpleRequest(), deadline: DateTime.UtcNow.AddMinutes(5)).ResponseAsync);
        await Task.WhenAll(calls);
        Assert.Equal(250, begun);
    }
}
