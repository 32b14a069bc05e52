using Grpc.Core;
using VanBanDienTu.Contracts.V1;
using VanBanDienTu.TestKit;
using VanBanDienTu.TestKit.Faults;

namespace VanBanDienTu.IntegrationTests.Gateway;

/// <summary>The calls by which a document depends on somebody else.</summary>
public enum OutsideCall
{
    None,
    Timestamp,
    Revocation,
    Commit,
    Send,
    Confirm,
}

/// <summary>
/// The failure matrix: each outside call, failed before it took effect, and with its effect but without its answer. Looked at are what
/// reached the far side, the state that the sender sees meanwhile, that the document then goes on by itself, and that both nodes' evidence
/// is in the end the same, piece by piece, as when nothing fails.
/// </summary>
public sealed class FailureMatrixTests(TestNetwork network, FailureMatrixTests.Databases databases) : IClassFixture<TestNetwork>, IClassFixture<FailureMatrixTests.Databases>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<OutsideCall, bool> Rows => new(
        from call in Enum.GetValues<OutsideCall>()
        from tookEffect in (bool[])[false, true]
        where call != OutsideCall.None || !tookEffect
        select (call, tookEffect));

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task A_call_that_failed_is_made_good_and_leaves_the_evidence_of_an_undisturbed_way(OutsideCall call, bool tookEffect)
    {
        await using var pair = await DisturbedPair.StartAsync(network, databases.Server, $"{call}-{tookEffect}", Ct);
        if (call != OutsideCall.Revocation) // whose answers would be remembered
            await pair.WarmUpAsync(Ct); // every line is open
        var submitted = call switch
        {
            OutsideCall.Timestamp => await HeldAsync(pair, pair.Timestamps, tookEffect, "TIMESTAMP_UNAVAILABLE", () => network.Pki.TimestampsAsked),
            OutsideCall.Revocation => await HeldAsync(pair, pair.Revocation, tookEffect, "VALIDATION_DATA_UNAVAILABLE", () => network.Pki.Requests.Count(r => r.Contains("ocsp", StringComparison.Ordinal))),
            OutsideCall.Commit => await CommitAsync(pair, tookEffect),
            OutsideCall.Send => await SendAsync(pair, tookEffect),
            _ => await pair.SubmitAsync("row", Ct),
        };
        var arrived = await pair.Recipient.ArrivedAsync(submitted.EdxmlDocumentId);
        await pair.ConfirmAsync(arrived, call != OutsideCall.Confirm ? Weather.Clear : tookEffect ? Weather.AnswersLost : Weather.Reset, Ct);
        await pair.WaitAsync(submitted.DocumentId, d => d.Deliveries is [{ State: "Arrived" }], Ct);
        Assert.Equal("1", pair.Count("document", submitted.EdxmlDocumentId));
        Assert.Equal("1", pair.Count("incoming", submitted.EdxmlDocumentId));

        var sender = await EvidenceAsync(pair.Sender, new GetEvidenceRequest { DocumentId = submitted.DocumentId });
        var recipient = await EvidenceAsync(pair.Recipient, new GetEvidenceRequest { MessageId = arrived.IncomingId });
        // The second consignment is that of the message with status 01.
        Assert.Equal("SubmissionAcceptance, ContentConsignment, ContentConsignment, ContentHandover", sender);
        Assert.Equal("ContentConsignment, ContentHandover", recipient);
    }

    /// <summary>One server for all rows.</summary>
    public sealed class Databases : IDisposable
    {
        internal PostgresServer Server { get; } = PostgresServer.Start("max_connections=200");

        public void Dispose() => Server.Dispose();
    }

    /// <summary>An authority that does not answer: held, seen as held; nothing went out meanwhile.</summary>
    private static async Task<SubmitResponse> HeldAsync(DisturbedPair pair, TcpProxy line, bool tookEffect, string reason, Func<int> reached)
    {
        var before = reached();
        line.Turn(tookEffect ? Weather.AnswersLost : Weather.Reset);
        var submitted = await pair.SubmitAsync("row", Ct);
        var held = await pair.WaitAsync(submitted.DocumentId, d => d.State == "Held", Ct);
        Assert.Equal(reason, held.ReasonCode);
        Assert.Empty(held.Deliveries);
        for (var patience = new Patience(); tookEffect && reached() == before && patience.Lasts;) // the line has it, the authority may still have to read it
            await Task.Delay(20, Ct);
        Assert.Equal(tookEffect, reached() > before);
        line.Turn(Weather.Clear);
        return submitted;
    }

    /// <summary>The database's connection goes before the commit, and the caller hears of it; or with the commit's answer, and the node looks by itself what became of it.</summary>
    private static async Task<SubmitResponse> CommitAsync(DisturbedPair pair, bool tookEffect)
    {
        pair.Storage.ResetAtAnswer(tookEffect ? "COMMIT\0"u8 : "INSERT 0 1\0"u8);
        if (!tookEffect)
        {
            var failed = await Assert.ThrowsAsync<RpcException>(() => pair.SubmitAsync("row", Ct));
            Assert.Equal(StatusCode.Unavailable, failed.StatusCode);
        }
        var submitted = await pair.SubmitAsync("row", Ct);
        Assert.False(pair.Storage.IsArmed);
        Assert.Equal(submitted, await pair.SubmitAsync("row", Ct));
        return submitted;
    }

    /// <summary>The next node is not reached, or has taken the document and its receipt got lost.</summary>
    private static async Task<SubmitResponse> SendAsync(DisturbedPair pair, bool tookEffect)
    {
        pair.Link.Turn(tookEffect ? Weather.AnswersLost : Weather.Reset);
        var submitted = await pair.SubmitAsync("row", Ct);
        if (tookEffect)
            await pair.Recipient.ArrivedAsync(submitted.EdxmlDocumentId);
        var waiting = await pair.WaitAsync(submitted.DocumentId, d => d.Deliveries is [{ Attempts: >= 1 }], Ct);
        Assert.Equal("Queued", waiting.Deliveries[0].State);
        Assert.Equal(tookEffect ? "1" : "0", pair.Count("incoming", submitted.EdxmlDocumentId));
        pair.Link.Turn(Weather.Clear);
        return submitted;
    }

    private static async Task<string> EvidenceAsync(UnitClient of, GetEvidenceRequest about)
    {
        using var call = of.Audit.GetEvidence(about, cancellationToken: Ct);
        return string.Join(", ", await call.ResponseStream.ReadAllAsync(Ct).Select(piece => piece.Event).ToListAsync(Ct));
    }
}
