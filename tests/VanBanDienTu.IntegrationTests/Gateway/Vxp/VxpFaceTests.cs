using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using VanBanDienTu.Contracts.V1;
using VanBanDienTu.Gateway.Config;
using VanBanDienTu.Gateway.Hosting;
using VanBanDienTu.TestKit;

namespace VanBanDienTu.IntegrationTests.Gateway.Vxp;

/// <summary>The government's hub, two units behind its VXP face (G13, H09) and one of its own (G22) that speaks gRPC.</summary>
public sealed class VxpFaceTests(TestNetwork network) : IClassFixture<TestNetwork>, IAsyncLifetime
{
    private static readonly XNamespace Ns = "http://www.mic.gov.vn/TBT/QCVN_102_2016";

    private readonly string folder = "vxp-" + Guid.NewGuid();
    private GatewayHost hub = null!;
    private VxpSystem g13 = null!;
    private VxpSystem h09 = null!;
    private string packetFile = null!;

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(network[folder]);
        packetFile = Write("document.edxml", VxpSystem.Sample("document.edxml"));
        Write("g13.secret", "test-secret\n");
        Write("h09.secret", "mật khẩu của H09\n");
        hub = await network.StartAsync(network.Government(Path.Combine(folder, "hub")) with
        {
            Vxp = new VxpConfig
            {
                Listen = "https://127.0.0.1:0",
                Systems = [System("00.13.W00", "g13.secret", "G13"), System("00.09.W00", "h09.secret", "H09")],
            },
        });
        g13 = Client("00.13.W00", "g13.secret");
        h09 = Client("00.09.W00", "h09.secret");
    }

    public ValueTask DisposeAsync() => hub.DisposeAsync();

    [Fact]
    public async Task A_packet_built_by_hand_goes_through_to_both_kinds_of_units_and_their_answers_come_back()
    {
        var docId = g13.Send("G13", "edoc", packetFile);

        // To the unit that speaks gRPC: the very PDF of the packet.
        using var g22 = new UnitClient(network.Channel(hub.Address, "system-G22"));
        var arrived = await g22.ArrivedAsync("G13,2024/11/21,1234/BTNMT-KHTC");
        var (header, pdf) = await g22.FetchAsync(arrived.IncomingId);
        Assert.Equal("53f84e4d60ee8f2251d4390c95e0a4e98d155ceba81f1d17540ead0bf27044ba", Convert.ToHexStringLower(SHA256.HashData(pdf)));
        Assert.Equal(["G13", "G22"], header.Hops.Select(h => h.OrganId));
        await g22.Incoming.ConfirmFetchAsync(new ConfirmFetchRequest { IncomingId = arrived.IncomingId });

        // To the unit that takes packets: the same header and the same bytes.
        var waiting = await h09.ArrivedAsync("edoc");
        Assert.Equal(("G13", "H09", "initial"), (Text(waiting, "from"), Text(waiting, "to"), Text(waiting, "status")));
        Assert.Equal("1", h09.Do("countReceiveEdoc").GetProperty("count").GetString());
        var got = XDocument.Parse(Encoding.UTF8.GetString(h09.Get(Text(waiting, "docId"), network[Path.Combine(folder, "got.edxml")])));
        var sent = XDocument.Parse(VxpSystem.Sample("document.edxml"));
        Assert.Equal(Value(sent, "ContentTransferEncoded"), Value(got, "ContentTransferEncoded"));
        Assert.Equal(sent.Descendants(Ns + "MessageHeader").Single().Value, got.Descendants(Ns + "MessageHeader").Single().Value);
        Assert.Equal(["G13", "G22"], got.Descendants(Ns + "TraceHeader").Select(t => t.Element(Ns + "OrganId")!.Value));
        var downloaded = network[Path.Combine(folder, "downloaded.edxml")];
        h09.Do("downloadEdoc", $"docId={Text(waiting, "docId")}", "--out", downloaded);
        Assert.Equal(got.ToString(), XDocument.Load(downloaded).ToString());

        // The acknowledgement is the handover: it leaves the list, 01 leaves for the sender. Then the unit's own 02.
        h09.Do("updateStatus", $"docId={Text(waiting, "docId")}", "status=done");
        Assert.Empty(h09.Waiting("edoc"));
        h09.Send("H09", "status", Write("status.edxml", VxpSystem.Sample("status-02.edxml")));

        var statuses = await StatusesAsync(3);
        Assert.Equal(["G22 01", "H09 01", "H09 02"], statuses.Select(s => $"{Value(s, "OrganId")} {Value(s, "StatusCode")}").Order(StringComparer.Ordinal));
        Assert.Equal(VxpSystem.Sample("status-02.edxml"), statuses.Single(s => Value(s, "StatusCode") == "02").Root!.Attribute("raw")!.Value);
        var rows = g13.Sent();
        Assert.All(rows, row => Assert.Equal(docId, Text(row, "senderDocId")));
        Assert.Equal([("G22", "done", "Arrived"), ("H09", "done", "Rejected")],
            rows.Select(r => (Text(r, "toCode"), Text(r, "receiveStatus"), Text(r, "receiveStatusDesc"))).Order());
    }

    [Fact]
    public async Task A_document_of_a_gRPC_unit_arrives_as_a_packet_and_done_is_its_01()
    {
        using var g22 = new UnitClient(network.Channel(hub.Address, "system-G22"));
        var submitted = await g22.SubmitAsync(UnitClient.Slip("to-packets", "G13"), await File.ReadAllBytesAsync(Samples.CongVan));
        var waiting = await g13.ArrivedAsync("edoc");
        var packet = XDocument.Parse(Encoding.UTF8.GetString(g13.Get(Text(waiting, "docId"), network[Path.Combine(folder, "in.edxml")])));
        Assert.Equal(submitted.EdxmlDocumentId, Value(packet, "DocumentId"));
        var bytes = Convert.FromBase64String(Value(packet, "ContentTransferEncoded"));
        var original = await File.ReadAllBytesAsync(Samples.CongVan);
        Assert.True(bytes.AsSpan().StartsWith(original), "the signed document begins with the submitted bytes");

        g13.Do("updateStatus", $"docId={Text(waiting, "docId")}", "status=processing");
        Assert.Equal("processing", Text(Assert.Single(g13.Waiting("edoc")), "status")); // taken, not kept: a system that dies finds it again
        Assert.NotEqual("Arrived", (await g22.PreparedAsync(submitted.DocumentId)).Deliveries[0].State);
        g13.Do("updateStatus", $"docId={Text(waiting, "docId")}", "status=done");
        g13.Do("updateStatus", $"docId={Text(waiting, "docId")}", "status=fail"); // what is done stays done
        Assert.Equal("Arrived", await LinkTests.StateAsync(g22, submitted.DocumentId, "Arrived"));
    }

    [Fact]
    public async Task A_packet_that_a_unit_cannot_take_is_a_failure_that_its_sender_sees_and_may_send_again()
    {
        using var g22 = new UnitClient(network.Channel(hub.Address, "system-G22"));
        var submitted = await g22.SubmitAsync(UnitClient.Slip("cannot-take", "G13"), await File.ReadAllBytesAsync(Samples.CongVan));
        var docId = Text(await g13.ArrivedAsync("edoc"), "docId");
        g13.Do("updateStatus", $"docId={docId}", "status=fail");
        Assert.Empty(g13.Waiting("edoc"));
        Assert.Equal("Failed", await LinkTests.StateAsync(g22, submitted.DocumentId, "Failed"));

        await g22.Outgoing.RequeueAsync(new RequeueRequest { DocumentId = submitted.DocumentId });
        Assert.Equal(docId, Text(await g13.ArrivedAsync("edoc"), "docId"));
    }

    [Fact]
    public void The_same_packet_again_is_the_same_document()
    {
        var first = g13.Send("G13", "edoc", packetFile);
        Assert.Equal(first, g13.Send("G13", "edoc", packetFile));
        Assert.Equal(first, g13.Send("G13", "edoc", packetFile, "--standard-hash")); // either writing of hash-file
        Assert.Equal(2, g13.Sent().Count);
    }

    [Fact]
    public async Task A_unit_at_its_quota_gets_20_which_is_worth_a_retry()
    {
        await hub.DisposeAsync();
        var config = network.Government(Path.Combine(folder, "hub"));
        hub = await network.StartAsync(config with
        {
            Vxp = new VxpConfig { Listen = "https://127.0.0.1:0", Systems = [System("00.13.W00", "g13.secret", "G13"), System("00.09.W00", "h09.secret", "H09")] },
            Limits = config.Limits with { Quotas = [new QuotaConfig { Organ = "G13", DailyDocuments = 1 }] },
        });
        g13 = Client("00.13.W00", "g13.secret");
        var docId = g13.Send("G13", "edoc", packetFile);
        var other = Write("other.edxml", VxpSystem.Sample("document.edxml").Replace("1234/BTNMT-KHTC", "1235/BTNMT-KHTC", StringComparison.Ordinal));
        Assert.Contains("hạn mức", g13.Refused("20", "sendEdoc", "from=G13", "servicetype=eDoc", "messagetype=edoc", "--file", other), StringComparison.Ordinal);
        Assert.Equal(docId, g13.Send("G13", "edoc", packetFile)); // what was taken is answered the same
    }

    [Fact]
    public void Only_the_recipients_that_the_header_names_get_it()
    {
        g13.Send("G13", "edoc", packetFile, """to=["H09"]""");
        Assert.Equal(["H09"], g13.Sent().Select(s => Text(s, "toCode")));
        g13.Refused("22", "sendEdoc", "from=G13", "servicetype=eDoc", "messagetype=edoc", """to=["H99"]""", "--file", packetFile);
    }

    [Theory]
    [InlineData("15", "--other-secret")]
    [InlineData("15", "--timestamp", "21112024T091530+0123")] // stale
    [InlineData("15", "--timestamp", "2024-11-21 09:15:30")]
    [InlineData("15", "--change", "messagetype=status")] // another value than the signed one
    [InlineData("10", "--unsigned", "messagetype")] // what is not signed is not believed
    [InlineData("15", "--unsigned", "timestamp")]
    [InlineData("15", "--unsigned", "systemid")]
    public void A_request_that_is_not_the_systems_own_gets_its_code(string code, params string[] fault) =>
        Assert.NotEmpty(g13.Refused(code, ["getReceivedEdocList", "servicetype=eDoc", "messagetype=edoc", .. fault]));

    [Fact]
    public void A_stranger_learns_nothing_about_which_systems_exist()
    {
        var unknown = new VxpSystem(Endpoint, Root, "00.99.W00", network[Path.Combine(folder, "g13.secret")]);
        Assert.Equal(
            g13.Refused("15", "getAgenciesList", "--other-secret"), unknown.Refused("15", "getAgenciesList"));
    }

    [Fact]
    public void A_packet_that_is_wrong_gets_its_code()
    {
        var sample = VxpSystem.Sample("document.edxml");
        Assert.Contains("CodeNumber", Refused("22", sample.Replace("CodeNumber>", "Codenumber>", StringComparison.Ordinal)), StringComparison.Ordinal); // broken edXML
        Refused("22", sample[..^100]);
        Refused("22", "<!DOCTYPE edXML [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>" + sample[sample.IndexOf("<edXML", StringComparison.Ordinal)..]);
        Refused("22", sample.Replace("V/v báo cáo", "(MẬT) V/v báo cáo", StringComparison.Ordinal).Replace("<edXML:TypeName>Công văn", "<edXML:TypeName>Tuyệt mật", StringComparison.Ordinal));
        Refused("18", sample.Replace(">H09<", ">K01<", StringComparison.Ordinal)); // unknown agency
        Refused("23", sample.Replace(">H09<", ">G97<", StringComparison.Ordinal)); // locked agency
        Refused("19", sample.Replace(">G13<", ">H09<", StringComparison.Ordinal).Replace(">H09<", ">G13<", StringComparison.Ordinal), from: "H09");
        Refused("19", sample.Replace("<edXML:OrganId>G13</edXML:OrganId>\n          <edXML:OrganizationInCharge>", "<edXML:OrganId>H09</edXML:OrganId>\n          <edXML:OrganizationInCharge>", StringComparison.Ordinal));
        g13.Refused("10", "sendEdoc", "from=G13", "servicetype=eDoc", "messagetype=edoc", $"hash-file={new string('0', 64)}", "--file", packetFile);
        g13.Refused("10", "sendEdoc", "from=G13", "servicetype=eDoc", "messagetype=edoc", "hash-file=0");
        Assert.Empty(g13.Sent());

        string Refused(string code, string packet, string from = "G13") => g13.Refused(
            code, "sendEdoc", $"from={from}", "servicetype=eDoc", "messagetype=edoc", "--file", Write("bad.edxml", packet));
    }

    [Fact]
    public async Task A_recall_is_asked_and_agreed_between_packet_units()
    {
        g13.Send("G13", "edoc", packetFile, """to=["H09"]""");
        h09.Do("updateStatus", $"docId={Text(await h09.ArrivedAsync("edoc"), "docId")}", "status=done");
        await StatusesAsync(1);
        g13.Send("G13", "status", Write("13.edxml", Status("G13", "H09", "13", "Gửi nhầm")));
        var asked = await h09.ArrivedAsync("status");
        Assert.Contains("Gửi nhầm", Encoding.UTF8.GetString(h09.Get(Text(asked, "docId"), network[Path.Combine(folder, "asked.edxml")])), StringComparison.Ordinal);
        h09.Do("updateStatus", $"docId={Text(asked, "docId")}", "status=done");
        h09.Send("H09", "status", Write("15.edxml", Status("H09", "G13", "15", "Đồng ý")));
        await StatusesAsync(1);
        Assert.Equal("Recalled", Text(g13.Sent().Single(), "receiveStatusDesc"));
        // A second 15 answers nothing that is open.
        h09.Refused("22", "sendEdoc", "from=H09", "servicetype=eDoc", "messagetype=status", "--file", Write("15b.edxml", Status("H09", "G13", "15", "Lần hai")));
    }

    [Fact]
    public void A_rotated_secret_counts_at_once_and_the_old_one_while_both_stand_in_the_file()
    {
        g13.Do("getAgenciesList");
        var old = Write("old.secret", "test-secret\n");
        File.SetLastWriteTimeUtc(Write("g13.secret", "new-secret\ntest-secret\n"), DateTime.UtcNow.AddSeconds(2));
        g13.Do("getAgenciesList");
        new VxpSystem(Endpoint, Root, "00.13.W00", old).Do("getAgenciesList");
        File.SetLastWriteTimeUtc(Write("g13.secret", "new-secret\n"), DateTime.UtcNow.AddSeconds(4));
        new VxpSystem(Endpoint, Root, "00.13.W00", old).Refused("15", "getAgenciesList");
    }

    private string Endpoint => hub.VxpAddress + "/XrdAdapter/adapter";

    private string Root => Path.Combine(network.Authority.TrustFolder, "root.pem");

    private VxpSystem Client(string systemId, string secret) => new(Endpoint, Root, systemId, network[Path.Combine(folder, secret)]);

    private VxpSystemConfig System(string id, string secret, string organ) =>
        new() { SystemId = id, SecretFile = network[Path.Combine(folder, secret)], Organs = [new VxpOrganConfig { Organ = organ, Name = $"Cơ quan {organ}" }] };

    private string Write(string name, string text)
    {
        var file = network[Path.Combine(folder, name)];
        File.WriteAllText(file, text);
        return file;
    }

    /// <summary>Takes the status packets that G13 gets, until there were so many; acknowledges each.</summary>
    private async Task<List<XDocument>> StatusesAsync(int count)
    {
        var statuses = new List<XDocument>();
        for (var patience = new Patience(); patience.Lasts && statuses.Count < count;)
        {
            foreach (var item in g13.Waiting("status"))
            {
                var raw = Encoding.UTF8.GetString(g13.Get(Text(item, "docId"), network[Path.Combine(folder, "status-in.edxml")]));
                var xml = XDocument.Parse(raw);
                xml.Root!.SetAttributeValue("raw", raw);
                statuses.Add(xml);
                g13.Do("updateStatus", $"docId={Text(item, "docId")}", "status=done");
            }

            await Task.Delay(50);
        }

        Assert.Equal(count, statuses.Count);
        return statuses;
    }

    private static string Status(string from, string about, string code, string description) => VxpSystem.Sample("status-02.edxml")
        .Replace("<edXML:OrganId>H09</edXML:OrganId>", $"<edXML:OrganId>@</edXML:OrganId>", StringComparison.Ordinal)
        .Replace("<edXML:OrganId>G13</edXML:OrganId>", $"<edXML:OrganId>{about}</edXML:OrganId>", StringComparison.Ordinal)
        .Replace(">@<", $">{from}<", StringComparison.Ordinal)
        .Replace(">02<", $">{code}<", StringComparison.Ordinal)
        .Replace("Từ chối tiếp nhận: chữ ký số của cơ quan không hợp lệ (chứng thư số đã bị thu hồi trước thời điểm ký)", description, StringComparison.Ordinal);

    private static string Text(global::System.Text.Json.JsonElement item, string name) => item.GetProperty(name).GetString()!;

    private static string Value(XDocument xml, string name) => xml.Descendants(Ns + name).First().Value;
}
