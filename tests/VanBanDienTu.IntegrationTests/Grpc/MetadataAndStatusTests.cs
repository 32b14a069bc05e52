using System.Net;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Testing;
using Status = Grpc.Core.Status;

namespace VanBanDienTu.IntegrationTests.Rpc;

/// <summary>What travels beside the messages: headers, trailers, statuses.</summary>
public sealed class MetadataAndStatusTests
{
    [Fact]
    public async Task Metadata_shows_nothing_of_http_itself()
    {
        Metadata? request = null;
        await using var link = await Link.StartAsync(new Behaviour
        {
            Unary = async (_, context) =>
            {
                request = context.RequestHeaders;
                await context.WriteResponseHeadersAsync(new Metadata { { "mine", "1" } });
                context.ResponseTrailers.Add("mine-too", "2");
                return new SimpleResponse();
            },
        });
        using var call = link.Client.UnaryCallAsync(new SimpleRequest(), new Metadata { { "yours", "3" } });
        await call;
        Assert.Equal(["mine"], (await call.ResponseHeadersAsync).Select(entry => entry.Key));
        Assert.Equal(["mine-too"], call.GetTrailers().Select(entry => entry.Key));
        Assert.Equal(["user-agent", "yours"], request!.Select(entry => entry.Key).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_trailers_only_answer_brings_its_trailers_in_the_headers()
    {
        await using var link = await Link.StartAsync(new Behaviour
        {
            Unary = (_, _) => throw new RpcException(new Status(StatusCode.NotFound, "100 % không có"), new Metadata { { "where", "nowhere" } }),
        });
        using var call = link.Client.UnaryCallAsync(new SimpleRequest());
        var e = await InteropCases.FailsAsync(StatusCode.NotFound, call.ResponseAsync);
        Assert.Equal("100 % không có", e.Status.Detail);
        Assert.Equal(["where"], e.Trailers.Select(entry => entry.Key));
        Assert.Empty(await call.ResponseHeadersAsync);
    }

    [Fact]
    public async Task Error_details_cross_the_wire()
    {
        await using var link = await Link.StartAsync(new Behaviour
        {
            Unary = (_, _) => throw new Google.Rpc.Status
            {
                Code = (int)StatusCode.FailedPrecondition,
                Message = "no",
                Details =
                {
                    Any.Pack(new ErrorInfo { Type = "UNSIGNED", Domain = "test" }),
                    Any.Pack(new LocalizedMessage { Locale = "vi-VN", Message = "Văn bản chưa ký" }),
                },
            }.ToRpcException(),
        });
        var e = await InteropCases.FailsAsync(StatusCode.FailedPrecondition, link.Client.UnaryCallAsync(new SimpleRequest()).ResponseAsync);
        Assert.Equal("UNSIGNED", e.GetRpcStatus()?.GetDetail<ErrorInfo>()?.Type);
        Assert.Equal("Văn bản chưa ký", e.GetRpcStatus()?.GetDetail<LocalizedMessage>()?.Message);
        Assert.Null(e.GetRpcStatus()?.GetDetail<RetryInfo>());
    }

    [Fact]
    public async Task An_unexpected_exception_keeps_its_secrets()
    {
        await using var link = await Link.StartAsync(new Behaviour { Unary = (_, _) => throw new InvalidDataException("the password is 1234") });
        var e = await InteropCases.FailsAsync(StatusCode.Unknown, link.Client.UnaryCallAsync(new SimpleRequest()).ResponseAsync);
        Assert.DoesNotContain("1234", e.Status.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(400, StatusCode.Internal)]
    [InlineData(401, StatusCode.Unauthenticated)]
    [InlineData(403, StatusCode.PermissionDenied)]
    [InlineData(404, StatusCode.Unimplemented)]
    [InlineData(429, StatusCode.Unavailable)]
    [InlineData(500, StatusCode.Unknown)]
    [InlineData(502, StatusCode.Unavailable)]
    [InlineData(503, StatusCode.Unavailable)]
    [InlineData(504, StatusCode.Unavailable)]
    public async Task An_http_error_becomes_a_status(int http, StatusCode expected)
    {
        using var channel = GrpcChannel.ForAddress("http://127.0.0.1", new GrpcChannelOptions { HttpHandler = new Answers((HttpStatusCode)http) });
        var call = new TestService.TestServiceClient(channel).EmptyCallAsync(new Grpc.Testing.Empty());
        await InteropCases.FailsAsync(expected, call.ResponseAsync);
    }

    [Fact]
    public async Task An_answer_that_is_no_grpc_is_unknown()
    {
        using var channel = GrpcChannel.ForAddress("http://127.0.0.1", new GrpcChannelOptions { HttpHandler = new Answers(HttpStatusCode.OK) });
        var e = await InteropCases.FailsAsync(StatusCode.Unknown, new TestService.TestServiceClient(channel).EmptyCallAsync(new Grpc.Testing.Empty()).ResponseAsync);
        Assert.Contains("text/html", e.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_unavailable()
    {
        using var channel = GrpcChannel.ForAddress("http://127.0.0.1:1");
        var call = new TestService.TestServiceClient(channel).EmptyCallAsync(new Grpc.Testing.Empty());
        await InteropCases.FailsAsync(StatusCode.Unavailable, call.ResponseAsync);
        await InteropCases.FailsAsync(StatusCode.Unavailable, call.ResponseHeadersAsync);
    }

    [Fact]
    public async Task A_request_that_is_no_grpc_gets_415()
    {
        await using var link = await Link.StartAsync(new Behaviour());
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(link.Address, "/grpc.testing.TestService/UnaryCall"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new StringContent("{}"),
        };
        using var response = await http.SendAsync(request);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
    }

    /// <summary>The far side of the outside world: a proxy that answers without gRPC.</summary>
    private sealed class Answers(HttpStatusCode code) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(code) { Content = new StringContent("<p>", new System.Net.Http.Headers.MediaTypeHeaderValue("text/html")) });
    }
}
