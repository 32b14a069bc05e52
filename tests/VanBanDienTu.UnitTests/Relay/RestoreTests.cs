using VanBanDienTu.Relay;
using VanBanDienTu.Relay.AtRest;
using VanBanDienTu.Relay.Backup;
using VanBanDienTu.Relay.Evidence;
using VanBanDienTu.Relay.Incoming;
using VanBanDienTu.Relay.Messages;
using VanBanDienTu.Relay.Outgoing;
using VanBanDienTu.Relay.Restored;
using VanBanDienTu.TestKit;
using VanBanDienTu.UnitTests.Relay.Rig;

namespace VanBanDienTu.UnitTests.Relay;

/// <summary>Backups of a node that works, and what a node knows again after an older one was restored while its neighbours went on.</summary>
public sealed class RestoreTests(RelayKeys keys) : IDisposable, IClassFixture<RelayKeys>
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("unit")]
    [InlineData("ministry")]
    [InlineData("government")]
    public async Task After_an_older_backup_nothing_is_lost_or_doubled_and_every_receipt_is_the_same(string destroyed)
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        var node = nodes.All.Single(n => n.Name == destroyed);
        var before = await SendAsync(nodes.Unit, "H99", "1");
        await nodes.SettleAsync();
        await HandOverAsync(nodes.Government, "H99", before);
        await nodes.SettleAsync();
        var backup = await BackUpAsync(node);

        var down = await SendAsync(nodes.Government, "G99.63", "2");
        var up = await SendAsync(nodes.Unit, "H99", "3");
        await nodes.SettleAsync();
        await HandOverAsync(nodes.Government, "H99", up);
        await HandOverAsync(nodes.Unit, "G99.63", down);
        await nodes.SettleAsync();
        var receipts = await ReceiptsAsync(nodes);
        var (stateUp, stateDown) = ((await DeliveryAsync(nodes.Unit, up)).State, (await DeliveryAsync(nodes.Government, down)).State);
        Assert.Equal((DeliveryState.Accepted, DeliveryState.Accepted), (stateUp, stateDown));

        await RestoreAsync(node, backup);
        await AssertNothingNewYetAsync(nodes, node, up, down);
        await nodes.SettleAsync();

        Assert.All(await node.Node.Reconciliation.ListAsync(default), peer => Assert.Equal(ReconciliationState.Done, peer.State));
        Assert.Empty(await node.Node.Reconciliation.DifferencesAsync(10, default));
        foreach (var (id, receipt) in receipts)
            Assert.Equal(receipt, (await ReceiptsAsync(nodes))[id]);
        await AssertOnceAsync(nodes.Government, "H99", [before, up]);
        await AssertOnceAsync(nodes.Unit, "G99.63", [down]);
        Assert.Equal(DeliveryState.Accepted, (await DeliveryAsync(nodes.Unit, up)).State);
        Assert.Equal(DeliveryState.Accepted, (await DeliveryAsync(nodes.Government, down)).State);

        // The unit's own system repeats what it sent: nothing goes out a second time.
        await nodes.Unit.Node.Submit.RunAsync(up, default);
        await nodes.Government.Node.Submit.RunAsync(down, default);
        await nodes.SettleAsync();
        await AssertOnceAsync(nodes.Government, "H99", [before, up]);
        await AssertOnceAsync(nodes.Unit, "G99.63", [down]);
        foreach (var each in nodes.All)
            Assert.Null(await each.Node.Evidence.FirstBrokenLinkAsync(default));
    }

    [Fact]
    public async Task Evidence_goes_on_behind_a_gap_that_the_log_itself_states()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        await SendAsync(nodes.Unit, "H99", "1");
        await nodes.SettleAsync();
        var backup = await BackUpAsync(nodes.Unit);
        var last = (await nodes.Unit.Node.Evidence.AfterAsync(0, 10_000, default))[^1].Sequence;
        await SendAsync(nodes.Unit, "H99", "2");
        await nodes.SettleAsync();
        await RestoreAsync(nodes.Unit, backup);
        await nodes.SettleAsync();
        var after = await nodes.Unit.Node.Evidence.AfterAsync(last, 10_000, default);
        Assert.Equal("LogRestored", after[0].Evidence.Event);
        Assert.True(after[0].Sequence > 1_000_000_000_000);
        Assert.Equal(Enumerable.Range(0, after.Count).Select(i => after[0].Sequence + i), after.Select(row => row.Sequence));
        Assert.Null(await nodes.Unit.Node.Evidence.FirstBrokenLinkAsync(default));
        Assert.Empty((await AuditAsync(nodes.Unit)).Findings);
        await nodes.Unit.Node.Ground.Database.WriteAsync(tx => tx.ExecuteAsync("DELETE FROM evidence WHERE sequence = @last", default, ("last", last)));
        Assert.Equal(last, await nodes.Unit.Node.Evidence.FirstBrokenLinkAsync(default)); // the gap hides nothing
        var missing = (await AuditAsync(nodes.Unit)).Findings[0];
        Assert.Equal(("ROW_MISSING", last), (missing.Code, missing.Row));
    }

    private async Task<AuditReport> AuditAsync(TestNode node) =>
        (await EvidenceAudit.RunAsync(node.Options.DataFolder, node.Options.Postgres, keys.Pki.Trust, null, default))!;

    [Fact]
    public async Task A_neighbour_that_cannot_be_asked_is_waited_for_until_an_operator_accepts_the_difference()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        var backup = await BackUpAsync(nodes.Unit);
        nodes.UnitUp.Forgetful = true;
        await RestoreAsync(nodes.Unit, backup);
        await nodes.Unit.RunAsync();
        Assert.Contains((await nodes.Unit.Node.Health.ReportAsync(default)).Problems, p => p.Code == "RESTORE_PENDING");
        var refused = await Assert.ThrowsAsync<RelayException>(() => SendAsync(nodes.Unit, "H99", "1"));
        Assert.Equal(RelayFault.Reconciling, refused.Fault);
        Assert.True(await nodes.Unit.Node.Reconciliation.AcceptAsync("ministry", default));
        await SendAsync(nodes.Unit, "H99", "1");
        await nodes.SettleAsync();
        Assert.Single(await nodes.Government.ArrivedAsync("H99"));
    }

    [Fact]
    public async Task A_neighbour_hears_of_nothing_but_its_own()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        await SendAsync(nodes.Unit, "H99", "1");
        await nodes.SettleAsync();
        var stranger = new PeerNode("stranger", "G50", new string('5', 64));
        foreach (var node in nodes.All)
        {
            for (string? page = ""; page is not null;)
            {
                var listed = await node.Node.Exchanged.ListAsync(stranger, DateTimeOffset.UnixEpoch, page, default);
                Assert.Empty(listed.Messages);
                page = listed.Next;
            }

            foreach (var (id, _) in await ReceiptsAsync(nodes))
                Assert.Null(await node.Node.Exchanged.FindAsync(stranger, id, default));
        }
    }

    [Fact]
    public async Task A_backup_that_was_changed_anywhere_is_not_restored()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys, n => n.Unit.Options = n.Unit.Options with { Keys = Ring(), ScratchFolder = _folder["memory"] });
        await SendAsync(nodes.Unit, "H99", "1");
        using (var large = new MemoryStream(new byte[2_000_000]))
            await nodes.Unit.Node.Ground.Database.WriteAsync(async tx =>
            {
                await VanBanDienTu.Relay.Payloads.PayloadStore.KeepAsync(tx, await nodes.Unit.Node.Payloads.SaveAsync(large, default), default);
                return true;
            });
        await nodes.SettleAsync();
        var backup = await BackUpAsync(nodes.Unit);
        var whole = await BackupCheck.RunAsync(backup, Ring(), null, default);
        Assert.True(whole.Good, string.Join(" ", whole.Problems.Select(p => p.En)));
        Assert.Equal(0, whole.Unopened);
        Assert.Equal(whole.Payloads, (await BackupCheck.RunAsync(backup, KeyRing.Empty, null, default)).Unopened);
        foreach (var file in Directory.EnumerateFiles(backup, "*", SearchOption.AllDirectories).Where(f => Path.GetFileName(f) != "manifest.json").ToList())
        {
            var bytes = await File.ReadAllBytesAsync(file);
            bytes[bytes.Length / 2] ^= 1;
            await File.WriteAllBytesAsync(file, bytes);
            Assert.False((await BackupCheck.RunAsync(backup, Ring(), null, default)).Good, file);
            var refused = await Assert.ThrowsAsync<RelayException>(() => NodeRestore.RunAsync(backup, _folder["elsewhere"], ("unit", "G99.63"), Ring(), null, TimeProvider.System, default));
            Assert.Equal(RelayFault.BackupUnusable, refused.Fault);
            bytes[bytes.Length / 2] ^= 1;
            await File.WriteAllBytesAsync(file, bytes);
        }

        Assert.False(Directory.Exists(_folder["elsewhere"]));
        await Assert.ThrowsAsync<RelayException>(() => NodeRestore.RunAsync(backup, _folder["elsewhere"], ("other", "G99"), Ring(), null, TimeProvider.System, default));
        await Assert.ThrowsAsync<RelayException>(() => NodeRestore.RunAsync(backup, _folder["elsewhere"], ("unit", "G99.63"), KeyRing.Empty, null, TimeProvider.System, default));
        Assert.True((await NodeRestore.RunAsync(backup, _folder["elsewhere"], ("unit", "G99.63"), Ring(), null, TimeProvider.System, default)).Good);
    }

    [Fact]
    public async Task A_backup_of_a_node_that_goes_on_working_is_one_state_of_it()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        using var stop = new CancellationTokenSource();
        var busy = Task.Run(async () =>
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
                await SendAsync(nodes.Unit, "H99", $"{i}");
        });
        for (var i = 0; i < 3; i++)
        {
            var found = await BackupCheck.RunAsync(await BackUpAsync(nodes.Unit), KeyRing.Empty, null, default);
            Assert.True(found.Good, string.Join(" ", found.Problems.Select(p => p.En)));
        }

        await stop.CancelAsync();
        await busy;
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>Before a neighbour was asked, what may be old gets no new receipt; and what is known gets the one that it has.</summary>
    private static async Task AssertNothingNewYetAsync(ThreeNodes nodes, TestNode restored, Submission up, Submission down)
    {
        foreach (var (from, to, document) in new[] { (nodes.Unit, nodes.Ministry, up), (nodes.Ministry, nodes.Government, up), (nodes.Government, nodes.Ministry, down), (nodes.Ministry, nodes.Unit, down) })
        {
            if (to != restored)
                continue;
            var edxml = EdxmlIdOf(document);
            var message = (await from.Node.Ground.Database.ReadAsync(tx => tx.QueryAsync(
                $"SELECT {MessageTable.Columns} FROM message m WHERE m.edxml_id = @edxml AND m.kind = 'Document'", MessageTable.Read, default, ("edxml", edxml))))[0];
            var refused = await Assert.ThrowsAsync<RelayException>(() => to.Node.Accept.BeginAsync(
                message.Header, message.Digest, LoopbackLink.PeerOf(from), default));
            Assert.Equal(RelayFault.Reconciling, refused.Fault);
        }
    }

    /// <summary>Every receipt that any node gave, by message, from whoever has it.</summary>
    private static async Task<Dictionary<Guid, string>> ReceiptsAsync(ThreeNodes nodes)
    {
        var all = new Dictionary<Guid, string>();
        foreach (var node in nodes.All)
        {
            var rows = await node.Node.Ground.Database.ReadAsync(tx => tx.QueryAsync(
                "SELECT a.message_id, e.json, e.signature FROM arrival a JOIN evidence e ON e.id = a.receipt", r => (Id: r.Id(0), Json: r.Bytes(1), Signature: r.Bytes(2)), default));
            foreach (var row in rows)
                all[row.Id] = all.GetValueOrDefault(row.Id, "") + $"|{node.Name}:{Convert.ToHexString(row.Json)}:{Convert.ToHexString(row.Signature)}";
        }

        return all;
    }

    private static async Task AssertOnceAsync(TestNode at, string organ, Submission[] documents)
    {
        var arrived = await at.ArrivedAsync(organ);
        Assert.Equal(documents.Select(d => EdxmlIdOf(d)).Order(StringComparer.Ordinal), arrived.Select(a => a.EdxmlDocumentId).Order(StringComparer.Ordinal));
        foreach (var document in arrived)
        {
            var codes = await at.Node.Ground.Database.ReadAsync(tx => tx.QueryAsync(
                "SELECT code FROM answer WHERE incoming_id = @id ORDER BY code", row => row.Text(0), default, ("id", document.Id)));
            Assert.Equal(["01", "03"], codes);
        }
    }

    private static string EdxmlIdOf(Submission submission) => SubmissionRules.EdxmlIdOf(submission, SubmissionRules.Digest(submission));

    private static async Task HandOverAsync(TestNode at, string organ, Submission document)
    {
        var arrived = (await at.ArrivedAsync(organ)).Single(a => a.EdxmlDocumentId == EdxmlIdOf(document));
        await at.ConfirmAsync(organ, arrived.Id);
        await at.AnswerAsync(organ, arrived.Id, "03");
    }

    private static async Task<Submission> SendAsync(TestNode from, string to, string number)
    {
        var submission = await from.SubmissionAsync(to);
        submission = submission with { Document = submission.Document with { Number = number } };
        await from.Node.Submit.RunAsync(submission, default);
        return submission;
    }

    private static async Task<DeliveryView> DeliveryAsync(TestNode at, Submission submission)
    {
        var id = await at.Node.Ground.Database.ReadAsync(tx => DocumentTable.FindEdxmlAsync(tx, submission.FromOrgan, EdxmlIdOf(submission), default));
        return await at.DeliveryAsync(id!.Value);
    }

    private async Task<string> BackUpAsync(TestNode node)
    {
        var target = _folder[$"backup-{Guid.NewGuid():N}"];
        await NodeBackup.MakeAsync(node.Options.DataFolder, target, (node.Name, node.Organ, "test"), [], null, keys.Time, default);
        return target;
    }

    private async Task RestoreAsync(TestNode node, string backup)
    {
        await node.Node.AbandonAsync();
        Directory.Delete(node.Options.DataFolder, recursive: true);
        await NodeRestore.RunAsync(backup, node.Options.DataFolder, (node.Name, node.Organ), node.Options.Keys, null, keys.Time, default);
        await node.OpenAsync();
    }

    private KeyRing Ring()
    {
        if (!File.Exists(_folder["key"]))
            File.WriteAllText(_folder["key"], Convert.ToHexString(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32)));
        return KeyRing.Read([_folder["key"]]);
    }
}
