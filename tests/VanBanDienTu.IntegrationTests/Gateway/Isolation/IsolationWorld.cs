using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Grpc.Core;
using Grpc.Net.Client;
using VanBanDienTu.Contracts.V1;
using VanBanDienTu.Gateway.Config;
using VanBanDienTu.TestKit;

namespace VanBanDienTu.IntegrationTests.Gateway.Isolation;

/// <summary>What an id opens, and for whom. The same text may open different things.</summary>
internal enum Opens
{
    Nothing,

    /// <summary>An outgoing document.</summary>
    Document,

    /// <summary>An incoming document.</summary>
    Incoming,

    /// <summary>The evidence of a message.</summary>
    Message,
    Report,
}

/// <summary>
/// One node where three units live, with documents between them that the dice chose: fetched, answered, refused, taken back, and some for a unit
/// elsewhere whose line is dead.
/// </summary>
internal sealed partial class IsolationWorld(TestNetwork network, int seed) : IAsyncDisposable
{
    public static readonly string[] Units = ["G22", "H99", "G99.63"];

    // Of another node: it has its role here, and no documents.
    private const string Elsewhere = "G99";

    private readonly Random dice = new(seed);
    private readonly ConcurrentDictionary<(Opens What, string Id), string[]> rights = new();
    private readonly ConcurrentBag<(string Secret, string[] Parties)> secrets = [];
    private readonly Dictionary<string, GrpcChannel> channels = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> ownDocument = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> ownIncoming = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> ownReport = new(StringComparer.Ordinal);

    public string Address { get; private set; } = "";

    public Random Dice => dice;

    /// <summary>Every id that exists here, whoever's.</summary>
    public IReadOnlyList<string> Ids => [.. rights.Keys.Select(k => k.Id).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>Whether the id opens this for the unit; for nothing: whether the unit has to do with it at all.</summary>
    public bool MayOpen(string unit, Opens what, string id) => what == Opens.Nothing
        ? Enum.GetValues<Opens>().Any(any => Holds(unit, any, id))
        : Holds(unit, what, id);

    private bool Holds(string unit, Opens what, string id) =>
        rights.TryGetValue((what, id), out var owners) && owners.Contains(unit, StringComparer.Ordinal);

    /// <summary>What tells of documents that a unit is no party of.</summary>
    public IReadOnlyList<string> SecretsFrom(string? unit) =>
        [.. secrets.Where(s => unit is null || !s.Parties.Contains(unit, StringComparer.Ordinal)).Select(s => s.Secret)];

    /// <summary>The words that stand in what a unit sent, received or had verified.</summary>
    public IReadOnlyList<string> MarksOf(string unit) =>
        [.. secrets.Where(s => s.Parties.Contains(unit, StringComparer.Ordinal) && s.Secret.StartsWith('~')).Select(s => s.Secret)];

    public string DocumentOf(string unit) => ownDocument.GetValueOrDefault(unit, Guid.Empty.ToString());

    public string IncomingOf(string unit) => ownIncoming.GetValueOrDefault(unit, Guid.Empty.ToString());

    public string ReportOf(string unit) => ownReport.GetValueOrDefault(unit, "none");

    public GrpcChannel Channel(string key)
    {
        lock (channels)
            return channels.TryGetValue(key, out var known) ? known : channels[key] = network.Channel(Address, key);
    }

    public GrpcChannel Of(string unit) => Channel($"system-{unit}");

    public async Task StartAsync()
    {
        var config = network.Government($"isolation-{seed}-{Guid.NewGuid()}");
        var node = await network.StartAsync(config with
        {
            Organs = [.. config.Organs, network.Organ("G99.63")],
            Members = [.. config.Members.Where(m => m.Organ != "G99.63"), network.Member("G99.63", "system-G99.63", MemberRole.System)],
        });
        Address = node.Address;
        var plans = Enumerable.Range(0, 6).Select(i => Plan(i)).ToList();
        await Task.WhenAll(plans.Select(plan => LiveAsync(plan)));
        await Task.WhenAll(Units.Select(VerifyAsync));
    }

    public ValueTask DisposeAsync()
    {
        foreach (var channel in channels.Values)
            channel.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Everything that the units' own documents are now, as their owners see it; how often a dead line was tried does not count.</summary>
    public async Task<string> StateAsync()
    {
        var state = new List<string>();
        foreach (var (key, owners) in rights.Where(r => r.Key.What is Opens.Document or Opens.Incoming).OrderBy(r => r.Key.Id, StringComparer.Ordinal))
        {
            if (key.What == Opens.Incoming)
            {
                state.Add((await new IncomingService.IncomingServiceClient(Of(owners[0])).GetAsync(new GetIncomingRequest { IncomingId = key.Id })).ToString());
                continue;
            }

            var document = await new OutgoingService.OutgoingServiceClient(Of(owners[0])).GetAsync(new GetOutgoingRequest { DocumentId = key.Id });
            foreach (var delivery in document.Deliveries)
                (delivery.Attempts, delivery.NextAttemptUnixMs, delivery.LastError) = (0, 0, "");
            state.Add(document.ToString());
        }

        return string.Join('\n', state);
    }

    private (string Sender, string[] Recipients, string Mark, int Number, string[] Fates, string Recall) Plan(int index)
    {
        var sender = Units[index % Units.Length];
        var others = Units.Append(Elsewhere).Where(u => u != sender).ToArray();
        dice.Shuffle(others);
        var recipients = others[..dice.Next(1, others.Length)];
        string[] fates = ["", "fetched", "03", "02", "06"];
        return (sender, recipients, $"~dấu{dice.Next():x8}vết", dice.Next(10_000, 99_999), [.. recipients.Select(_ => fates[dice.Next(fates.Length)])], dice.Next(3) == 0 ? "lấy lại" : "");
    }

    private async Task LiveAsync((string Sender, string[] Recipients, string Mark, int Number, string[] Fates, string Recall) plan)
    {
        var sender = new UnitClient(Of(plan.Sender));
        var header = UnitClient.Slip($"yêu cầu {plan.Mark}", plan.Recipients);
        (header.Document.Number, header.Document.Subject, header.Attachments[0].Name) = ($"{plan.Number}", $"V/v {plan.Mark}", $"{plan.Mark}.pdf");
        var submitted = await sender.SubmitAsync(header, await File.ReadAllBytesAsync(Samples.CongVan));
        var prepared = await sender.PreparedAsync(submitted.DocumentId);
        Assert.Equal("Queued", prepared.State);
        string[] parties = [plan.Sender, .. plan.Recipients.Where(r => r != Elsewhere)];
        foreach (var secret in new[] { submitted.DocumentId, submitted.EdxmlDocumentId, plan.Mark, $"{plan.Number}/CQM1-VP" })
            secrets.Add((secret, parties));
        Grant(Opens.Document, submitted.DocumentId, plan.Sender);
        Grant(Opens.Nothing, header.RequestId, plan.Sender);
        foreach (var word in new[] { submitted.EdxmlDocumentId, $"{plan.Number}/CQM1-VP", prepared.Attachments[0].Sha256 })
            Grant(Opens.Nothing, word, parties);
        ownDocument[plan.Sender] = submitted.DocumentId;
        foreach (var (recipient, fate) in plan.Recipients.Zip(plan.Fates))
            await ReceiveAsync(plan.Sender, recipient, fate, plan.Mark, prepared.Deliveries.Single(d => d.Recipient.OrganId == recipient).MessageId);
        if (plan.Recall.Length > 0)
            await sender.Outgoing.RecallAsync(new RecallRequest { DocumentId = submitted.DocumentId, Reason = $"lý do {plan.Mark}" });
        foreach (var evidence in await EvidenceAsync(sender, new GetEvidenceRequest { DocumentId = submitted.DocumentId }))
            Grant(Opens.Nothing, evidence.EvidenceId, parties);
        await SettleAsync(sender, plan, submitted.DocumentId);
        var story = await AnyCall.AskAsync(Of(plan.Sender), "AuditService.GetBundle", new GetBundleRequest { DocumentId = submitted.DocumentId });
        Assert.Contains(plan.Mark, story.Seen, StringComparison.Ordinal);
        foreach (var report in ReportIds().Matches(story.Seen).Select(match => match.Groups["id"].Value))
            Grant(Opens.Report, report, plan.Sender); // the sender's own, from before it was sent
    }

    [GeneratedRegex("\"reportId\": ?\"(?<id>[0-9a-f]+)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex ReportIds();

    /// <summary>Nothing is on its way any more: what changes from here on, a question changed.</summary>
    private async Task SettleAsync(
        UnitClient sender, (string Sender, string[] Recipients, string Mark, int Number, string[] Fates, string Recall) plan, string document)
    {
        for (var patience = new Patience(); patience.Lasts;)
        {
            var deliveries = (await sender.Outgoing.GetAsync(new GetOutgoingRequest { DocumentId = document })).Deliveries;
            var asked = await Task.WhenAll(deliveries.Where(d => d is { Request: "recall:open", Recipient.OrganId: not Elsewhere }).Select(async d =>
                (await new IncomingService.IncomingServiceClient(Of(d.Recipient.OrganId)).GetAsync(new GetIncomingRequest { IncomingId = d.MessageId })).Request));
            var expected = plan.Recipients.Zip(plan.Fates).ToDictionary(
                p => p.First, p => p.Second switch { "" => "Relayed", "fetched" => "Arrived", "02" => "Rejected", "03" => "Accepted", _ => "Finished" }, StringComparer.Ordinal);
            if (asked.All(request => request == "recall:open") && deliveries.All(d => d.Recipient.OrganId == Elsewhere || d.State == expected[d.Recipient.OrganId]))
                return;
            await Task.Delay(50);
        }

        throw new TimeoutException($"seed {seed}: the world of {document} does not come to rest.");
    }

    private async Task ReceiveAsync(string sender, string recipient, string fate, string mark, string message)
    {
        if (recipient == Elsewhere)
        {
            // Nothing has left for it: its system may not read here what may never be sent.
            Grant(Opens.Message, message, sender);
            secrets.Add((message, [sender]));
            return;
        }

        Grant(Opens.Message, message, sender, recipient);
        Grant(Opens.Incoming, message, recipient);
        secrets.Add((message, [sender, recipient]));
        var unit = new UnitClient(Of(recipient));
        var arrived = new IncomingDocument();
        for (var patience = new Patience(); patience.Lasts && arrived.Acceptance is "" or "Verifying";)
        {
            await Task.Delay(50);
            arrived = (await unit.Incoming.ListAsync(new ListIncomingRequest())).Documents.FirstOrDefault(d => d.IncomingId == message) ?? arrived;
        }

        ownIncoming[recipient] = message;
        foreach (var verdict in arrived.Verdicts)
        {
            Grant(Opens.Report, verdict.ReportId, recipient);
        }

        if (fate is "fetched" or "03" or "06")
            await unit.Incoming.ConfirmFetchAsync(new ConfirmFetchRequest { IncomingId = message });
        if (fate is not ("02" or "03" or "06"))
            return;
        var request = $"trả lời {mark} {recipient}";
        var answer = await unit.Incoming.AnswerAsync(new AnswerRequest { IncomingId = message, RequestId = request, Code = fate, Description = $"vì {mark}" });
        Grant(Opens.Message, answer.MessageId, sender, recipient);
        Grant(Opens.Nothing, request, recipient);
        secrets.Add((answer.MessageId, [sender, recipient]));
    }

    private async Task VerifyAsync(string unit)
    {
        var mark = $"~tệp{dice.Next():x8}riêng";
        using var call = new VerificationService.VerificationServiceClient(Of(unit)).Verify();
        byte[] pdf = [.. await File.ReadAllBytesAsync(Samples.CongVan), .. "\n%"u8, .. System.Text.Encoding.UTF8.GetBytes(mark)]; // a report of the same bytes in the same second is the same report
        await call.RequestStream.WriteAsync(new VerifyRequest { Name = $"{mark}.pdf", Data = Google.Protobuf.ByteString.CopyFrom(pdf) });
        await call.RequestStream.CompleteAsync();
        var report = (await call.ResponseAsync).Report.Files[0].ReportId;
        Grant(Opens.Report, report, unit);
        ownReport[unit] = report;
        secrets.Add((mark, [unit]));
    }

    // Two units that verify the same bytes in the same second get reports of the same id, each its own.
    private void Grant(Opens what, string id, params string[] units) =>
        rights.AddOrUpdate((what, id), units, (_, before) => [.. before, .. units]);

    private static async Task<List<Evidence>> EvidenceAsync(UnitClient client, GetEvidenceRequest request)
    {
        using var call = client.Audit.GetEvidence(request);
        var all = new List<Evidence>();
        await foreach (var evidence in call.ResponseStream.ReadAllAsync())
            all.Add(evidence);
        return all;
    }
}
