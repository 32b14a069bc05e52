using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Testing;

namespace VanBanDienTu.IntegrationTests.Rpc;

/// <summary>The flag of compressed messages, against a peer on bare HTTP/2 (python3-h2) that sets and reads it.</summary>
public sealed class CompressedFlagTests : IAsyncLifetime
{
    private const string Python = "/usr/bin/python3";
    private static readonly Metadata Gzip = new() { { "grpc-internal-encoding-request", "gzip" } };

    private GrpcHost? ours;
    private InteropPeer? theirServer;
    private GrpcChannel? channel;
    private TestService.TestServiceClient client = null!;

    public static TheoryData<string> ClientCases { get; } =
    [
        "client_compressed_unary", "client_compressed_streaming", "server_compressed_unary", "server_compressed_streaming",
        "no_compression_for_a_client_that_does_not_accept_it", "a_compressed_message_without_an_encoding_is_an_error",
        "an_unknown_encoding_is_unimplemented", "unmapped_methods_answer_trailers_only",
    ];

    public async ValueTask InitializeAsync()
    {
        ours = await GrpcHost.StartAsync<TestServiceImpl>(options => options.ResponseCompressionAlgorithm = "gzip");
        (theirServer, var port) = await InteropPeer.ServeAsync(Python, "raw.py");
        channel = GrpcChannel.ForAddress($"http://127.0.0.1:{port}");
        client = new TestService.TestServiceClient(channel);
    }

    public async ValueTask DisposeAsync()
    {
        channel?.Dispose();
        theirServer?.Dispose();
        if (ours is not null)
            await ours.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(ClientCases))]
    public async Task Their_bare_client_passes_against_our_server(string name)
    {
        using var peer = InteropPeer.Connect(Python, "raw.py", ours!.Address.Port);
        await peer.RunAsync(name);
    }

    [Fact]
    public async Task Client_compressed_unary()
    {
        var compressed = await client.UnaryCallAsync(Request(expectCompressed: true), Gzip);
        Assert.Equal(314159, compressed.Payload.Body.Length);

        var plain = await client.UnaryCallAsync(
            Request(expectCompressed: false), new CallOptions(Gzip, writeOptions: new WriteOptions(WriteFlags.NoCompress)));
        Assert.Equal(314159, plain.Payload.Body.Length);
    }

    [Fact]
    public async Task The_bare_server_does_notice_a_flag_that_is_not_as_announced()
    {
        await InteropCases.FailsAsync(StatusCode.InvalidArgument, client.UnaryCallAsync(Request(expectCompressed: true)).ResponseAsync);
        await InteropCases.FailsAsync(StatusCode.InvalidArgument, client.UnaryCallAsync(Request(expectCompressed: false), Gzip).ResponseAsync);
    }

    [Fact]
    public async Task Client_compressed_streaming()
    {
        using var call = client.StreamingInputCall(Gzip);
        await call.RequestStream.WriteAsync(Part(27182, expectCompressed: true));
        call.RequestStream.WriteOptions = new WriteOptions(WriteFlags.NoCompress);
        await call.RequestStream.WriteAsync(Part(45904, expectCompressed: false));
        await call.RequestStream.CompleteAsync();
        Assert.Equal(73086, (await call).AggregatedPayloadSize);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Server_compressed_unary(bool compressed)
    {
        var request = new SimpleRequest { ResponseSize = 314159, ResponseCompressed = new BoolValue { Value = compressed } };
        using var call = client.UnaryCallAsync(request);
        Assert.Equal(314159, (await call).Payload.Body.Length);
        Assert.Null((await call.ResponseHeadersAsync).Get("grpc-encoding"));
    }

    [Fact]
    public async Task Server_compressed_streaming()
    {
        var request = new StreamingOutputCallRequest
        {
            ResponseParameters =
            {
                new ResponseParameters { Size = 31415, Compressed = new BoolValue { Value = true } },
                new ResponseParameters { Size = 92653, Compressed = new BoolValue { Value = false } },
            },
        };
        using var call = client.StreamingOutputCall(request);
        var sizes = new List<int>();
        await foreach (var response in call.ResponseStream.ReadAllAsync())
            sizes.Add(response.Payload.Body.Length);
        Assert.Equal([31415, 92653], sizes);
    }

    private static SimpleRequest Request(bool expectCompressed) => new()
    {
        ResponseSize = 314159,
        Payload = InteropCases.Zeros(271828),
        ExpectCompressed = new BoolValue { Value = expectCompressed },
    };

    private static StreamingInputCallRequest Part(int size, bool expectCompressed) => new()
    {
        Payload = InteropCases.Zeros(size),
        ExpectCompressed = new BoolValue { Value = expectCompressed },
    };
}
