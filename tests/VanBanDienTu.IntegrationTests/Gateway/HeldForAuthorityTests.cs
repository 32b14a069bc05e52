using System.Security.Cryptography;
using Grpc.Core;
using VanBanDienTu.Contracts.V1;
using VanBanDienTu.Gateway.Config;
using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Revocation;
using VanBanDienTu.TestKit;
using VanBanDienTu.TestKit.Pki;

namespace VanBanDienTu.IntegrationTests.Gateway;

/// <summary>An organisation that signs above B-B: while an authority fails the document is held, with the reason and the next attempt to be seen; then it goes out.</summary>
public sealed class HeldForAuthorityTests(TestNetwork network) : IClassFixture<TestNetwork>, IAsyncDisposable
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync()
    {
        network.Pki.TimestampLie = network.Pki.OcspLie = network.Pki.CrlLie = PkiLie.None;
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData(PkiLie.ServerError, "HTTP 500")]
    [InlineData(PkiLie.Silent, "no answer within 2 s")]
    public async Task Without_a_timestamp_the_document_waits_and_goes_out_when_the_authority_is_back(PkiLie lie, string word)
    {
        network.Pki.TimestampLie = lie;
        var config = Config("B-T", $"tsa-{lie}");
        var node = await network.StartAsync(config);
        using var unit = new UnitClient(network.Channel(node.Address, "system-H99"));
        var id = (await unit.SubmitAsync(UnitClient.Slip($"tsa-{lie}", "G99"), await File.ReadAllBytesAsync(Samples.CongVan, Ct))).DocumentId;
        var held = await WaitAsync(unit, id, d => d is { State: "Held", Attempts: >= 2 });
        Assert.Equal("TIMESTAMP_UNAVAILABLE", held.ReasonCode);
        Assert.Contains(network.Authority.TsaUrl, held.Reason.En, StringComparison.Ordinal);
        Assert.NotEmpty(held.Reason.Vi);
        Assert.True(held.NextAttemptUnixMs >= held.ChangedUnixMs);
        Assert.Empty(held.Deliveries);
        Assert.Null(held.Outcome);
        if (lie != PkiLie.Silent) // after three failures the breaker speaks instead
            Assert.True(held.Reason.En.Contains(word, StringComparison.Ordinal) || held.Reason.En.Contains("left alone", StringComparison.Ordinal), held.Reason.En);

        network.Pki.TimestampLie = PkiLie.None;
        var sent = await unit.PreparedAsync(id);
        Assert.Equal("Queued", sent.State);
        Assert.Equal(0, sent.NextAttemptUnixMs);
        Assert.Equal("B-T", (await SignedAsync(config, sent)).Level);
    }

    [Fact]
    public async Task Without_revocation_answers_the_document_waits_over_a_restart_of_the_node_too()
    {
        network.Pki.OcspLie = network.Pki.CrlLie = PkiLie.ServerError;
        var config = Config("B-LTA", "restart");
        string id;
        await using (var first = await network.StartAsync(config))
        {
            using var before = new UnitClient(network.Channel(first.Address, "system-H99"));
            id = (await before.SubmitAsync(UnitClient.Slip("restart", "G99"), await File.ReadAllBytesAsync(Samples.CongVan, Ct))).DocumentId;
            var held = await WaitAsync(before, id, d => d.State == "Held");
            Assert.Equal("VALIDATION_DATA_UNAVAILABLE", held.ReasonCode);
            Assert.Contains("OCSP of «UBND tỉnh Mẫu»", held.Reason.En, StringComparison.Ordinal);
        }
        network.Pki.OcspLie = network.Pki.CrlLie = PkiLie.None;
        var second = await network.StartAsync(config);
        using var unit = new UnitClient(network.Channel(second.Address, "system-H99"));
        var sent = await unit.PreparedAsync(id);
        Assert.Equal("Queued", sent.State);
        var own = await SignedAsync(config, sent);
        Assert.Equal(("B-LTA", Indication.TotalPassed), (own.Level, own.Indication));
        Assert.Single(sent.Deliveries);
        Assert.Equal("SubmissionAcceptance", sent.Outcome.Event);
        // What was said to whoever watches: held once, then queued.
        using var watch = unit.Outgoing.Watch(new WatchOutgoingRequest { DocumentId = id }, cancellationToken: Ct);
        var told = new List<string>();
        while (!told.Contains("Queued") && await watch.ResponseStream.MoveNext(Ct))
            if (watch.ResponseStream.Current.MessageId.Length == 0)
                told.Add(watch.ResponseStream.Current.State);
        Assert.Equal(["Received", "Held", "Queued"], told);
    }

    [Fact]
    public async Task The_second_authority_is_asked_before_anything_is_held_and_the_configured_order_decides_whose_answers_are_in_the_file()
    {
        var config = Config("B-LT", "second");
        var node = await network.StartAsync(config with
        {
            Timestamps = config.Timestamps! with { Authorities = ["http://127.0.0.1:1/", network.Authority.TsaUrl] },
            Trust = config.Trust with { RevocationOrder = RevocationOrder.CrlThenOcsp },
        });
        using var unit = new UnitClient(network.Channel(node.Address, "system-H99"));
        var id = (await unit.SubmitAsync(UnitClient.Slip("second", "G99"), await File.ReadAllBytesAsync(Samples.CongVan, Ct))).DocumentId;
        var sent = await unit.PreparedAsync(id);
        Assert.Equal(("Queued", 1), (sent.State, sent.Attempts));
        var own = await SignedAsync(config, sent);
        Assert.Equal("B-LT", own.Level);
        Assert.All(own.Revocation, r => Assert.Equal(("crl", true), (r.Source, r.Embedded)));
    }

    [Fact]
    public void A_level_without_an_authority_and_a_rewriting_that_is_none_are_named_before_the_node_starts()
    {
        var config = Config("B-LTX", "bad");
        var bad = config with
        {
            Organs = [config.Organs[0], config.Organs[1] with { Signing = config.Organs[1].Signing! with { Level = "B-LTA" } }],
            Timestamps = null,
            Trust = config.Trust with { Offline = true, RevocationRewrites = ["http://a"] },
        };
        var fault = Assert.Throws<VanBanDienTu.Gateway.GatewayException>(() =>
            NodeConfigFile.Parse(System.Text.Encoding.UTF8.GetBytes(NodeConfigFile.ToJson(bad)), network["."]));
        Assert.Contains("organs[0].signing.level: \"B-LTX\" is not a level", fault.En, StringComparison.Ordinal);
        Assert.Contains("organs[1].signing.level: the level B-LTA needs timestamp authorities", fault.En, StringComparison.Ordinal);
        Assert.Contains("trust.revocationRewrites[0]: must be FROM=TO", fault.En, StringComparison.Ordinal);
    }

    private NodeConfig Config(string level, string data)
    {
        var config = network.Government("held-" + data);
        return config with
        {
            Organs = [.. config.Organs.Select(o => o with { Signing = o.Signing! with { Level = level } })],
            Trust = config.Trust with { RevocationTimeout = TimeSpan.FromSeconds(20), RevocationPause = TimeSpan.FromMilliseconds(200) },
            Timestamps = new TimestampConfig
            {
                Authorities = [network.Authority.TsaUrl], Timeout = TimeSpan.FromSeconds(data.EndsWith("Silent", StringComparison.Ordinal) ? 2 : 60), BreakDuration = TimeSpan.FromSeconds(0.5),
            },
        };
    }

    private static async Task<OutgoingDocument> WaitAsync(UnitClient unit, string id, Func<OutgoingDocument, bool> until)
    {
        OutgoingDocument document = new();
        for (var patience = new Patience(); patience.Lasts;)
        {
            document = await unit.Outgoing.GetAsync(new GetOutgoingRequest { DocumentId = id }, cancellationToken: Ct);
            if (until(document))
                return document;
            await Task.Delay(50, Ct);
        }
        throw new TimeoutException($"{document.State} {document.ReasonCode} {document.Attempts}");
    }

    /// <summary>The organisation's signature in what the node stored, by somebody without a network.</summary>
    private async Task<VanBanDienTu.Signing.SignatureVerdict> SignedAsync(NodeConfig config, OutgoingDocument sent)
    {
        var file = network[sent.DocumentId + ".pdf"];
        await File.WriteAllBytesAsync(file, Stored(config.Data, sent.Attachments[0]), Ct);
        var verdict = await new PdfVerifier(network.Pki.Trust, null, TimeProvider.System).VerifyAsync(file, cancellation: Ct);
        return verdict.Signatures[0];
    }

    // Wherever the node keeps it: in a file of its own, or in one that several payloads share.
    private static byte[] Stored(string data, Attachment wanted)
    {
        foreach (var file in Directory.EnumerateFiles(data, "*", SearchOption.AllDirectories).Where(f => new FileInfo(f).Length >= wanted.Size))
        {
            var bytes = File.ReadAllBytes(file);
            for (var at = bytes.AsSpan().IndexOf("%PDF-"u8); at >= 0 && at + wanted.Size <= bytes.Length;)
            {
                var one = bytes.AsSpan(at, (int)wanted.Size);
                if (Convert.ToHexStringLower(SHA256.HashData(one)) == wanted.Sha256)
                    return one.ToArray();
                var next = bytes.AsSpan(at + 1).IndexOf("%PDF-"u8);
                at = next < 0 ? -1 : at + 1 + next;
            }
        }
        throw new FileNotFoundException($"The node keeps no {wanted.Sha256} in {data}.");
    }
}
