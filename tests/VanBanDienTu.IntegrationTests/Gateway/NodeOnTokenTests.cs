using System.Security.Cryptography.X509Certificates;
using VanBanDienTu.Cli.Doctor;
using VanBanDienTu.Contracts.V1;
using VanBanDienTu.Gateway;
using VanBanDienTu.Gateway.Config;
using VanBanDienTu.Gateway.Hosting;
using VanBanDienTu.IntegrationTests.Signing;
using VanBanDienTu.Signing.Keys.Pkcs11;
using VanBanDienTu.TestKit;
using VanBanDienTu.TestKit.Csc;

namespace VanBanDienTu.IntegrationTests.Gateway;

/// <summary>A node whose organ's signing key, and whose evidence key, are elsewhere: on a token (SoftHSM), at a signing service.</summary>
public sealed class NodeOnTokenTests(TestNetwork network) : IClassFixture<TestNetwork>, IDisposable
{
    private readonly SoftToken soft = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_token_that_is_away_at_the_start_and_pulled_out_later_holds_its_organs_documents_only()
    {
        Import("H99", "organization-H99");
        var module = new BentModule(soft);
        module.CanBePulled();
        CryptokiModule.Loaded[soft.Module] = new(module.Cryptoki);
        var config = Config("away");
        module.Pull();
        var node = await network.StartAsync(config);
        using var unit = new UnitClient(network.Channel(node.Address, "system-H99"));
        var first = await SubmitAsync(unit, "first");
        Assert.Equal("TOKEN_ABSENT", (await HeldAsync(unit, first)).ReasonCode);
        using var other = new UnitClient(network.Channel(node.Address, "system-G22"));
        Assert.Equal("Queued", (await other.PreparedAsync(await SubmitAsync(other, "other"))).State);

        module.PutBack();
        Assert.Equal("Queued", (await unit.PreparedAsync(first)).State);

        module.Pull();
        var second = await SubmitAsync(unit, "second");
        Assert.Contains("Hãy cắm token", (await HeldAsync(unit, second)).Reason.Vi, StringComparison.Ordinal);
        module.PutBack();
        Assert.Equal("Queued", (await unit.PreparedAsync(second)).State);
    }

    [Fact]
    public async Task Seal_and_evidence_are_signed_on_tokens_and_openssl_verifies_the_receipt()
    {
        Import("H99", "organization-H99");
        Import("chung-cu", "evidence-government");
        soft.Start();
        var node = await network.StartAsync(Config("both") with { Evidence = OnToken("chung-cu") });
        using var unit = new UnitClient(network.Channel(node.Address, "system-H99"));
        var sent = await unit.PreparedAsync(await SubmitAsync(unit, "both"));
        Assert.Equal("Queued", sent.State);
        var (json, cms) = (network["receipt.json"], network["receipt.p7s"]);
        await File.WriteAllBytesAsync(json, sent.Outcome.Json.ToByteArray(), Ct);
        await File.WriteAllBytesAsync(cms, sent.Outcome.Signature.ToByteArray(), Ct);
        await File.WriteAllTextAsync(network["root.pem"], network.Authority.Root.ToPem(), Ct);
        var answer = ExternalTool.Run("openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", cms, "-content", json, "-CAfile", network["root.pem"], "-purpose", "any", "-out", "/dev/null");
        Assert.True(answer.ExitCode == 0, answer.Output);
    }

    [Fact]
    public async Task A_signing_service_that_is_down_at_the_start_holds_its_organs_documents_until_it_is_up()
    {
        using var files = new TemporaryFolder();
        var all = X509CertificateLoader.LoadPkcs12CollectionFromFile(network.Authority.KeyFile("organization-H99"), network.Authority.Password, X509KeyStorageFlags.Exportable);
        await using var service = await CscServer.StartAsync(all.First(c => c.HasPrivateKey), all.Where(c => !c.HasPrivateKey).Select(c => c.RawData));
        service.Lie = CscLie.Down;
        var config = Config("csc");
        var node = await network.StartAsync(config with { Organs = [config.Organs[0] with { Signing = new SigningConfig { Key = "csc:" + service.WriteConfig(files) } }] });
        using var unit = new UnitClient(network.Channel(node.Address, "system-H99"));
        var id = await SubmitAsync(unit, "csc");
        var held = await HeldAsync(unit, id);
        Assert.Equal("KEY_FAILED", held.ReasonCode);
        Assert.Contains("HTTP 503", held.Reason.En, StringComparison.Ordinal);
        service.Lie = CscLie.None;
        Assert.Equal("Queued", (await unit.PreparedAsync(id)).State);
        Assert.Equal("signatures/signHash", service.Requests[^1]);
    }

    [Fact]
    public async Task Doctor_opens_the_token_and_asks_each_timestamp_authority()
    {
        Import("H99", "organization-H99");
        soft.Start();
        var config = Config("doctor") with { Timestamps = new TimestampConfig { Authorities = [network.Authority.TsaUrl, "http://127.0.0.1:1/"] }, Links = [] };
        var checks = await new NodeChecks(config, TimeProvider.System).RunAsync(Ct).ToListAsync(Ct);
        Assert.Contains("UBND tỉnh Mẫu", Assert.Single(checks, c => c.Name.StartsWith("Khóa của H99", StringComparison.Ordinal) && c.Health != Health.Bad).Found, StringComparison.Ordinal);
        var stamps = checks.Where(c => c.Name.StartsWith("Dấu thời gian", StringComparison.Ordinal)).ToList();
        Assert.Equal([Health.Ok, Health.Bad], stamps.Select(c => c.Health));
        Assert.Contains(network.Authority.TimestampCertificate.CommonName, stamps[0].Found, StringComparison.Ordinal);
        Assert.Contains("http://127.0.0.1:1/: it could not be reached", stamps[1].Found, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_pin_stops_the_start_and_an_address_that_cannot_be_right_is_named_with_its_place()
    {
        Import("H99", "organization-H99");
        soft.Start();
        var config = Config("pin");
        await File.WriteAllTextAsync(network["wrong.pin"], "55667788\n", Ct);
        var wrong = config with { Organs = [config.Organs[0] with { Signing = config.Organs[0].Signing! with { PinFile = "wrong.pin" } }] };
        var fault = await Assert.ThrowsAsync<GatewayException>(() => GatewayHost.StartAsync(wrong, null, new GatewayOptions(), Ct));
        Assert.Equal(GatewayFault.WrongPassword, fault.Fault);
        Assert.DoesNotContain("55667788", fault.ToString(), StringComparison.Ordinal);

        var bad = config with
        {
            Tls = OnToken("H99"),
            Evidence = network.Key("evidence-government") with { PinFile = "pin" },
            Organs = [config.Organs[0] with { Signing = new SigningConfig { Key = "pkcs11:token=a;pin=1?module-path=x.so" } }],
        };
        var named = Assert.Throws<GatewayException>(() => NodeConfigFile.Parse(System.Text.Encoding.UTF8.GetBytes(NodeConfigFile.ToJson(bad)), network["."]));
        foreach (var place in new[] { "tls.key: must be a PKCS#12 file", "evidence.pinFile: is for a key on a token", "organs[0].signing.pinFile: a key on a token needs", "organs[0].signing.key: The key's address" })
            Assert.Contains(place, named.En, StringComparison.Ordinal);
    }

    public void Dispose() => soft.Dispose();

    private NodeConfig Config(string data)
    {
        File.WriteAllText(network["pin"], SoftToken.Pin + "\n");
        var config = network.Government("token-" + data);
        var (address, pin) = (OnToken("H99").Key, "pin");
        return config with { Organs = [config.Organs[1] with { Signing = new SigningConfig { Key = address, PinFile = pin } }, config.Organs[0]] };
    }

    private KeyConfig OnToken(string label) => new() { Key = soft.Address(label), PinFile = "pin" };

    private void Import(string label, string key)
    {
        var all = X509CertificateLoader.LoadPkcs12CollectionFromFile(network.Authority.KeyFile(key), network.Authority.Password, X509KeyStorageFlags.Exportable);
        var leaf = all.First(c => c.HasPrivateKey);
        soft.Add(label, leaf, all.Where(c => !c.HasPrivateKey).Select(c => c.RawData));
    }

    private static async Task<string> SubmitAsync(UnitClient unit, string id) =>
        (await unit.SubmitAsync(UnitClient.Slip("token-" + id, "G99"), await File.ReadAllBytesAsync(Samples.CongVan, Ct))).DocumentId;

    private static async Task<OutgoingDocument> HeldAsync(UnitClient unit, string id)
    {
        for (var patience = new Patience(); patience.Lasts;)
        {
            if (await unit.Outgoing.GetAsync(new GetOutgoingRequest { DocumentId = id }) is { State: "Held" } held)
                return held;
            await Task.Delay(50, Ct);
        }
        throw new TimeoutException(id);
    }
}
