using VanBanDienTu.Relay.Incoming;
using VanBanDienTu.Relay.Messages;
using VanBanDienTu.Relay.Nodes;
using VanBanDienTu.Relay.Storage;
using VanBanDienTu.Signing.Timestamps;
using VanBanDienTu.TestKit;
using VanBanDienTu.UnitTests.Relay.Rig;
using Patience = VanBanDienTu.TestKit.Patience;

namespace VanBanDienTu.UnitTests.Relay;

/// <summary>Two nodes of the ministry on one PostgreSQL, without a leader; the government's node behind them.</summary>
public sealed class SharedDatabaseTests(RelayKeysOnPostgres keys, SharedPostgres postgres) : IClassFixture<RelayKeysOnPostgres>
{
    private static readonly PeerNode Unit = new("unit", "G99.63", new string('a', 64));

    [Fact]
    public async Task The_work_of_a_node_that_died_is_taken_over_and_arrives_once()
    {
        await using var rig = await PairAsync();
        rig.OneUp.Gate = new TaskCompletionSource(); // whatever the first node sends never arrives
        using var stop = new CancellationTokenSource();
        var dying = rig.One.Node.RunAsync(stop.Token);
        await Messages.HandAsync(rig.One, Messages.Document("G99.63", "G22"), Unit);
        await Eventually.TrueAsync(() => Task.FromResult(rig.OneUp.Attempts == 1));
        await rig.One.Node.AbandonAsync();

        var living = rig.Two.Node.RunAsync(stop.Token);
        await Eventually.TrueAsync(async () => await NumberAsync(rig.Two, "SELECT COUNT(*) FROM node WHERE alive_until > 0") == 2);
        Assert.Empty(rig.TwoUp.Sent); // the lease still holds
        var left = await rig.Two.Node.Ground.Database.ReadAsync(async tx =>
            await tx.NumberAsync("SELECT alive_until FROM node WHERE name = 'ministry'", default) - (await tx.ClockAsync()).ToUnixTimeMilliseconds());
        Assert.InRange(left, 1, NodeLease.Length.TotalMilliseconds); // and for no longer than that; the other looks as often as it renews
        Assert.InRange(NodeLease.Length + NodeLease.Every, TimeSpan.Zero, TimeSpan.FromSeconds(10));
        for (var patience = new Patience(); patience.Lasts && rig.TwoUp.Sent.Count == 0;) // whenever its bells are set
        {
            keys.Time.Advance(TimeSpan.FromSeconds(2));
            await Task.Delay(300);
        }

        await Eventually.TrueAsync(async () => (await rig.Government.ArrivedAsync("G22")).Count == 1);
        await Eventually.TrueAsync(async () => await NumberAsync(rig.Two, "SELECT COUNT(*) FROM outbox") == 0);
        await stop.CancelAsync();
        rig.OneUp.Gate.SetCanceled();
        await Task.WhenAll(living, dying.ContinueWith(_ => { }, TaskScheduler.Default));
        Assert.Single(rig.TwoUp.Sent);
        Assert.Null(await rig.Two.Node.Evidence.FirstBrokenLinkAsync(default));
    }

    [Fact]
    public async Task The_same_message_at_both_nodes_at_once_is_one_document_with_one_receipt()
    {
        await using var rig = await PairAsync();
        var message = Messages.Document("G99.63", "G99");
        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Task.Run(() => Messages.HandAsync(i % 2 == 0 ? rig.One : rig.Two, message, Unit))));
        var receipts = answers.Select(a => Assert.IsType<AcceptAnswer.Accepted>(a).Receipt).ToList();
        Assert.Single(receipts.Select(r => r.EvidenceId).Distinct());
        Assert.Single(receipts.Select(r => Convert.ToHexString(r.Signature.Span)).Distinct());
        Assert.Single(await rig.One.ArrivedAsync("G99"));
    }

    [Fact]
    public async Task What_is_overdue_is_raised_by_one_of_the_nodes_once()
    {
        await using var rig = await PairAsync();
        for (var i = 0; i < 6; i++)
            await Messages.HandAsync(i % 2 == 0 ? rig.One : rig.Two, Messages.Document("G99.63", "G99"), Unit);
        keys.Time.Advance(TimeSpan.FromDays(12)); // longer than any holiday
        var raised = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => (i % 2 == 0 ? rig.One : rig.Two).Node.Deadlines.RaiseAsync(default))));
        Assert.Equal(6, raised.Sum() + await rig.One.Node.Deadlines.RaiseAsync(default) + await rig.Two.Node.Deadlines.RaiseAsync(default));
        Assert.Equal(6, await NumberAsync(rig.One, "SELECT COUNT(*) FROM evidence WHERE event = 'AcceptanceRejectionExpiry'"));
        Assert.Equal(6, (await rig.Two.Node.Incoming.ListAsync("G99", 100, null, unconfirmedOnly: false, null, default, overdueOnly: true)).Items.Count);
    }

    [Fact]
    public async Task A_job_of_the_calendar_is_done_once_when_it_is_due_and_taken_over_from_a_gateway_that_died()
    {
        const string Url = "http://127.0.0.1/officials.crl";
        using var stamps = new TimestampClient(new TimestampOptions { Authorities = [new Uri(keys.Pki.Authority.TsaUrl)] }, keys.Pki.Trust, keys.Time);
        await using var rig = await PairAsync(stamps: stamps);
        var downloads = 0;
        for (var day = 1; day <= 3; day++)
        {
            // The bell rings at both, and rings again.
            var kept = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => RingAsync(i % 2 == 0 ? rig.One : rig.Two, DownloadAsync))));
            Assert.Equal((1, 0), (kept.Sum(), await RingAsync(rig.One, DownloadAsync) + await RingAsync(rig.Two, DownloadAsync)));
            Assert.Equal((day, day), (downloads, await NumberAsync(rig.One, "SELECT COUNT(*) FROM kept_crl")));
            keys.Time.Advance(TimeSpan.FromHours(24));
        }

        // A gateway dies in the middle of it.
        using var stop = new CancellationTokenSource();
        var (begun, never) = (new TaskCompletionSource(), new TaskCompletionSource<ReadOnlyMemory<byte>?>());
        var dying = RingAsync(rig.One, (_, _) =>
        {
            begun.SetResult();
            return never.Task;
        });
        await begun.Task;
        Assert.Equal(0, await RingAsync(rig.Two, DownloadAsync));
        await rig.One.Node.AbandonAsync();
        var living = rig.Two.Node.RunAsync(stop.Token);
        var taken = 0;
        for (var patience = new Patience(); patience.Lasts && taken == 0;)
        {
            keys.Time.Advance(TimeSpan.FromSeconds(2));
            await Task.Delay(200);
            taken = await RingAsync(rig.Two, DownloadAsync);
        }

        await stop.CancelAsync();
        await living;
        Assert.Equal((1, 4, 4L), (taken, downloads, await NumberAsync(rig.Two, "SELECT COUNT(*) FROM kept_crl")));
        never.SetResult(keys.Pki.Authority.CurrentCrl(keys.Pki.Authority.AuthorityNames[0]));
        await Assert.ThrowsAnyAsync<Exception>(() => dying); // should it live after all, it keeps nothing
        Assert.Equal(4, await NumberAsync(rig.Two, "SELECT COUNT(*) FROM kept_crl"));

        Task<int> RingAsync(TestNode node, Func<string, CancellationToken, Task<ReadOnlyMemory<byte>?>> download) =>
            node.Node.Verdicts.KeepDueCrlsAsync([Url], TimeSpan.FromHours(23), download, default);

        async Task<ReadOnlyMemory<byte>?> DownloadAsync(string url, CancellationToken ct)
        {
            Interlocked.Increment(ref downloads);
            await Task.Delay(50, ct);
            return keys.Pki.Authority.CurrentCrl(keys.Pki.Authority.AuthorityNames[0]);
        }
    }

    [Fact]
    public async Task Each_node_numbers_and_chains_its_own_evidence_without_gaps()
    {
        await using var rig = await PairAsync();
        await Task.WhenAll(Enumerable.Range(0, 100).Select(i => Task.Run(
            () => Messages.HandAsync(i % 2 == 0 ? rig.One : rig.Two, Messages.Document("G99.63", "G99"), Unit))));
        Assert.Null(await rig.One.Node.Evidence.FirstBrokenLinkAsync(default));
        foreach (var node in (TestNode[])[rig.One, rig.Two])
            Assert.Equal(Enumerable.Range(1, 50).Select(i => (long)i), (await node.Node.Evidence.AfterAsync(0, 1000, default)).Select(e => e.Sequence));
        Assert.Equal(100, (await rig.One.Node.Incoming.ListAsync("G99", 500, null, unconfirmedOnly: false, null, default)).Items.Count);
    }

    [Fact]
    public async Task Who_watches_one_node_misses_nothing_that_is_committed_at_both()
    {
        await using var rig = await PairAsync();
        var work = Task.WhenAll(Enumerable.Range(0, 60).Select(i => Task.Run(
            () => Messages.HandAsync(i % 2 == 0 ? rig.One : rig.Two, Messages.Document("G99.63", "G99"), Unit))));
        var (seen, last) = (new HashSet<Guid>(), 0L);
        while (true)
        {
            var over = work.IsCompleted;
            var events = await rig.One.Node.Ground.Database.ReadAsync(
                tx => VanBanDienTu.Relay.Outgoing.EventTable.AfterAsync(tx, "in", "G99", last, null, default));
            seen.UnionWith(events.Select(e => e.DocumentId));
            last = events.Count > 0 ? events[^1].Sequence : last;
            if (over && events.Count == 0)
                break;
        }

        await work;
        Assert.Equal((60, 60L), (seen.Count, last));
    }

    [Fact]
    public async Task A_job_is_done_by_one_node_at_a_time_and_who_was_overtaken_can_do_nothing_more()
    {
        await using var rig = await PairAsync();
        var (one, two) = (rig.One.Node.Ground.Database, rig.Two.Node.Ground.Database);
        var first = await JobLease.TakeAsync(one, "sync", TimeSpan.FromMinutes(1));
        Assert.NotNull(first);
        Assert.Null(await JobLease.TakeAsync(two, "sync", TimeSpan.FromMinutes(1)));
        keys.Time.Advance(TimeSpan.FromMinutes(2));
        var second = await JobLease.TakeAsync(two, "sync", TimeSpan.FromMinutes(1));
        Assert.Equal(first.Epoch + 1, second!.Epoch);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => one.WriteAsync(async tx =>
        {
            await tx.ExecuteAsync("INSERT INTO payload (sha256, size, bytes) VALUES ('late', 1, NULL)", default);
            await first.DemandAsync(tx);
            return true;
        }));
        Assert.Equal(0, await NumberAsync(rig.Two, "SELECT COUNT(*) FROM payload"));
        await first.EndAsync(one); // too late as well
        Assert.Null(await JobLease.TakeAsync(one, "sync", TimeSpan.FromMinutes(1)));
        await second.EndAsync(two);
        Assert.NotNull(await JobLease.TakeAsync(one, "sync", TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public async Task A_process_whose_name_was_taken_by_another_stops()
    {
        await using var rig = await PairAsync();
        using var stop = new CancellationTokenSource();
        var running = rig.One.Node.RunAsync(stop.Token);
        await rig.Two.Node.Ground.Database.WriteAsync(tx => tx.ExecuteAsync("UPDATE node SET epoch = epoch + 1", default));
        for (var patience = new Patience(); patience.Lasts && !running.IsCompleted;) // its bells may not be set yet
        {
            keys.Time.Advance(TimeSpan.FromSeconds(3));
            await Task.WhenAny(running, Task.Delay(50));
        }

        var taken = await Assert.ThrowsAsync<VanBanDienTu.Relay.RelayException>(() => running.WaitAsync(Patience.Longest));
        Assert.Contains("Another process", taken.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_under_which_the_database_becomes_older_issues_nothing_more_and_stops()
    {
        await using var rig = await PairAsync();
        using var stop = new CancellationTokenSource();
        for (var i = 0; i < 3; i++)
            await Messages.HandAsync(rig.One, Messages.Document("G99.63", "G99"), Unit);
        await rig.Two.Node.Ground.Database.WriteAsync(tx => tx.ExecuteAsync("DELETE FROM evidence WHERE node = 'ministry' AND sequence > 1", default));
        var refused = await Assert.ThrowsAsync<VanBanDienTu.Relay.RelayException>(() => Messages.HandAsync(rig.One, Messages.Document("G99.63", "G99"), Unit));
        Assert.Equal(VanBanDienTu.Relay.RelayFault.DatabaseOlder, refused.Fault);
        var stopped = await Assert.ThrowsAsync<VanBanDienTu.Relay.RelayException>(() => rig.One.Node.RunAsync(stop.Token).WaitAsync(Patience.Longest));
        Assert.Contains("vbdt restore --mark", stopped.Vi, StringComparison.Ordinal);
        Assert.IsType<AcceptAnswer.Accepted>(await Messages.HandAsync(rig.Two, Messages.Document("G99.63", "G99"), Unit)); // what it issued is all there
    }

    [Fact]
    public async Task Killed_and_started_again_in_the_middle_PostgreSQL_costs_no_document()
    {
        using var server = PostgresServer.Start();
        await using var rig = await PairAsync(server);
        using var stop = new CancellationTokenSource();
        var running = Task.WhenAll(rig.All.Select(n => n.Node.RunAsync(stop.Token)));
        var handing = Task.WhenAll(Enumerable.Range(0, 60).Select(async i =>
        {
            await Task.Delay(i * 20);
            var message = Messages.Document("G99.63", "G22");
            for (var attempt = 0; ; attempt++) // as a peer does: the same message again until there is a receipt
            {
                try
                {
                    return Assert.IsType<AcceptAnswer.Accepted>(await Messages.HandAsync(i % 2 == 0 ? rig.One : rig.Two, message, Unit));
                }
                catch (VanBanDienTu.Relay.RelayException again) when (again.RetryAfter is not null && attempt < 100)
                {
                    await Task.Delay(100);
                }
            }
        }));
        await Task.Delay(500);
        server.Kill();
        server.Restart();
        await handing;
        await Eventually.TrueAsync(async () =>
        {
            keys.Time.Advance(TimeSpan.FromSeconds(20)); // leases whose claim was never answered run out
            return (await rig.Government.Node.Incoming.ListAsync("G22", 500, null, unconfirmedOnly: false, null, default)).Items.Count == 60;
        });
        await Eventually.TrueAsync(async () => await NumberAsync(rig.Two, "SELECT COUNT(*) FROM outbox") == 0);
        await stop.CancelAsync();
        await running;
        Assert.Null(await rig.One.Node.Evidence.FirstBrokenLinkAsync(default));
    }

    private static Task<long> NumberAsync(TestNode node, string sql) => node.Node.Ground.Database.ReadAsync(tx => tx.NumberAsync(sql, default));

    private async Task<Pair> PairAsync(PostgresServer? server = null, TimestampClient? stamps = null)
    {
        var pair = new Pair(keys, server?.NewSchema() ?? postgres.NewNode());
        pair.One.Timestamps = pair.Two.Timestamps = stamps;
        foreach (var node in pair.All)
            await node.OpenAsync();
        return pair;
    }

    private sealed class Pair : IAsyncDisposable
    {
        private readonly TemporaryFolder folder = new();

        public Pair(RelayKeys keys, string connection)
        {
            One = Node("ministry", "one");
            Two = Node("ministry-two", "two");
            Government = new TestNode(keys, "government", "G22", folder["government"]);
            Government.Hosts("G22");
            OneUp = One.LinkTo(Government, "*");
            TwoUp = Two.LinkTo(Government, "*");

            TestNode Node(string name, string data)
            {
                var node = new TestNode(keys, name, "G99", folder[data]);
                node.Hosts("G99");
                node.Options = node.Options with { Postgres = new PostgresStorage(connection) { OwnClocks = true } };
                return node;
            }
        }

        public TestNode One { get; }

        public TestNode Two { get; }

        public TestNode Government { get; }

        public LoopbackLink OneUp { get; }

        public LoopbackLink TwoUp { get; }

        public IEnumerable<TestNode> All => [One, Two, Government];

        public async ValueTask DisposeAsync()
        {
            foreach (var node in All)
                await node.DisposeAsync();
            folder.Dispose();
        }
    }
}
