using VanBanDienTu.Contracts.V1;
using VanBanDienTu.Gateway.Config;
using VanBanDienTu.Gateway.Hosting;
using VanBanDienTu.IntegrationTests.Gateway.Vxp;
using VanBanDienTu.TestKit;

namespace VanBanDienTu.IntegrationTests.Gateway;

/// <summary>A hub's directory: the operator's file, what systems register, and the nodes that follow it on a line or over VXP.</summary>
public sealed class DirectoryTests(TestNetwork network) : IClassFixture<TestNetwork>
{
    [Fact]
    public async Task What_the_hub_knows_reaches_nodes_that_follow_it_over_gRPC_and_over_VXP()
    {
        var hub = await HubAsync("follow", "code\tname\tparent\toldCode\tsuccessor\nH01\tTỉnh cũ\t\t000.00.00.H01\tG22\nH02\tTỉnh khác\n");
        var byLine = await network.StartAsync(network.Node("ministry", "G99", "directory-line") with
        {
            Members = [network.Member("G99", "system-G99", MemberRole.System)],
            Links = [network.Link("government", "G22", hub.Address, "*") with { Directory = TimeSpan.FromMilliseconds(200) }],
        });
        var byVxp = await network.StartAsync(network.Node("unit", "G99.63", "directory-vxp") with
        {
            Members = [network.Member("G99", "system-G99", MemberRole.System)],
            Links =
            [
                new LinkConfig
                {
                    Name = "axis", Kind = LinkKind.Vxp, Address = hub.VxpAddress + "/XrdAdapter/adapter", Routes = ["*"], Directory = TimeSpan.FromMilliseconds(200),
                    PeerCertificates = [network.Sha256Of("node-government")],
                    Vxp = new VxpLinkConfig { SystemId = "s53", SecretFile = network["directory.secret"], Poll = TimeSpan.FromHours(1) },
                },
            ],
        });
        var line = await UnitAsync(byLine, "H01", u => u.Successor == "G22");
        Assert.Equal(("Tỉnh cũ", "000.00.00.H01"), (line.Name, line.OldCode));
        Assert.Equal("Tỉnh khác", (await UnitAsync(byVxp, "H02", _ => true)).Name);

        // The file changes while everything runs.
        await File.WriteAllTextAsync(network["units-follow.tsv"], "code\tname\tlocked\nH02\tTỉnh khác\t1\n");
        Assert.True((await UnitAsync(byLine, "H02", u => u.Locked)).Locked);
        Assert.True((await UnitAsync(byLine, "H01", u => u.Deleted)).Deleted);
        Assert.True((await UnitAsync(byVxp, "H02", u => u.Deleted)).Deleted); // VXP has no word for locked
    }

    [Fact]
    public async Task A_system_registers_a_unit_which_gets_documents_at_once()
    {
        var hub = await HubAsync("register", "code\tname\n");
        var system = new VxpSystem(hub.VxpAddress + "/XrdAdapter/adapter", Path.Combine(network.Authority.TrustFolder, "root.pem"), "s53", network["directory.secret"]);
        const string body = """{"id":"","pcode":"H53","code":"H53.7","name":"Sở Mẫu","mail":"","mobile":"","fax":""}""";
        var now = TimeProvider.System.GetUtcNow();
        var stamp = VanBanDienTu.Axis.Vxp.VxpTimestamp.Write(now);
        system.Do("registerAgency", "--body", body, "--timestamp", stamp);
        system.Do("registerAgency", "--body", body, "--timestamp", stamp); // its answer was lost
        system.Refused("20", "registerAgency", "--body", body.Replace("H53.7", "H53.8", StringComparison.Ordinal), "--timestamp", stamp); // the same signed headers, another body
        var early = VanBanDienTu.Axis.Vxp.VxpTimestamp.Write(now.AddSeconds(-1));
        system.Refused("19", "registerAgency", "--body", body.Replace("H53.7", "H54.1", StringComparison.Ordinal), "--timestamp", early);
        system.Refused("20", "registerAgency", "--body", body.Replace("H53.7", "H53.8", StringComparison.Ordinal), "--timestamp", early); // refused headers carry no other body either
        system.Refused("19", "registerAgency", "--body", body.Replace("H53.7", "H54.1", StringComparison.Ordinal));
        system.Refused("10", "registerAgency", "--body", "{}");
        Assert.Contains(system.Do("getAgenciesList").GetProperty("data").EnumerateArray(), a => a.GetProperty("code").GetString() == "H53.7");
        Assert.DoesNotContain(system.Do("getAgenciesListQD20", "level=1").GetProperty("data").EnumerateArray(), a => a.GetProperty("code").GetString() == "H53.7");

        using var g22 = new UnitClient(network.Channel(hub.Address, "system-G22"));
        await g22.SubmitAsync(UnitClient.Slip("registered", "H53.7"), await File.ReadAllBytesAsync(Samples.CongVan));
        Assert.Equal("H53.7", (await system.ArrivedAsync("edoc")).GetProperty("to").GetString());

        system.Do("deleteAgency", "AgencyCode=H53.7");
        system.Do("registerAgency", "--body", body, "--timestamp", stamp); // captured and repeated: it brings nothing back
        system.Refused("19", "deleteAgency", "AgencyCode=G22");
        var gone = Assert.Single(system.Do("getSynchronizeUnit").GetProperty("data").EnumerateArray(), a => a.GetProperty("code").GetString() == "H53.7");
        Assert.Equal("true", gone.GetProperty("deleted").GetString());
    }

    private async Task<GatewayHost> HubAsync(string name, string units)
    {
        await File.WriteAllTextAsync(network["directory.secret"], "bí mật\n");
        await File.WriteAllTextAsync(network[$"units-{name}.tsv"], units);
        return await network.StartAsync(network.Government("directory-" + name) with
        {
            Units = network[$"units-{name}.tsv"],
            Vxp = new VxpConfig
            {
                Listen = "https://127.0.0.1:0",
                Systems = [new() { SystemId = "s53", SecretFile = network["directory.secret"], Organs = [new VxpOrganConfig { Organ = "H53", Name = "Tỉnh Mẫu" }] }],
            },
        });
    }

    private async Task<Unit> UnitAsync(GatewayHost node, string code, Func<Unit, bool> wanted)
    {
        using var channel = network.Channel(node.Address, "system-G99");
        var directory = new DirectoryService.DirectoryServiceClient(channel);
        Unit? found = null;
        for (var patience = new Patience(); patience.Lasts;)
        {
            found = (await directory.ListUnitsAsync(new ListUnitsRequest())).Units.FirstOrDefault(u => u.Code == code);
            if (found is not null && wanted(found))
                return found;
            await Task.Delay(100);
        }

        throw new TimeoutException($"{code}: {found}");
    }
}
