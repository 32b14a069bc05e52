using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using SQLitePCL;
using VanBanDienTu.Relay;
using VanBanDienTu.Relay.Deadlines;
using VanBanDienTu.Relay.Figures;
using VanBanDienTu.Relay.Incoming;
using VanBanDienTu.Relay.Messages;
using VanBanDienTu.Relay.Outgoing;
using VanBanDienTu.Relay.Quotas;
using VanBanDienTu.Relay.Storage;
using VanBanDienTu.TestKit;
using VanBanDienTu.UnitTests.Relay.Rig;

namespace VanBanDienTu.UnitTests.Relay;

/// <summary>Very many wait for a destination that is dead, and for one that is busy until later. VBDT_LONG=1: a million.</summary>
public abstract class ParkedTests : IDisposable
{
    private const string Dead = "dead";
    private const string Busy = "busy";
    private const string Living = "living";
    private const int Round = 8;
    private static readonly int Parked = Environment.GetEnvironmentVariable("VBDT_LONG") == "1" ? 1_000_000 : 20_000;
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch.AddDays(20_000);

    protected TemporaryFolder Folder { get; } = new();

    [Fact]
    public async Task What_a_message_costs_the_database_does_not_grow_with_what_waits_elsewhere()
    {
        await using var database = await Database.OpenAsync(Dialect, new DiskReserve(Folder.Path, 1 << 20, 0), NullLogger.Instance, default);
        await ParkAsync(database, from: 0, count: 2 * Round);
        await LearnAsync(database);
        for (var i = 0; i < 8; i++)
            await CostAsync(database); // the statements are prepared, and their plans made, while little waits
        var few = await CostAsync(database);
        await ParkAsync(database, from: 2 * Round, count: Parked);
        var many = await CostAsync(database);
        TestContext.Current.SendDiagnosticMessage($"{few} before, {many} with {Parked} parked");
        Assert.InRange(few, 1, long.MaxValue);
        Assert.InRange(many, 1, few * 11 / 10);
    }

    [Fact]
    public async Task What_health_and_quotas_cost_does_not_grow_with_what_is_done()
    {
        await using var database = await Database.OpenAsync(Dialect, new DiskReserve(Folder.Path, 1 << 20, 0), NullLogger.Instance, default);
        await DoneAsync(database, from: 0, count: 100);
        await LearnAsync(database);
        await FiguresAsync(database);
        var few = await FiguresAsync(database);
        await DoneAsync(database, from: 100, count: 3_000);
        var many = await FiguresAsync(database);
        TestContext.Current.SendDiagnosticMessage($"{few} before, {many} with 3,000 more that are done");
        Assert.InRange(many, 1, few * 11 / 10);
    }

    [Fact]
    public async Task What_the_figures_of_a_day_cost_does_not_grow_with_other_days()
    {
        await using var database = await Database.OpenAsync(Dialect, new DiskReserve(Folder.Path, 1 << 20, 0), NullLogger.Instance, default);
        await DoneAsync(database, from: 0, count: 100);
        await LearnAsync(database);
        foreach (var organ in new[] { "G99.63", null })
            await DayAsync(database, organ);
        var few = (Own: await DayAsync(database, "G99.63"), All: await DayAsync(database, null));
        await DoneAsync(database, from: 100, count: 3_000, Start.AddDays(-1));
        await LearnAsync(database); // until then every row is of one day to the planner, and any index of the unit as good as that of unit and day
        var many = (Own: await DayAsync(database, "G99.63"), All: await DayAsync(database, null));
        TestContext.Current.SendDiagnosticMessage($"{few} before, {many} with 3,000 more of the day before");
        Assert.InRange(many.Own, 1, few.Own * 11 / 10);
        Assert.InRange(many.All, 1, few.All * 11 / 10);
    }

    [Fact]
    public async Task What_a_document_asks_for_does_not_grow_with_what_came_before()
    {
        await using var database = await Database.OpenAsync(Dialect, new DiskReserve(Folder.Path, 1 << 20, 0), NullLogger.Instance, default);
        await DoneAsync(database, from: 0, count: 100);
        await LearnAsync(database);
        await AskAsync(database);
        var few = await AskAsync(database);
        await DoneAsync(database, from: 100, count: 3_000);
        var many = await AskAsync(database);
        TestContext.Current.SendDiagnosticMessage($"{few} before, {many} with 3,000 more");
        Assert.InRange(many, 1, few * 11 / 10);
    }

    /// <summary>What is looked up for one document that comes or goes: by its ids, its number, whom it answers, what waits for it.</summary>
    private Task<long> AskAsync(Database database) => database.WriteAsync(async tx =>
    {
        const string Organ = "G99.63", Sender = "G22";
        var (id, edxml, code) = (IdOf(5), IdOf(5).ToString(), CodeOf(5));
        var before = await StepsAsync(tx);
        Assert.Empty(await IncomingTable.AskingAsync(tx, Organ, Sender, default));
        Assert.Equal(id, (await IncomingTable.MatchAsync(tx, Organ, Sender, edxml, default))!.Id);
        Assert.Equal(id, (await IncomingTable.MatchCodeAsync(tx, Organ, Sender, code, "", default))!.Id);
        Assert.Equal(id, Assert.Single(await IncomingTable.ListAsync(tx, Organ, 50, (0, ""), unconfirmedOnly: false, overdueOnly: false, code, default)).Id);
        Assert.Equal(10, (await PacketTable.WaitingAsync(tx, Organ, 50, default)).Count);
        Assert.Equal(10, await PacketTable.CountAsync(tx, Organ, default));
        Assert.Equal(id, await DocumentTable.FindEdxmlAsync(tx, Organ, edxml, default));
        Assert.Equal(DocumentState.Held, await DocumentTable.StateAsync(tx, Organ, edxml, null, default));
        Assert.Equal(id, Assert.Single(await OutgoingDocuments.PageAsync(tx, Organ, 50, (long.MaxValue, ""), code, null, default)).Id);
        Assert.Equal(id, await DocumentTable.FindCodeAsync(tx, Organ, code, Kept.Document.PromulgationDate!.Value, default));
        Assert.Equal(10, (await SentPackets.StatusesAsync(tx, Organ, 10, default)).Count);
        Assert.Equal(10, (await SentPackets.DocumentsAsync(tx, Organ, 10, default)).Count);
        Assert.Equal(id, (await DeliveryTable.MatchAsync(tx, Organ, edxml, Sender, default))!.Id);
        return await StepsAsync(tx) - before;
    });

    private static readonly Submission Kept = new()
    {
        RequestId = "", FromOrgan = "G99.63", Recipients = [], Attachments = [],
        Document = new DocumentHeader
        {
            Number = "", Notation = "", Place = "", PromulgationDate = new DateOnly(2026, 11, 20), TypeName = "", Subject = "", SignerName = "", SignerPosition = "", ToPlaces = [],
        },
    };

    private static Guid IdOf(int i) => new(i + 1, 0, 0, new byte[8]);

    private static string CodeOf(int i) => $"{i}/UBND-VP";

    /// <summary>What it costs to count the day of <see cref="Start"/>: 100 of each kind.</summary>
    private Task<long> DayAsync(Database database, string? organ) => database.WriteAsync(async tx =>
    {
        var before = await StepsAsync(tx);
        var day = await UnitFigures.ReadAsync(tx, organ, Start, Start.AddDays(1), default);
        Assert.Equal((90, 10, 90), (day.Sent.Issued, day.Sent.Preparing, day.Sent.NotRecorded));
        Assert.Equal((100, 100, 100), (day.Deliveries.All, day.Received, day.Receipt.Open));
        return await StepsAsync(tx) - before;
    });

    /// <summary>What it costs to count what is not done: 10 of each kind.</summary>
    private Task<long> FiguresAsync(Database database) => database.WriteAsync(async tx =>
    {
        var before = await StepsAsync(tx);
        var figures = await NodeFigures.ReadAsync(tx, default);
        Assert.Equal((0, 10, 10, 10, 10), (figures.Preparing, figures.Held, figures.Unconfirmed, figures.AnswersFailed, figures.Waiting[Living].Count));
        Assert.Equal(Start, figures.Waiting[Living].Oldest);
        Assert.Equal(new QuotaLimit(20, 200), await QuotaTable.CountAsync(tx, "G99.63", QuotaKind.Waiting, Start, default));
        Assert.Equal(new QuotaLimit(10, 100), await QuotaTable.CountAsync(tx, "G99.63", QuotaKind.Unfetched, Start, default));
        return await StepsAsync(tx) - before;
    });

    /// <summary>The first ten are held, the next ten wait for their next hop, the first ten arrived are not fetched, the first ten answers failed; all others are done.</summary>
    private static Task<int> DoneAsync(Database database, int from, int count, DateTimeOffset? day = null) => database.WriteAsync(async tx =>
    {
        var at = day ?? Start;
        for (var i = from; i < from + count; i++)
        {
            var id = IdOf(i);
            await tx.ExecuteAsync(
                """
                INSERT INTO document (id, organ, request_id, request_digest, edxml_id, code, submission, attachments, reports, state, received_at, changed_at, due_at, lease_epoch, leased, attempts, business_type, bytes)
                VALUES (@id, 'G99.63', @id, '', @id, @code, @submission, '[]', '[]', @state, @now, @now, @now, 0, 0, 0, 0, 10)
                """, default, ("id", id), ("code", CodeOf(i)), ("submission", RowJson.Write(Kept)), ("state", i < 10 ? "Held" : "Queued"), ("now", at));
            await DeadlineTable.SetAsync(tx, id, "G99.63", DeadlineKind.Receipt, at.AddHours(9), default);
            await DeliveryTable.InsertAsync(tx, id, id, 0, new Party("G22"), i is >= 10 and < 20 ? DeliveryState.Queued : DeliveryState.Finished, "", null, Start, default);
            if (i is >= 10 and < 20)
                await OutboxTable.QueueAsync(tx, id, Living, Urgency.Ordinary, Start, null, default, "G99.63");
            await tx.ExecuteAsync(
                """
                INSERT INTO incoming (id, organ, from_organ, edxml_id, code, promulgated, envelope, attachments, hops, received_at, consignment, acceptance, reports, confirmed_at, request, business_type, due_at, lease_epoch, leased, attempts, bytes)
                VALUES (@id, 'G99.63', 'G22', @id, @code, '', @envelope, '[]', '[]', @now, '', 'Accepted', '[]', @confirmed, '', 0, 0, 0, 0, 0, 10)
                """, default, ("id", id), ("code", CodeOf(i)), ("envelope", Array.Empty<byte>()), ("now", at), ("confirmed", i < 10 ? 0L : 1L));
            await tx.ExecuteAsync(
                "INSERT INTO answer (message_id, incoming_id, organ, request_id, digest, code, answered_at, state) VALUES (@id, @id, 'G99.63', @id, '', '03', @now, @state)", default,
                ("id", id), ("now", Start), ("state", i < 10 ? "Failed" : "Relayed"));
        }

        return count;
    });

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        Close();
        Folder.Dispose();
    }

    private protected abstract Dialect Dialect { get; }

    /// <summary>What the engine has done in this transaction's connection so far, in steps that do not depend on how busy the machine is.</summary>
    private protected abstract Task<long> StepsAsync(DatabaseTransaction tx);

    /// <summary>The engine's planner learns what the tables hold now. By itself it does so some time after they have changed.</summary>
    private protected virtual Task LearnAsync(Database database) => Task.CompletedTask;

    private protected virtual void Close()
    {
    }

    private Task<long> CostAsync(Database database) => database.WriteAsync(async tx =>
    {
        var before = await StepsAsync(tx);
        for (var i = 0; i < Round; i++)
        {
            var message = new MessageHeader
            {
                Id = Guid.NewGuid(), Kind = MessageKind.Document, From = new Party("G99.63"), To = new Party("G22"), EdxmlDocumentId = "x", Envelope = new byte[64],
                Created = Start,
            };
            await MessageTable.InsertAsync(tx, message, "", own: false, default);
            await OutboxTable.QueueAsync(tx, message.Id, Living, Urgency.Ordinary, Start, null, default);
        }

        Assert.True(await OutboxTable.AnyDueAsync(tx, Living, Start, default));
        Assert.True(await OutboxTable.AnyDueAsync(tx, Dead, Start, default));
        Assert.False(await OutboxTable.AnyDueAsync(tx, Busy, Start, default));
        Assert.False(await OutboxTable.AnyLaterAsync(tx, Dead, Start.AddDays(7), default));
        var sent = await OutboxTable.ClaimAsync(tx, Living, 2 * Round, Start, Start.AddSeconds(30), default);
        Assert.Equal(Round, sent.Count);
        foreach (var claimed in sent)
            Assert.True(await OutboxTable.RemoveAsync(tx, claimed.Message.Header.Id, claimed.Epoch, default));
        var probe = await OutboxTable.ClaimAsync(tx, Dead, 1, Start, Start.AddSeconds(30), default);
        Assert.Equal(1, await OutboxTable.GiveBackAsync(tx, probe, Start, default));
        Assert.Empty(await OutboxTable.ClaimAsync(tx, Busy, Round, Start, Start.AddSeconds(30), default));
        return await StepsAsync(tx) - before;
    });

    /// <summary>Half of them for a destination that is dead and due, half for a busy one and due in an hour; of every urgency.</summary>
    private static Task<int> ParkAsync(Database database, int from, int count) => database.WriteAsync(async tx =>
    {
        const string Numbers = "WITH RECURSIVE n(i) AS (SELECT CAST(@from AS bigint) UNION ALL SELECT i + 1 FROM n WHERE i + 1 < @end)";
        const string Id = "'00000000-0000-4000-8000-' || CAST(100000000000 + i AS text)";
        await tx.ExecuteAsync(
            $"""
            {Numbers} INSERT INTO message (id, kind, own, from_organ, to_organ, edxml_id, envelope, attachments, hops, evidence, digest, urgency, created_at, given_up)
            SELECT {Id}, 'Document', 0, 'G99.63', 'G22', 'x', @envelope, '[]', '[]', '[]', '', i / 2 % 4, @start, 0 FROM n
            """, default, ("from", from), ("end", from + count), ("envelope", new byte[64]), ("start", Start));
        return await tx.ExecuteAsync(
            $"""
            {Numbers} INSERT INTO outbox (message_id, destination, urgency, due_at, leased, lease_epoch, attempts, queued_at)
            SELECT {Id}, CASE WHEN i % 2 = 0 THEN '{Dead}' ELSE '{Busy}' END, i / 2 % 4, @start + i % 2 * 3600000, 0, 0, 0, @start FROM n
            """, default, ("from", from), ("end", from + count), ("start", Start));
    });
}

public sealed class ParkedOnSqliteTests : ParkedTests
{
    /// <summary>SQLITE_STMTSTATUS_VM_STEP: instructions of its virtual machine.</summary>
    private const int MachineSteps = 4;

    private readonly List<SqliteConnection> opened = [];

    private protected override Dialect Dialect
    {
        get
        {
            var dialect = SqliteFile.Dialect(Folder["relay.db"], "node", TimeProvider.System);
            return dialect with { OpenAsync = async (readOnly, ct) => Noted(await dialect.OpenAsync(readOnly, ct)) };
        }
    }

    private protected override Task<long> StepsAsync(DatabaseTransaction tx)
    {
        var (steps, writer) = (0L, opened.Last(c => c.State == System.Data.ConnectionState.Open).Handle!);
        for (var statement = raw.sqlite3_next_stmt(writer, null); statement is not null && !statement.IsInvalid; statement = raw.sqlite3_next_stmt(writer, statement))
            steps += raw.sqlite3_stmt_status(statement, MachineSteps, 0);
        return Task.FromResult(steps);
    }

    private DbConnection Noted(DbConnection connection)
    {
        opened.Add((SqliteConnection)connection);
        opened[^1].Handle!.enable_sqlite3_next_stmt(true);
        return connection;
    }
}

public sealed class ParkedOnPostgresTests(SharedPostgres postgres) : ParkedTests
{
    private readonly PostgresStorage storage = new(postgres.Server.NewSchema());

    private protected override Dialect Dialect => storage.Dialect("node", TimeProvider.System);

    private protected override Task<long> StepsAsync(DatabaseTransaction tx) => tx.NumberAsync(
        """
        SELECT CAST(COALESCE(SUM(seq_tup_read + COALESCE(idx_tup_fetch, 0)), 0) AS bigint) FROM pg_stat_xact_user_tables
        WHERE schemaname = current_schema() AND relname IN ('outbox', 'message', 'document', 'delivery', 'incoming', 'answer', 'deadline')
        """, default);

    private protected override Task LearnAsync(Database database) => database.WriteAsync(async tx =>
    {
        foreach (var table in new[] { "outbox", "message", "document", "delivery", "incoming", "answer", "deadline" })
            await tx.ExecuteAsync($"ANALYZE {table}", default);
        return 0;
    });

    private protected override void Close() => storage.DisposeAsync().AsTask().GetAwaiter().GetResult();
}
