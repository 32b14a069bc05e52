using Google.Rpc;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Reflection.V1;
using VanBanDienTu.Contracts.V1;
using VanBanDienTu.Gateway.Config;
using VanBanDienTu.Gateway.Hosting;
using VanBanDienTu.TestKit;

namespace VanBanDienTu.IntegrationTests.Gateway;

/// <summary>Who may call: judged per call, over real TLS.</summary>
public sealed class CallerTests(TestNetwork network) : IClassFixture<TestNetwork>, IAsyncLifetime
{
    private static GatewayHost? shared;
    private GatewayHost node = null!;

    public async ValueTask InitializeAsync() => node = shared ??= await network.StartAsync(network.Government("callers"));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_member_gets_an_answer()
    {
        using var channel = network.Channel(node.Address, "system-H99");
        var hello = await new AxisLinkService.AxisLinkServiceClient(channel).HelloAsync(new HelloRequest { Node = "test" });
        Assert.Equal("government", hello.Node);
        Assert.Equal("G22", hello.OrganId);
    }

    [Theory]
    [InlineData(null, StatusCode.Unauthenticated, "NO_CERTIFICATE")]
    [InlineData("foreign", StatusCode.Unauthenticated, "CERTIFICATE_INVALID")] // of another root, though the directory names it
    [InlineData("expired-system", StatusCode.Unauthenticated, "CERTIFICATE_INVALID")]
    [InlineData("person-G22", StatusCode.Unauthenticated, "CERTIFICATE_INVALID")] // signs documents, is no TLS client
    [InlineData("stranger", StatusCode.PermissionDenied, "NOT_A_MEMBER")]
    [InlineData("locked", StatusCode.PermissionDenied, "ORGAN_LOCKED")]
    public async Task A_caller_who_may_not_call_is_told_why(string? key, StatusCode code, string reason)
    {
        using var channel = network.Channel(node.Address, key);
        var error = await Assert.ThrowsAsync<RpcException>(async () =>
            await new AxisLinkService.AxisLinkServiceClient(channel).HelloAsync(new HelloRequest()));
        AssertError(error, code, reason);
    }

    [Theory]
    [InlineData("system-G22", "ROLE_MISSING")]
    [InlineData("operator", null)]
    public async Task Operations_are_for_operators(string key, string? reason)
    {
        using var channel = network.Channel(node.Address, key);
        var client = new OperationsService.OperationsServiceClient(channel);
        if (reason is null)
            Assert.Equal("government", (await client.GetStatusAsync(new GetStatusRequest())).Node);
        else
            AssertError(await Assert.ThrowsAsync<RpcException>(async () => await client.GetStatusAsync(new GetStatusRequest())), StatusCode.PermissionDenied, reason);
    }

    [Theory]
    [InlineData("node-ministry", "ROLE_MISSING")] // a neighbour is no unit
    [InlineData("system-G99", "NOT_SERVED_HERE")] // a unit of another node
    public async Task Documents_are_for_the_units_of_this_node(string key, string reason)
    {
        using var channel = network.Channel(node.Address, key);
        var outgoing = new OutgoingService.OutgoingServiceClient(channel);
        var incoming = new IncomingService.IncomingServiceClient(channel);
        AssertError(await Assert.ThrowsAsync<RpcException>(async () => await outgoing.ListAsync(new ListOutgoingRequest())), StatusCode.PermissionDenied, reason);
        AssertError(await Assert.ThrowsAsync<RpcException>(async () => await incoming.ListAsync(new ListIncomingRequest())), StatusCode.PermissionDenied, reason);
    }

    [Fact]
    public async Task A_unit_delivers_nothing_between_nodes()
    {
        using var channel = network.Channel(node.Address, "system-G22");
        using var call = new AxisLinkService.AxisLinkServiceClient(channel).Deliver();
        AssertError(await Assert.ThrowsAsync<RpcException>(async () => await call.ResponseAsync), StatusCode.PermissionDenied, "ROLE_MISSING");
    }

    [Fact]
    public async Task Health_answers_without_a_certificate()
    {
        using var channel = network.Channel(node.Address, null);
        var client = new Health.HealthClient(channel);
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, (await client.CheckAsync(new HealthCheckRequest())).Status);
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving,
            (await client.CheckAsync(new HealthCheckRequest { Service = "vanbandientu.v1.OutgoingService" })).Status);
    }

    [Fact]
    public async Task Reflection_names_every_service_without_a_certificate()
    {
        using var channel = network.Channel(node.Address, null);
        using var call = new ServerReflection.ServerReflectionClient(channel).ServerReflectionInfo();
        await call.RequestStream.WriteAsync(new ServerReflectionRequest { ListServices = "" });
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
        var names = call.ResponseStream.Current.ListServicesResponse.Service.Select(service => service.Name).ToList();
        foreach (var file in new[] { "Outgoing", "Incoming", "AxisLink", "Audit", "Operations", "Verification", "Signing" })
            Assert.Contains($"vanbandientu.v1.{file}Service", names);
    }

    [Fact]
    public async Task Without_TLS_only_health_answers()
    {
        var plain = await network.StartAsync(network.Government("plain") with { Listen = "http://127.0.0.1:0", AllowPlaintext = true });
        using var channel = Grpc.Net.Client.GrpcChannel.ForAddress(plain.Address);
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, (await new Health.HealthClient(channel).CheckAsync(new HealthCheckRequest())).Status);
        AssertError(await Assert.ThrowsAsync<RpcException>(async () => await new AxisLinkService.AxisLinkServiceClient(channel).HelloAsync(new HelloRequest())),
            StatusCode.Unauthenticated, "NO_CERTIFICATE");
    }

    [Fact]
    public async Task Without_trust_anchors_the_node_is_unhealthy_and_trusts_nobody()
    {
        Directory.CreateDirectory(network["no-trust"]);
        var config = network.Government("no-anchors-data");
        var closed = await network.StartAsync(config with { Trust = config.Trust with { Folder = network["no-trust"] } });
        using var channel = network.Channel(closed.Address, "system-G22");
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.NotServing, (await new Health.HealthClient(channel).CheckAsync(new HealthCheckRequest())).Status);
        AssertError(await Assert.ThrowsAsync<RpcException>(async () => await new AxisLinkService.AxisLinkServiceClient(channel).HelloAsync(new HelloRequest())),
            StatusCode.Unauthenticated, "CERTIFICATE_INVALID");
    }

    [Fact]
    public async Task A_member_who_is_locked_loses_the_open_connection_and_its_open_calls()
    {
        var file = network["locking.json"];
        var config = network.Government("locking");
        NodeConfigFile.Save(config, file);
        var live = await network.StartAsync(config, file);
        using var channel = network.Channel(live.Address, "system-H99");
        using var watch = new OutgoingService.OutgoingServiceClient(channel).Watch(new WatchOutgoingRequest { AfterSequence = -1 });
        using var other = network.Channel(live.Address, "system-G22");
        var hello = new AxisLinkService.AxisLinkServiceClient(channel);
        await hello.HelloAsync(new HelloRequest());

        NodeConfigFile.Save(config with { Members = [.. config.Members.Select(m => m.Organ == "H99" ? m with { Locked = true } : m)] }, file);

        using var patience = new CancellationTokenSource(Patience.Longest);
        AssertError(await Assert.ThrowsAsync<RpcException>(async () => await watch.ResponseStream.MoveNext(patience.Token)), StatusCode.PermissionDenied, "ORGAN_LOCKED");
        AssertError(await Assert.ThrowsAsync<RpcException>(async () => await hello.HelloAsync(new HelloRequest())), StatusCode.PermissionDenied, "ORGAN_LOCKED");
        await new AxisLinkService.AxisLinkServiceClient(other).HelloAsync(new HelloRequest());
    }

    internal static void AssertError(RpcException error, StatusCode code, string reason)
    {
        Assert.Equal(code, error.StatusCode);
        var details = error.GetRpcStatus();
        Assert.NotNull(details);
        var info = details.Details.Single(d => d.Is(ErrorInfo.Descriptor)).Unpack<ErrorInfo>();
        Assert.Equal((reason, "vanbandientu"), (info.Type, info.Domain));
        var local = details.Details.Single(d => d.Is(LocalizedMessage.Descriptor)).Unpack<LocalizedMessage>();
        Assert.Equal("vi-VN", local.Locale);
        Assert.NotEmpty(local.Message);
    }
}
