using System.Net;
using System.Net.Sockets;
using VanBanDienTu.Gateway;
using VanBanDienTu.Gateway.Config;
using VanBanDienTu.Gateway.Hosting;

using VanBanDienTu.TestKit;

namespace VanBanDienTu.IntegrationTests.Gateway;

/// <summary>A node that cannot start says why in one sentence.</summary>
public sealed class StartTests(TestNetwork network) : IClassFixture<TestNetwork>
{
    [Fact]
    public async Task A_port_in_use_is_named()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var address = $"https://127.0.0.1:{((IPEndPoint)other.LocalEndpoint).Port}";
        var fault = await RefusalAsync(network.Government("port") with { Listen = address });
        Assert.Equal(GatewayFault.AddressInUse, fault.Fault);
        Assert.Contains(address, fault.En, StringComparison.Ordinal);
        Assert.Contains(address, fault.Vi, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_file_that_is_missing_is_named()
    {
        var config = network.Government("missing");
        var fault = await RefusalAsync(config with { Tls = config.Tls with { Key = "nowhere.p12" } });
        Assert.Equal(GatewayFault.KeyFileMissing, fault.Fault);
        Assert.Contains("nowhere.p12", fault.En, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_password_file_that_is_missing_is_named()
    {
        var config = network.Government("no-password");
        var fault = await RefusalAsync(config with { Evidence = config.Evidence with { PasswordFile = "no-such-file" } });
        Assert.Equal(GatewayFault.KeyFileMissing, fault.Fault);
        Assert.Contains("no-such-file", fault.En, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tls")]
    [InlineData("evidence")]
    [InlineData("signing")]
    public async Task A_wrong_password_is_said_to_be_one(string use)
    {
        await File.WriteAllTextAsync(network["wrong-password"], "not this one\n");
        var config = network.Government("password-" + use);
        var wrong = network["wrong-password"];
        var fault = await RefusalAsync(use switch
        {
            "tls" => config with { Tls = config.Tls with { PasswordFile = wrong } },
            "evidence" => config with { Evidence = config.Evidence with { PasswordFile = wrong } },
            _ => config with { Organs = [config.Organs[0] with { Signing = config.Organs[0].Signing! with { PasswordFile = wrong } }] },
        });
        Assert.Equal(GatewayFault.WrongPassword, fault.Fault);
        Assert.DoesNotContain("not this one", fault.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_no_key_is_unusable()
    {
        await File.WriteAllTextAsync(network["text.p12"], "hello");
        var config = network.Government("text");
        Assert.Equal(GatewayFault.KeyUnusable, (await RefusalAsync(config with { Tls = config.Tls with { Key = network["text.p12"] } })).Fault);
    }

    [Theory]
    [InlineData("missing", "nowhere.png")]
    [InlineData("text", "no PNG")]
    [InlineData("opaque", "background must be transparent")]
    public async Task A_seal_that_cannot_be_shown_is_named_before_anything_is_signed(string what, string word)
    {
        var file = network[what == "missing" ? "nowhere.png" : $"{what}.png"];
        if (what != "missing")
            await File.WriteAllBytesAsync(file, what == "text" ? "hello"u8.ToArray() : new PngMaker(4, 4, 2, 8).Write((_, _, _) => 9));
        var config = network.Government("seal-" + what);
        var fault = await RefusalAsync(config with { Organs = [config.Organs[0] with { Signing = config.Organs[0].Signing! with { Image = file } }] });
        Assert.Equal(GatewayFault.SealUnusable, fault.Fault);
        Assert.Contains(word, fault.En, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_expired_node_certificate_is_refused_with_its_date()
    {
        var fault = await RefusalAsync(network.Government("expired") with { Tls = network.Key("expired-node") });
        Assert.Equal(GatewayFault.CertificateOutOfDate, fault.Fault);
        Assert.Contains("expired on", fault.En, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_trust_folder_that_is_missing_is_named()
    {
        var config = network.Government("trust");
        var fault = await RefusalAsync(config with { Trust = config.Trust with { Folder = "no-such-folder" } });
        Assert.Equal(GatewayFault.TrustInvalid, fault.Fault);
        Assert.Contains("no-such-folder", fault.En, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_nodes_do_not_share_one_data_folder()
    {
        await network.StartAsync(network.Government("shared-data"));
        Assert.Equal(GatewayFault.DataUnavailable, (await RefusalAsync(network.Government("shared-data"))).Fault);
    }

    private static Task<GatewayException> RefusalAsync(NodeConfig config) =>
        Assert.ThrowsAsync<GatewayException>(() => GatewayHost.StartAsync(config, null, new GatewayOptions(), CancellationToken.None));
}
