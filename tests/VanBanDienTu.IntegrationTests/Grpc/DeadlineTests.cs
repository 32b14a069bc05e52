using System.Diagnostics;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Testing;

namespace VanBanDienTu.IntegrationTests.Rpc;

/// <summary>Deadlines and cancellation, as each side sees them.</summary>
public sealed class DeadlineTests
{
    [Fact]
    public async Task The_server_sees_the_clients_deadline()
    {
        var seen = DateTime.MinValue;
        await using var link = await Link.StartAsync(new Behaviour
        {
            Unary = (_, context) =>
            {
                seen = context.Deadline;
                return Task.FromResult(new SimpleResponse());
            },
        });
        var asked = DateTime.UtcNow.AddHours(3);
        await link.Client.UnaryCallAsync(new SimpleRequest(), deadline: asked);
        Assert.InRange(seen, asked - TimeSpan.FromMinutes(1), asked + TimeSpan.FromMinutes(5)); // the way there takes its time
    }

    [Fact]
    public async Task Without_a_deadline_the_server_sees_none()
    {
        var seen = DateTime.MinValue;
        await using var link = await Link.StartAsync(new Behaviour
        {
            Unary = (_, context) =>
            {
                seen = context.Deadline;
                return Task.FromResult(new SimpleResponse());
            },
        });
        await link.Client.UnaryCallAsync(new SimpleRequest());
        Assert.Equal(DateTime.MaxValue, seen);
    }

    [Fact]
    public async Task A_passed_deadline_cancels_the_handler_and_the_call()
    {
        var begun = false;
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var link = await Link.StartAsync(new Behaviour
        {
            Unary = async (_, context) =>
            {
                using var registration = context.CancellationToken.Register(() => cancelled.TrySetResult());
                Volatile.Write(ref begun, true);
                await Task.Delay(Timeout.Infinite, context.CancellationToken);
                return new SimpleResponse();
            },
        });
        for (var after = TimeSpan.FromMilliseconds(300); !Volatile.Read(ref begun); after *= 4) // on a busy machine it may pass before the call is there
        {
            var call = link.Client.UnaryCallAsync(new SimpleRequest(), deadline: DateTime.UtcNow + after);
            await InteropCases.FailsAsync(StatusCode.DeadlineExceeded, call.ResponseAsync);
        }

        await cancelled.Task.WaitAsync(TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task The_server_answers_at_the_deadline_even_when_the_handler_does_not_look_up()
    {
        using var end = new SemaphoreSlim(0);
        await using var link = await Link.StartAsync(new Behaviour
        {
            Unary = async (_, _) =>
            {
                await end.WaitAsync();
                return new SimpleResponse();
            },
        });
        // A client without a deadline of its own: the header is set by hand, so only the server can end the call.
        using var http = new HttpClient { DefaultRequestVersion = new Version(2, 0), DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(link.Address, "/grpc.testing.TestService/UnaryCall"))
        {
            Version = new Version(2, 0),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(new byte[5]),
        };
        request.Content.Headers.ContentType = new("application/grpc");
        request.Headers.Add("grpc-timeout", "300m");
        var watch = Stopwatch.StartNew();
        using var response = await http.SendAsync(request);
        Assert.Equal("4", response.Headers.GetValues("grpc-status").Single());
        Assert.InRange(watch.Elapsed, TimeSpan.FromMilliseconds(250), TimeSpan.FromMinutes(1));
        end.Release();
    }

    [Fact]
    public async Task A_deadline_in_the_past_fails_without_a_call()
    {
        using var channel = GrpcChannel.ForAddress("http://127.0.0.1:1");
        var client = new TestService.TestServiceClient(channel);
        var call = client.UnaryCallAsync(new SimpleRequest(), deadline: DateTime.UtcNow.AddSeconds(-1));
        await InteropCases.FailsAsync(StatusCode.DeadlineExceeded, call.ResponseAsync);
    }

    [Fact]
    public async Task A_cancelled_call_cancels_the_handler()
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var link = await Link.StartAsync(new Behaviour
        {
            Unary = async (_, context) =>
            {
                using var registration = context.CancellationToken.Register(() => cancelled.TrySetResult());
                begun.SetResult();
                await cancelled.Task;
                return new SimpleResponse();
            },
        });
        using var cancellation = new CancellationTokenSource();
        var call = link.Client.UnaryCallAsync(new SimpleRequest(), cancellationToken: cancellation.Token);
        await begun.Task;
        await cancellation.CancelAsync();
        await InteropCases.FailsAsync(StatusCode.Cancelled, call.ResponseAsync);
        await cancelled.Task.WaitAsync(TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task Disposing_a_stream_half_read_cancels_the_handler()
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var link = await Link.StartAsync(new Behaviour
        {
            Output = async (responses, context) =>
            {
                using var registration = context.CancellationToken.Register(() => cancelled.TrySetResult());
                await responses.WriteAsync(new StreamingOutputCallResponse());
                await cancelled.Task;
            },
        });
        var call = link.Client.StreamingOutputCall(new StreamingOutputCallRequest());
        Assert.True(await call.ResponseStream.MoveNext());
        call.Dispose();
        await cancelled.Task.WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(StatusCode.Cancelled, call.GetStatus().StatusCode);
    }
}
