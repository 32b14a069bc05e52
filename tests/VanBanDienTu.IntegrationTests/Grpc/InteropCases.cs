using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Testing;

namespace VanBanDienTu.IntegrationTests.Rpc;

/// <summary>The gRPC project's interoperability cases, run by our client.</summary>
internal static class InteropCases
{
    public static readonly string[] Names =
    [
        "empty_unary", "large_unary", "client_streaming", "server_streaming", "ping_pong", "empty_stream", "cancel_after_begin",
        "cancel_after_first_response", "timeout_on_sleeping_server", "custom_metadata", "status_code_and_message",
        "special_status_message", "unimplemented_method", "unimplemented_service", "gzip",
    ];

    private const string Special = "\t\ntest with whitespace\r\nand Unicode BMP \u263a and non-BMP \U0001F608\t\n";
    private static readonly int[] RequestSizes = [27182, 8, 1828, 45904];
    private static readonly int[] ResponseSizes = [31415, 9, 2653, 58979];

    public static Task RunAsync(string name, GrpcChannel channel)
    {
        var client = new TestService.TestServiceClient(channel);
        return name switch
        {
            "empty_unary" => client.EmptyCallAsync(new Empty()).ResponseAsync,
            "large_unary" => LargeUnaryAsync(client, null),
            "client_streaming" => ClientStreamingAsync(client),
            "server_streaming" => ServerStreamingAsync(client),
            "ping_pong" => PingPongAsync(client),
            "empty_stream" => EmptyStreamAsync(client),
            "cancel_after_begin" => CancelAfterBeginAsync(client),
            "cancel_after_first_response" => CancelAfterFirstResponseAsync(client),
            "timeout_on_sleeping_server" => TimeoutOnSleepingServerAsync(client),
            "custom_metadata" => CustomMetadataAsync(client),
            "status_code_and_message" => StatusCodeAndMessageAsync(client),
            "special_status_message" => SpecialStatusMessageAsync(client),
            "unimplemented_method" => FailsAsync(StatusCode.Unimplemented, client.UnimplementedCallAsync(new Empty()).ResponseAsync),
            "unimplemented_service" => FailsAsync(
                StatusCode.Unimplemented,
                new UnimplementedService.UnimplementedServiceClient(channel).UnimplementedCallAsync(new Empty()).ResponseAsync),
            "gzip" => LargeUnaryAsync(client, new Metadata { { "grpc-internal-encoding-request", "gzip" } }),
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, "There is no such case."),
        };
    }

    public static Payload Zeros(int size) => new() { Body = ByteString.CopyFrom(new byte[size]) };

    public static async Task<RpcException> FailsAsync(StatusCode code, Task call)
    {
        var e = await Assert.ThrowsAsync<RpcException>(() => call);
        Assert.Equal(code, e.StatusCode);
        return e;
    }

    private static async Task LargeUnaryAsync(TestService.TestServiceClient client, Metadata? headers)
    {
        var response = await client.UnaryCallAsync(new SimpleRequest { ResponseSize = 314159, Payload = Zeros(271828) }, headers);
        Assert.Equal(314159, response.Payload.Body.Length);
    }

    private static async Task ClientStreamingAsync(TestService.TestServiceClient client)
    {
        using var call = client.StreamingInputCall();
        foreach (var size in RequestSizes)
            await call.RequestStream.WriteAsync(new StreamingInputCallRequest { Payload = Zeros(size) });
        await call.RequestStream.CompleteAsync();
        Assert.Equal(74922, (await call).AggregatedPayloadSize);
    }

    private static async Task ServerStreamingAsync(TestService.TestServiceClient client)
    {
        var request = new StreamingOutputCallRequest();
        request.ResponseParameters.AddRange(ResponseSizes.Select(size => new ResponseParameters { Size = size }));
        using var call = client.StreamingOutputCall(request);
        var sizes = new List<int>();
        await foreach (var response in call.ResponseStream.ReadAllAsync())
            sizes.Add(response.Payload.Body.Length);
        Assert.Equal(ResponseSizes, sizes);
    }

    private static async Task PingPongAsync(TestService.TestServiceClient client)
    {
        using var call = client.FullDuplexCall();
        foreach (var (request, response) in RequestSizes.Zip(ResponseSizes))
        {
            await call.RequestStream.WriteAsync(Asking(response, request));
            Assert.True(await call.ResponseStream.MoveNext());
            Assert.Equal(response, call.ResponseStream.Current.Payload.Body.Length);
        }

        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext());
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    private static async Task EmptyStreamAsync(TestService.TestServiceClient client)
    {
        using var call = client.FullDuplexCall();
        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext());
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    private static async Task CancelAfterBeginAsync(TestService.TestServiceClient client)
    {
        using var cancellation = new CancellationTokenSource();
        using var call = client.StreamingInputCall(cancellationToken: cancellation.Token);
        await cancellation.CancelAsync();
        await FailsAsync(StatusCode.Cancelled, call.ResponseAsync);
    }

    private static async Task CancelAfterFirstResponseAsync(TestService.TestServiceClient client)
    {
        using var cancellation = new CancellationTokenSource();
        using var call = client.FullDuplexCall(cancellationToken: cancellation.Token);
        await call.RequestStream.WriteAsync(Asking(31415, 27182));
        Assert.True(await call.ResponseStream.MoveNext());
        await cancellation.CancelAsync();
        await FailsAsync(StatusCode.Cancelled, call.ResponseStream.MoveNext());
        Assert.Equal(StatusCode.Cancelled, call.GetStatus().StatusCode);
    }

    private static async Task TimeoutOnSleepingServerAsync(TestService.TestServiceClient client)
    {
        using var call = client.FullDuplexCall(deadline: DateTime.UtcNow.AddMilliseconds(1));
        try
        {
            await call.RequestStream.WriteAsync(new StreamingOutputCallRequest { Payload = Zeros(27182) });
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.DeadlineExceeded)
        {
            // The deadline may pass before the write.
        }

        await FailsAsync(StatusCode.DeadlineExceeded, call.ResponseStream.MoveNext());
    }

    private static async Task CustomMetadataAsync(TestService.TestServiceClient client)
    {
        var metadata = new Metadata
        {
            { TestServiceImpl.InitialKey, "test_initial_metadata_value" },
            { TestServiceImpl.TrailingKey, new byte[] { 0xab, 0xab, 0xab } },
        };
        using var unary = client.UnaryCallAsync(new SimpleRequest { ResponseSize = 314159, Payload = Zeros(271828) }, metadata);
        await unary;
        AssertEchoed(await unary.ResponseHeadersAsync, unary.GetTrailers());

        using var duplex = client.FullDuplexCall(metadata);
        await duplex.RequestStream.WriteAsync(Asking(314159, 271828));
        await duplex.RequestStream.CompleteAsync();
        Assert.True(await duplex.ResponseStream.MoveNext());
        Assert.False(await duplex.ResponseStream.MoveNext());
        AssertEchoed(await duplex.ResponseHeadersAsync, duplex.GetTrailers());
    }

    private static void AssertEchoed(Metadata headers, Metadata trailers)
    {
        Assert.Equal("test_initial_metadata_value", headers.GetValue(TestServiceImpl.InitialKey));
        Assert.Equal("ABABAB", Convert.ToHexString(trailers.GetValueBytes(TestServiceImpl.TrailingKey)!));
    }

    private static async Task StatusCodeAndMessageAsync(TestService.TestServiceClient client)
    {
        var asked = new EchoStatus { Code = 2, Message = "test status message" };
        var unary = await FailsAsync(StatusCode.Unknown, client.UnaryCallAsync(new SimpleRequest { ResponseStatus = asked }).ResponseAsync);
        Assert.Equal(asked.Message, unary.Status.Detail);

        using var call = client.FullDuplexCall();
        await call.RequestStream.WriteAsync(new StreamingOutputCallRequest { ResponseStatus = asked });
        await call.RequestStream.CompleteAsync();
        var duplex = await FailsAsync(StatusCode.Unknown, call.ResponseStream.MoveNext());
        Assert.Equal(asked.Message, duplex.Status.Detail);
    }

    private static async Task SpecialStatusMessageAsync(TestService.TestServiceClient client)
    {
        var request = new SimpleRequest { ResponseStatus = new EchoStatus { Code = 2, Message = Special } };
        var e = await FailsAsync(StatusCode.Unknown, client.UnaryCallAsync(request).ResponseAsync);
        Assert.Equal(Special, e.Status.Detail);
    }

    private static StreamingOutputCallRequest Asking(int responseSize, int requestSize) => new()
    {
        Payload = Zeros(requestSize),
        ResponseParameters = { new ResponseParameters { Size = responseSize } },
    };
}
