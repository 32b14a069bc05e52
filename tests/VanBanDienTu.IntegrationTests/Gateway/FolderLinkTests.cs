using Grpc.Core;
using VanBanDienTu.Contracts.V1;
using VanBanDienTu.Gateway.Config;
using VanBanDienTu.Gateway.Hosting;
using VanBanDienTu.TestKit;

namespace VanBanDienTu.IntegrationTests.Gateway;

/// <summary>Two nodes without a line between them; somebody carries files.</summary>
public sealed class FolderLinkTests(TestNetwork network) : IClassFixture<TestNetwork>, IAsyncLifetime
{
    private readonly string folder = "carried-" + Guid.NewGuid();
    private GatewayHost government = null!;
    private GatewayHost ministry = null!;
    private UnitClient h99 = null!;
    private UnitClient g99 = null!;

    public async ValueTask InitializeAsync()
    {
        foreach (var name in new[] { "g-out", "g-in", "m-out", "m-in" })
            Directory.CreateDirectory(Of(name));
        government = await network.StartAsync(network.Government(Path.Combine(folder, "government")) with { Links = [Link("G99", "g", "G99")] });
        ministry = await network.StartAsync(network.Node("ministry", "G99", Path.Combine(folder, "ministry")) with
        {
            Organs = [network.Organ("G99")],
            Members = [network.Member("G99", "system-G99", MemberRole.System), network.Member("G22", "operator", MemberRole.Operator), network.Member("G22", "auditor", MemberRole.Auditor)],
            Links = [Link("G22", "m", "*")],
        });
        h99 = new UnitClient(network.Channel(government.Address, "system-H99"));
        g99 = new UnitClient(network.Channel(ministry.Address, "system-G99"));
    }

    public async ValueTask DisposeAsync()
    {
        h99.Dispose();
        g99.Dispose();
        await ministry.DisposeAsync();
        await government.DisposeAsync();
    }

    [Fact]
    public async Task A_document_is_carried_over_and_signed_receipts_are_carried_back()
    {
        var submitted = await g99.SubmitAsync(UnitClient.Slip("carried", "H99"), await File.ReadAllBytesAsync(Samples.CongVan));
        var bundle = await AppearsAsync("m-out", ".vbdt");
        var waiting = (await g99.PreparedAsync(submitted.DocumentId)).Deliveries[0];
        Assert.Equal("Queued", waiting.State); // nobody over there has it yet

        Carry("m-out", "g-in");
        var arrived = await h99.ArrivedAsync(submitted.EdxmlDocumentId);
        Assert.Equal((waiting.MessageId, "Accepted"), (arrived.IncomingId, arrived.Acceptance));
        await AppearsAsync("g-out", ".receipt.json");
        Assert.Equal("Queued", (await g99.Outgoing.GetAsync(new GetOutgoingRequest { DocumentId = submitted.DocumentId })).Deliveries[0].State);
        Carry("g-out", "m-in");
        Assert.Equal("Relayed", await LinkTests.StateAsync(g99, submitted.DocumentId, "Relayed"));
        Assert.False(File.Exists(bundle), "a bundle whose receipt is back is taken away");

        await h99.Incoming.ConfirmFetchAsync(new ConfirmFetchRequest { IncomingId = arrived.IncomingId });
        await AppearsAsync("g-out", ".vbdt"); // 01, with its evidence
        Carry("g-out", "m-in");
        Assert.Equal("Arrived", await LinkTests.StateAsync(g99, submitted.DocumentId, "Arrived"));
        using var auditor = new UnitClient(network.Channel(ministry.Address, "auditor"));
        using var call = auditor.Audit.GetEvidence(new GetEvidenceRequest { DocumentId = submitted.DocumentId });
        var events = new List<string>();
        await foreach (var evidence in call.ResponseStream.ReadAllAsync())
            events.Add(evidence.Event);
        Assert.Contains("ContentConsignment", events); // signed by the other node, as over a line
        Assert.Contains("ContentHandover", events);
    }

    [Fact]
    public async Task What_is_carried_twice_or_lost_on_the_way_changes_nothing()
    {
        var submitted = await g99.SubmitAsync(UnitClient.Slip("twice", "H99"), await File.ReadAllBytesAsync(Samples.CongVan));
        var bundle = await AppearsAsync("m-out", ".vbdt");
        Carry("m-out", "g-in");
        var first = await File.ReadAllTextAsync(await AppearsAsync("g-out", ".receipt.json"));
        foreach (var receipt in Directory.GetFiles(Of("g-out")))
            File.Delete(receipt); // the medium is lost
        Assert.True(File.Exists(bundle), "the bundle is still there");
        Carry("m-out", "g-in"); // the same bundle again
        Assert.Equal(first, await File.ReadAllTextAsync(await AppearsAsync("g-out", ".receipt.json")));
        Carry("g-out", "m-in", move: false);
        Assert.Equal("Relayed", await LinkTests.StateAsync(g99, submitted.DocumentId, "Relayed"));
        Carry("g-out", "m-in"); // an old receipt: nothing waits for it
        await GoneAsync("m-in");
        Assert.Single((await h99.Incoming.ListAsync(new ListIncomingRequest())).Documents);
    }

    [Fact]
    public async Task A_bundle_that_was_touched_on_the_way_is_refused_and_kept()
    {
        var submitted = await g99.SubmitAsync(UnitClient.Slip("touched", "H99"), await File.ReadAllBytesAsync(Samples.CongVan));
        var bytes = await File.ReadAllBytesAsync(await AppearsAsync("m-out", ".vbdt"));
        var text = System.Text.Encoding.Latin1.GetString(bytes);
        // Its attachment, its header, its end.
        await File.WriteAllBytesAsync(Of("g-in/a.vbdt"), Flip(bytes, text.IndexOf("%PDF-", StringComparison.Ordinal) + 2_000));
        await File.WriteAllBytesAsync(Of("g-in/b.vbdt"), Flip(bytes, text.IndexOf("\"messageId\": \"", StringComparison.Ordinal) + 15));
        await File.WriteAllBytesAsync(Of("g-in/c.vbdt"), bytes[..(bytes.Length / 2)]);
        for (var patience = new Patience(); patience.Lasts && Directory.GetFiles(Of("g-in"), "*.bad").Length < 3;)
            await Task.Delay(100);
        Assert.Equal(["a.vbdt.bad", "b.vbdt.bad", "c.vbdt.bad"], Directory.GetFiles(Of("g-in")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Empty(Directory.GetFiles(Of("g-out")));
        using var channel = network.Channel(government.Address, "operator");
        Assert.Equal(3, (await new OperationsService.OperationsServiceClient(channel).ListQuarantineAsync(new ListQuarantineRequest())).Messages.Count);

        Carry("m-out", "g-in"); // the good one still goes through
        await h99.ArrivedAsync(submitted.EdxmlDocumentId);
    }

    [Fact]
    public async Task A_medium_that_is_away_is_waited_for()
    {
        Directory.Delete(Of("m-out"));
        var submitted = await g99.SubmitAsync(UnitClient.Slip("away", "H99"), await File.ReadAllBytesAsync(Samples.CongVan));
        await g99.PreparedAsync(submitted.DocumentId);
        await Task.Delay(300);
        Directory.CreateDirectory(Of("m-out"));
        await AppearsAsync("m-out", ".vbdt");
        Carry("m-out", "g-in");
        await h99.ArrivedAsync(submitted.EdxmlDocumentId);
    }

    private string Of(string name) => network[Path.Combine(folder, name)];

    private LinkConfig Link(string organ, string side, string route) => new()
    {
        Name = "carried", Kind = LinkKind.Folder, Organ = organ, Routes = [route],
        Folder = new FolderLinkConfig { Out = Of($"{side}-out"), In = Of($"{side}-in"), Poll = TimeSpan.FromMilliseconds(100) },
    };

    /// <summary>A person with a USB stick: copies what has a name that shows, and perhaps clears the stick.</summary>
    private void Carry(string from, string to, bool move = true)
    {
        foreach (var file in Directory.GetFiles(Of(from)).Where(f => !Path.GetFileName(f).StartsWith('.')))
        {
            File.Copy(file, Path.Combine(Of(to), Path.GetFileName(file)), overwrite: true);
            if (move && file.EndsWith(".json", StringComparison.Ordinal))
                File.Delete(file);
        }
    }

    private async Task<string> AppearsAsync(string where, string extension)
    {
        for (var patience = new Patience(); patience.Lasts;)
        {
            if (Directory.GetFiles(Of(where)).FirstOrDefault(f => f.EndsWith(extension, StringComparison.Ordinal) && !Path.GetFileName(f).StartsWith('.')) is { } file)
                return file;
            await Task.Delay(100);
        }

        throw new TimeoutException($"Nothing like *{extension} came into {where}.");
    }

    private async Task GoneAsync(string where)
    {
        for (var patience = new Patience(); patience.Lasts && Directory.GetFiles(Of(where)).Length > 0;)
            await Task.Delay(100);
        Assert.Empty(Directory.GetFiles(Of(where)));
    }

    private static byte[] Flip(byte[] bytes, int at)
    {
        byte[] bent = [.. bytes];
        bent[at] = bent[at] == (byte)'0' ? (byte)'1' : (byte)'0';
        return bent;
    }
}
