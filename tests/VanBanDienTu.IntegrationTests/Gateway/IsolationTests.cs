using Google.Protobuf;
using Grpc.Core;
using VanBanDienTu.Contracts.V1;
using VanBanDienTu.Gateway.Config;

namespace VanBanDienTu.IntegrationTests.Gateway;

/// <summary>Three organs live at one node. One sends to another; the third tries everything.</summary>
public sealed class IsolationTests(TestNetwork network) : IClassFixture<TestNetwork>, IAsyncLifetime
{
    private UnitClient sender = null!;
    private UnitClient recipient = null!;
    private UnitClient spy = null!;
    private string address = null!;
    private string documentId = null!;
    private string messageId = null!;

    public async ValueTask InitializeAsync()
    {
        var config = network.Government("isolation-" + Guid.NewGuid());
        var node = await network.StartAsync(config with
        {
            Organs = [.. config.Organs, network.Organ("G99.63")],
            Members = [.. config.Members.Where(m => m.Organ != "G99.63"), network.Member("G99.63", "system-G99.63", MemberRole.System)],
        });
        address = node.Address;
        sender = new UnitClient(network.Channel(address, "system-H99"));
        recipient = new UnitClient(network.Channel(address, "system-G22"));
        spy = new UnitClient(network.Channel(address, "system-G99.63"));
        var submitted = await sender.SubmitAsync(UnitClient.Slip("isolation", "G22"), await File.ReadAllBytesAsync(Samples.CongVan));
        documentId = submitted.DocumentId;
        var document = await sender.PreparedAsync(documentId);
        Assert.Equal("Queued", document.State);
        messageId = document.Deliveries[0].MessageId;
        Assert.Equal(messageId, (await recipient.ArrivedAsync(submitted.EdxmlDocumentId)).IncomingId);
    }

    public ValueTask DisposeAsync()
    {
        sender.Dispose();
        recipient.Dispose();
        spy.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Another_organs_documents_do_not_exist_for_a_unit()
    {
        await NotFoundAsync(() => spy.Outgoing.GetAsync(new GetOutgoingRequest { DocumentId = documentId }).ResponseAsync);
        await NotFoundAsync(() => spy.Outgoing.RecallAsync(new RecallRequest { DocumentId = documentId, Reason = "của tôi" }).ResponseAsync);
        await NotFoundAsync(() => spy.Outgoing.RequeueAsync(new RequeueRequest { DocumentId = documentId }).ResponseAsync);
        await NotFoundAsync(() => spy.Incoming.GetAsync(new GetIncomingRequest { IncomingId = messageId }).ResponseAsync);
        await NotFoundAsync(() => spy.FetchAsync(messageId));
        await NotFoundAsync(() => spy.Incoming.ConfirmFetchAsync(new ConfirmFetchRequest { IncomingId = messageId, Sha256 = new string('0', 64) }).ResponseAsync);
        await NotFoundAsync(() => spy.Incoming.AnswerAsync(new AnswerRequest { IncomingId = messageId, RequestId = "a", Code = "03" }).ResponseAsync);
        await NotFoundAsync(() => EvidenceAsync(spy, new GetEvidenceRequest { DocumentId = documentId }));
        await NotFoundAsync(() => EvidenceAsync(spy, new GetEvidenceRequest { MessageId = messageId }));
        Assert.Empty((await spy.Outgoing.ListAsync(new ListOutgoingRequest())).Documents);
        Assert.Empty((await spy.Incoming.ListAsync(new ListIncomingRequest())).Documents);
    }

    [Fact]
    public async Task The_parties_of_a_document_are_not_each_other()
    {
        await NotFoundAsync(() => recipient.Outgoing.GetAsync(new GetOutgoingRequest { DocumentId = documentId }).ResponseAsync);
        await NotFoundAsync(() => recipient.Outgoing.RecallAsync(new RecallRequest { DocumentId = documentId, Reason = "của tôi" }).ResponseAsync);
        await NotFoundAsync(() => sender.Incoming.GetAsync(new GetIncomingRequest { IncomingId = messageId }).ResponseAsync);
        await NotFoundAsync(() => sender.Incoming.AnswerAsync(new AnswerRequest { IncomingId = messageId, RequestId = "a", Code = "06" }).ResponseAsync);
        Assert.Single((await sender.Outgoing.ListAsync(new ListOutgoingRequest())).Documents);
        Assert.Single((await recipient.Incoming.ListAsync(new ListIncomingRequest())).Documents);
    }

    [Fact]
    public async Task A_units_watch_stays_silent_about_others()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        using var outgoing = spy.Outgoing.Watch(new WatchOutgoingRequest(), cancellationToken: patience.Token);
        using var incoming = spy.Incoming.Watch(new WatchIncomingRequest(), cancellationToken: patience.Token);
        var ends = await Task.WhenAll(EndAsync(outgoing.ResponseStream), EndAsync(incoming.ResponseStream));
        Assert.All(ends, end => Assert.Equal(StatusCode.Cancelled, end)); // nothing came but our own impatience
    }

    [Fact]
    public async Task A_unit_does_not_send_as_another()
    {
        var header = UnitClient.Slip("as-another", "G22");
        header.FromOrganId = "H99";
        var error = await Assert.ThrowsAsync<RpcException>(() => spy.SubmitAsync(header, Bytes()));
        CallerTests.AssertError(error, StatusCode.PermissionDenied, "NOT_YOUR_ORGAN");
        static byte[] Bytes() => "%PDF-1.7"u8.ToArray();
    }

    [Theory]
    [InlineData("H99")] // an organ of the node itself
    [InlineData("G50")] // an organ that is not behind the ministry
    public async Task A_neighbour_delivers_only_for_organs_behind_it(string from)
    {
        using var channel = network.Channel(address, "node-ministry");
        var header = new MessageHeader
        {
            MessageId = Guid.NewGuid().ToString(), Kind = MessageKind.Document, From = new Party { OrganId = from }, To = new Party { OrganId = "G22" },
            EdxmlDocumentId = "x", Envelope = ByteString.CopyFromUtf8("<x/>"),
        };
        var error = await Assert.ThrowsAsync<RpcException>(() => LinkTests.DeliverAsync(new AxisLinkService.AxisLinkServiceClient(channel), header, []));
        CallerTests.AssertError(error, StatusCode.PermissionDenied, "NOT_YOUR_ORGAN");
    }

    [Fact]
    public async Task An_auditor_reads_all_evidence_and_a_party_its_own()
    {
        var own = await EvidenceAsync(sender, new GetEvidenceRequest { DocumentId = documentId });
        Assert.NotEmpty(own);
        using var auditor = new UnitClient(network.Channel(address, "auditor"));
        Assert.Equal(own.Select(e => e.EvidenceId), (await EvidenceAsync(auditor, new GetEvidenceRequest { DocumentId = documentId })).Select(e => e.EvidenceId));
        Assert.True((await EvidenceAsync(auditor, new GetEvidenceRequest { AfterSequence = 0 })).Count >= own.Count);
        CallerTests.AssertError(await Assert.ThrowsAsync<RpcException>(() => EvidenceAsync(sender, new GetEvidenceRequest { AfterSequence = 0 })),
            StatusCode.PermissionDenied, "ROLE_MISSING");
    }

    [Fact]
    public async Task A_unit_reads_its_own_figures_and_an_auditor_everybodys()
    {
        await recipient.FetchAsync(messageId);
        var today = DateOnly.FromDateTime(DateTimeOffset.UtcNow.ToOffset(TimeSpan.FromHours(7)).DateTime);
        async Task<PeriodFigures> Figures(UnitClient client, string organ = "") => await client.Audit.GetFiguresAsync(
            new GetFiguresRequest { FromDate = $"{today.AddDays(-1):yyyy-MM-dd}", ToDate = $"{today.AddDays(30):yyyy-MM-dd}", OrganId = organ });

        var sent = await Figures(sender);
        Assert.Equal((1, 1, 0, 0), (sent.Sent.Issued, sent.Sent.SignedByOrganization, sent.Sent.SignedByPerson, sent.Received)); // a slip, which no person signed
        Assert.Equal("signing H99", Assert.Single(sent.Certificates.Certificates).Use);
        Assert.Equal((1, 0), (sent.Certificates.InForce, sent.Certificates.Ending));
        var received = await Figures(recipient, "G22");
        var receipt = received.Receipt; // on time, unless the working day ended between arrival and fetch
        Assert.Equal((0, 1, 1), (received.Sent.Issued, received.Received, receipt.OnTime + receipt.Late + receipt.Overdue + receipt.Open));
        var nothing = await Figures(spy);
        Assert.Equal((0, 0, 0, 0), (nothing.Sent.Issued, nothing.Deliveries.Open + nothing.Deliveries.Delivered, nothing.Received, nothing.Receipt.OnTime + nothing.Receipt.Late + nothing.Receipt.Overdue + nothing.Receipt.Open));

        foreach (var organ in new[] { "H99", "H98.77" })
        {
            var refused = await Assert.ThrowsAsync<RpcException>(() => Figures(spy, organ));
            CallerTests.AssertError(refused, StatusCode.PermissionDenied, "NOT_YOUR_ORGAN");
        }

        using var auditor = new UnitClient(network.Channel(address, "auditor"));
        Assert.Equal(sent.Sent, (await Figures(auditor, "H99")).Sent);
        var all = await Figures(auditor);
        Assert.Equal((1, 1), (all.Sent.Issued, all.Received));
        Assert.Equal(["evidence", "signing G22", "signing G99.63", "signing H99", "tls"], all.Certificates.Certificates.Select(c => c.Use).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Days_that_are_none_are_named_together()
    {
        var error = await Assert.ThrowsAsync<RpcException>(() => sender.Audit.GetFiguresAsync(new GetFiguresRequest { FromDate = "1/1/2026" }).ResponseAsync);
        CallerTests.AssertError(error, StatusCode.InvalidArgument, "INVALID_FIELD");
        Assert.Contains("from_date", error.Status.Detail, StringComparison.Ordinal);
        Assert.Contains("to_date", error.Status.Detail, StringComparison.Ordinal);
    }

    private static async Task<List<Evidence>> EvidenceAsync(UnitClient client, GetEvidenceRequest request)
    {
        using var call = client.Audit.GetEvidence(request);
        var all = new List<Evidence>();
        await foreach (var evidence in call.ResponseStream.ReadAllAsync())
            all.Add(evidence);
        return all;
    }

    private static async Task NotFoundAsync(Func<Task> act) =>
        CallerTests.AssertError(await Assert.ThrowsAsync<RpcException>(act), StatusCode.NotFound, "DOCUMENT_UNKNOWN");

    private static async Task<StatusCode> EndAsync<T>(IAsyncStreamReader<T> stream)
    {
        try
        {
            return await stream.MoveNext(CancellationToken.None) ? StatusCode.OK : StatusCode.OutOfRange;
        }
        catch (RpcException e)
        {
            return e.StatusCode;
        }
    }
}
