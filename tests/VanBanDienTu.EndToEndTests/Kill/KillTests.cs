using Grpc.Core;
using VanBanDienTu.Cli.Client;
using VanBanDienTu.Contracts.V1;
using VanBanDienTu.EndToEndTests.Nodes;
using VanBanDienTu.Signing.Evidence;
using VanBanDienTu.Signing.Trust;
using VanBanDienTu.TestKit;

namespace VanBanDienTu.EndToEndTests.Kill;

/// <summary>What «accepted» means: handed over exactly once, with receipts, whichever node dies whenever.</summary>
public sealed class KillTests(ITestOutputHelper output)
{
    private static readonly bool Long = Environment.GetEnvironmentVariable("VBDT_LONG") == "1";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(Long ? 60 : 5);

    /// <summary>The signed events that a delivery leaves at its sender once the recipient's system has the document.</summary>
    private static readonly string[] Story = ["RelayAcceptance", "ContentConsignment", "ContentHandover"];

    [Fact]
    public async Task Documents_are_handed_over_exactly_once_although_nodes_are_killed_at_random_moments()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience);
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        await using var nodes = await ThreeNodes.CreateAsync();
        var campaign = new Campaign(nodes, documents: 200, kills: Long ? 400 : 24, seed);

        try
        {
            await campaign.RunAsync(limit.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            Assert.Fail($"Not done in {Patience}: {campaign}{LastWords(nodes)}");
        }

        output.WriteLine($"{campaign.Kills.Count} kills ({string.Join(" ", campaign.Kills.CountBy(name => name))}), {campaign.Senders.CallsRepeated} calls repeated");
        var sent = await ArrivedAsync(nodes, campaign, limit.Token);
        Assert.Equal(200, sent.Count);
        EachHandedOverOnce(campaign, sent);
        await EachHasItsReceiptsAsync(nodes, sent, limit.Token);
    }

    private static string LastWords(ThreeNodes nodes) => string.Concat(
        nodes.Network.Nodes.Select(node => $"\n--- {node.Name}\n{string.Join('\n', File.ReadLines(node.LogFile).TakeLast(15))}"));

    /// <summary>Waits until the sender knows of every arrival (01).</summary>
    private static async Task<List<OutgoingDocument>> ArrivedAsync(ThreeNodes nodes, Campaign campaign, CancellationToken ct)
    {
        var unit = nodes.SystemOf("G99.63");
        var documents = new List<OutgoingDocument>();
        foreach (var id in campaign.Senders.Acknowledged.Values.Select(answer => answer.DocumentId))
        {
            while (true)
            {
                var document = await unit.Outgoing.GetAsync(new GetOutgoingRequest { DocumentId = id }, cancellationToken: ct);
                Assert.NotEqual("Refused", document.State);
                if (document.Deliveries.Count > 0 && document.Deliveries.All(d => d.State == "Arrived"))
                {
                    documents.Add(document);
                    break;
                }
                Assert.DoesNotContain(document.Deliveries, d => d.State is "Failed" or "Rejected" or "Recalled");
                await Task.Delay(TimeSpan.FromMilliseconds(100), ct);
            }
        }
        return documents;
    }

    private static void EachHandedOverOnce(Campaign campaign, List<OutgoingDocument> sent)
    {
        var handovers = campaign.Senders.Handovers.ToList();
        var expected = sent.SelectMany(d => d.Deliveries.Select(x => (Id: x.MessageId, d.EdxmlDocumentId, x.Recipient.OrganId, d.Attachments[0].Sha256)));
        var seen = handovers.Select(h => (Id: h.IncomingId, h.EdxmlDocumentId, OrganId: h.Organ, h.Sha256));
        Assert.Equal(expected.Order(), seen.Order());
        Assert.Equal(handovers.Count, handovers.DistinctBy(h => (h.EdxmlDocumentId, h.Organ)).Count());
    }

    private static async Task EachHasItsReceiptsAsync(ThreeNodes nodes, List<OutgoingDocument> sent, CancellationToken ct)
    {
        var unit = nodes.SystemOf("G99.63");
        var trust = TrustSnapshot.Load(nodes.Network.TrustFolder, allowSample: true);
        foreach (var (number, document) in sent.Index())
        {
            Assert.Equal("SubmissionAcceptance", document.Outcome.Event);
            foreach (var delivery in document.Deliveries)
            {
                using var call = unit.Audit.GetEvidence(new GetEvidenceRequest { MessageId = delivery.MessageId }, cancellationToken: ct);
                var evidence = await ReadAsync(call.ResponseStream, ct);
                // The ministry keeps its own documents itself: there the first hop's receipt is the consignment.
                var expected = delivery.Recipient.OrganId == "G99" ? Story[1..] : Story;
                Assert.Equal(expected, expected.Intersect(evidence.Select(e => e.Event)));
                foreach (var one in evidence)
                    Assert.True(EvidenceVerifier.Verify(one.Json.Memory, one.Signature.Memory, trust, TimeProvider.System.GetUtcNow()).Valid, one.Json.ToStringUtf8());
                if (number % 20 == 0) HearOpenSsl(nodes, evidence[^1]);
            }
        }
    }

    private static async Task<List<Evidence>> ReadAsync(IAsyncStreamReader<Evidence> stream, CancellationToken ct)
    {
        var all = new List<Evidence>();
        await foreach (var one in stream.ReadAllAsync(ct)) all.Add(one);
        return all;
    }

    private static void HearOpenSsl(ThreeNodes nodes, Evidence evidence)
    {
        var json = Path.Combine(nodes.Folder, $"{evidence.EvidenceId}.json");
        File.WriteAllBytes(json, evidence.Json.ToByteArray());
        File.WriteAllBytes(json + ".p7s", evidence.Signature.ToByteArray());
        var answer = ExternalTool.Run(
            "openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", json + ".p7s", "-content", json,
            "-CAfile", Path.Combine(nodes.Network.TrustFolder, "root.pem"), "-purpose", "any", "-out", "/dev/null");
        Assert.True(answer.ExitCode == 0, answer.Output);
    }
}
