using System.Net.Sockets;
using Grpc.Core;
using VanBanDienTu.Contracts.V1;
using VanBanDienTu.Gateway.Config;
using VanBanDienTu.Signing.Certificates;
using VanBanDienTu.Signing.Keys;
using VanBanDienTu.TestKit;
using VanBanDienTu.TestKit.Pki;

namespace VanBanDienTu.IntegrationTests.Gateway;

/// <summary>TLS certificates of callers and neighbours that their authority has revoked, over real TLS and a real OCSP responder.</summary>
public sealed class RevokedPeerTests(TestNetwork network) : IClassFixture<TestNetwork>
{
    private static readonly TimeSpan Often = TimeSpan.FromMilliseconds(500);

    [Fact]
    public async Task A_revoked_caller_is_refused_at_its_first_call_and_told_why()
    {
        network.Authority.Revoke(CertificateOf("auditor"));
        var node = await network.StartAsync(Config("first"));
        using var channel = network.Channel(node.Address, "auditor");
        CallerTests.AssertError(await Assert.ThrowsAsync<RpcException>(() => HelloAsync(channel)), StatusCode.Unauthenticated, "CERTIFICATE_REVOKED");
        using var other = network.Channel(node.Address, "operator");
        await HelloAsync(other);
    }

    [Fact]
    public async Task A_caller_who_is_revoked_meanwhile_loses_its_open_calls_and_its_connection()
    {
        var node = await network.StartAsync(Config("meanwhile"));
        var connections = 0;
        using var channel = network.Channel(node.Address, "system-H99", async (context, ct) =>
        {
            Interlocked.Increment(ref connections);
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(context.DnsEndPoint, ct);
            return new NetworkStream(socket, ownsSocket: true);
        });
        using var watch = new OutgoingService.OutgoingServiceClient(channel).Watch(new WatchOutgoingRequest { AfterSequence = -1 });
        await HelloAsync(channel);
        Assert.Equal(1, connections);

        network.Authority.Revoke(CertificateOf("system-H99"));

        using var patience = new CancellationTokenSource(Patience.Longest);
        CallerTests.AssertError(
            await Assert.ThrowsAsync<RpcException>(async () => await watch.ResponseStream.MoveNext(patience.Token)), StatusCode.Unauthenticated, "CERTIFICATE_REVOKED");
        while (connections == 1) // a call in this moment may still come over the line that is being closed
        {
            CallerTests.AssertError(await Assert.ThrowsAsync<RpcException>(() => HelloAsync(channel)), StatusCode.Unauthenticated, "CERTIFICATE_REVOKED");
            await Task.Delay(20, patience.Token);
        }
    }

    [Fact]
    public async Task While_the_authority_is_silent_the_configured_rule_decides()
    {
        var usual = await network.StartAsync(Config("usual"));
        var strict = Config("strict");
        var required = await network.StartAsync(strict with { Trust = strict.Trust with { PeerRevocation = PeerRevocationRule.Required } });
        using var toUsual = network.Channel(usual.Address, "system-G22");
        using var toRequired = network.Channel(required.Address, "system-G22");
        (network.Pki.OcspLie, network.Pki.CrlLie) = (PkiLie.ServerError, PkiLie.ServerError);
        try
        {
            await HelloAsync(toUsual);
            CallerTests.AssertError(await Assert.ThrowsAsync<RpcException>(() => HelloAsync(toRequired)), StatusCode.Unavailable, "REVOCATION_UNKNOWN");
        }
        finally
        {
            (network.Pki.OcspLie, network.Pki.CrlLie) = (PkiLie.None, PkiLie.None);
        }

        await UntilAsync(async () => await StatusOfAsync(toRequired) == StatusCode.OK);
    }

    [Fact]
    public async Task A_neighbour_whose_certificate_is_revoked_is_called_no_more()
    {
        var ministry = await network.StartAsync(network.Node("ministry", "G99", "neighbour") with
        {
            Organs = [network.Organ("G99")], Members = [network.Member("G22", "node-government", MemberRole.Node)],
            Links = [network.Link("government", "G22", "https://127.0.0.1:1", "*")],
        });
        var node = await network.StartAsync(Config("caller") with { Links = [network.Link("ministry", "G99", ministry.Address, "G99")] });
        using var sender = new UnitClient(network.Channel(node.Address, "system-G22"));
        await UntilAsync(async () => (await SentAsync(sender, "before")).State == "Relayed");

        network.Authority.Revoke(CertificateOf("node-ministry"));

        var number = 0;
        await UntilAsync(async () => (await SentAsync(sender, $"after-{number++}")) is { State: "Queued", Attempts: > 0, LastError.Length: > 0 });
    }

    /// <summary>A slip that was tried or delivered.</summary>
    private static async Task<Delivery> SentAsync(UnitClient sender, string request)
    {
        var submitted = await sender.SubmitAsync(UnitClient.Slip(request, "G99"), await File.ReadAllBytesAsync(Samples.CongVan));
        for (var patience = new Patience(); ;)
        {
            var document = await sender.Outgoing.GetAsync(new GetOutgoingRequest { DocumentId = submitted.DocumentId });
            if (!patience.Lasts || (document.Deliveries is [var delivery] && (delivery.State != "Queued" || delivery is { Attempts: > 0, LastError.Length: > 0 })))
                return document.Deliveries[0];
            await Task.Delay(100);
        }
    }

    private NodeConfig Config(string data)
    {
        var config = network.Government(data);
        return config with { Trust = config.Trust with { PeerRevocationEvery = Often, RevocationPause = Often } };
    }

    private Certificate CertificateOf(string key)
    {
        using var opened = Pkcs12Key.Load(network.Authority.KeyFile(key), network.Authority.Password);
        return opened.Certificate;
    }

    private static async Task HelloAsync(ChannelBase channel) => await new AxisLinkService.AxisLinkServiceClient(channel).HelloAsync(new HelloRequest { Node = "test" });

    private static async Task<StatusCode> StatusOfAsync(ChannelBase channel)
    {
        try
        {
            await HelloAsync(channel);
            return StatusCode.OK;
        }
        catch (RpcException e)
        {
            return e.StatusCode;
        }
    }

    private static async Task UntilAsync(Func<Task<bool>> reached)
    {
        for (var patience = new Patience(); patience.Lasts;)
        {
            if (await reached())
                return;
            await Task.Delay(100);
        }

        Assert.Fail("It did not come to that.");
    }
}
