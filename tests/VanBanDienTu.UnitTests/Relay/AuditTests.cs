using System.Data.Common;
using Microsoft.Data.Sqlite;
using VanBanDienTu.Relay.Evidence;
using VanBanDienTu.Relay.Storage;
using VanBanDienTu.Signing.Trust;
using VanBanDienTu.UnitTests.Relay.Rig;

namespace VanBanDienTu.UnitTests.Relay;

public abstract class AuditTests(RelayKeys keys)
{
    [Fact]
    public async Task What_nodes_wrote_in_a_story_with_answers_refusals_and_a_recall_holds_while_they_run_and_after()
    {
        await using var nodes = await StoryAsync();
        foreach (var node in nodes.All)
        {
            var report = await AuditAsync(node);
            Assert.Empty(report.Findings);
            Assert.Equal((0, 0), (report.Broken, report.Undecided));
            Assert.Equal(await node.Node.Evidence.AfterAsync(0, 10_000, default) is { Count: > 0 } log ? log.Count : -1, report.Rows);
            Assert.True(report.Receipts > 0, node.Name);
            await node.Node.DisposeAsync();
            Assert.Equal(report.Rows, (await AuditAsync(node)).Rows);
            await node.OpenAsync();
        }

        var seen = new List<AuditProgress>();
        await EvidenceAudit.RunAsync(nodes.Unit.Options.DataFolder, nodes.Unit.Options.Postgres, keys.Pki.Trust, new Told(seen), default);
        Assert.Equal(seen[^1].Total, seen[^1].Done);
        Assert.Equal(seen.Order(Comparer<AuditProgress>.Create((a, b) => a.Done.CompareTo(b.Done))), seen);
    }

    /// <summary>What somebody did to the database with its own tools; the codes that say so; the row that is named.</summary>
    private static readonly (string Deed, string Codes, int Row)[] Deeds =
    [
        ("DELETE FROM evidence WHERE sequence = 3", "ROW_MISSING", 3),
        ("DELETE FROM evidence WHERE sequence IN (1, 2)", "ROW_MISSING", 1),
        ("DELETE FROM evidence WHERE sequence > 4", "LOG_CUT", 5),
        ("DELETE FROM evidence", "LOG_CUT", 1),
        ("UPDATE evidence SET json = signature WHERE sequence = 2", "ROW_CHANGED SIGNATURE_INVALID", 2),
        ("UPDATE evidence SET signature = json WHERE sequence = 2", "ROW_CHANGED SIGNATURE_INVALID", 2),
        ("UPDATE evidence SET json = (SELECT o.json FROM evidence o WHERE o.sequence = 1), signature = (SELECT o.signature FROM evidence o WHERE o.sequence = 1) WHERE sequence = 2", "ROW_CHANGED ROW_MISFILED", 2),
        ("UPDATE evidence SET hash = '00' WHERE sequence = 2", "ROW_CHANGED", 2),
        ("UPDATE evidence SET event = 'ContentHandover' WHERE sequence = 1", "ROW_MISFILED", 1),
        ("UPDATE evidence SET message_id = NULL WHERE event = 'ContentConsignment' AND sequence = (SELECT MIN(o.sequence) FROM evidence o WHERE o.event = 'ContentConsignment')", "ROW_MISFILED", 0),
        ("UPDATE evidence SET document_id = (SELECT MAX(id) FROM document) WHERE event = 'SubmissionAcceptance' AND document_id = (SELECT MIN(id) FROM document)", "ROW_MISFILED", 0),
        ("DELETE FROM document WHERE id = (SELECT MIN(id) FROM document)", "DOCUMENT_MISSING", 0),
        ("UPDATE document SET attachments = (SELECT d.attachments FROM document d ORDER BY d.id DESC LIMIT 1) WHERE id = (SELECT MIN(id) FROM document)", "RECEIPT_OF_ANOTHER", 0),
        ("UPDATE document SET outcome = NULL WHERE id = (SELECT MIN(id) FROM document)", "RECEIPT_MISSING", 0),
        ("UPDATE arrival SET digest = '00' WHERE message_id = (SELECT MIN(message_id) FROM arrival)", "RECEIPT_OF_ANOTHER", 0),
        ("UPDATE arrival SET receipt = 'none' WHERE message_id = (SELECT MIN(message_id) FROM arrival)", "RECEIPT_MISSING", 0),
        ("UPDATE message SET digest = '00' WHERE kind = 'Document' AND id = (SELECT MIN(id) FROM delivery)", "RECEIPT_OTHER_CONTENT", 0),
    ];

    [Fact]
    public async Task What_was_removed_or_altered_is_named_with_its_row()
    {
        await using var nodes = await StoryAsync();
        var unit = nodes.Unit;
        string[] tables = ["evidence", "document", "arrival", "message"];
        foreach (var table in tables)
            await DoAsync(unit, $"CREATE TABLE kept_{table} AS SELECT * FROM {table}");
        foreach (var (deed, codes, row) in Deeds)
        {
            Assert.True(await DoAsync(unit, deed) > 0, deed);
            var report = await AuditAsync(unit);
            Assert.True(report.Broken > 0, deed);
            foreach (var code in codes.Split(' '))
            {
                var finding = report.Findings.FirstOrDefault(f => f.Code == code);
                Assert.True(finding is not null, $"{code} is not among {string.Join(", ", report.Findings.Select(f => f.Code))} after {deed}");
                Assert.True(row == 0 || finding.Row == row, $"{code} names row {finding.Row} instead of {row} after {deed}");
            }

            // A chain is said to be broken exactly where it is.
            Assert.Equal(codes.Contains("ROW_CHANGED", StringComparison.Ordinal) ? 1 : 0, report.Findings.Count(f => f.Code == "ROW_CHANGED"));
            Assert.Equal(codes == "ROW_MISSING" ? 1 : 0, report.Findings.Count(f => f.Code == "ROW_MISSING"));
            foreach (var table in tables)
            {
                await DoAsync(unit, $"DELETE FROM {table}");
                await DoAsync(unit, $"INSERT INTO {table} SELECT * FROM kept_{table}");
            }

            Assert.Equal(0, (await AuditAsync(unit)).Broken);
        }
    }

    [Fact]
    public async Task A_log_that_was_cut_out_and_chained_anew_no_longer_holds_what_documents_name()
    {
        await using var nodes = await StoryAsync();
        var unit = nodes.Unit;
        await DoAsync(unit, "DELETE FROM evidence WHERE event = 'SubmissionAcceptance' AND document_id = (SELECT MAX(id) FROM document)");
        await ChainAnewAsync(unit);
        File.Delete(Path.Combine(unit.Options.DataFolder, "issued.json"));
        var finding = Assert.Single((await AuditAsync(unit)).Findings);
        Assert.Equal("RECEIPT_MISSING", finding.Code);
    }

    [Fact]
    public async Task A_signer_whose_root_is_not_given_is_undecided_and_told_once()
    {
        await using var nodes = await StoryAsync();
        var report = (await EvidenceAudit.RunAsync(nodes.Unit.Options.DataFolder, nodes.Unit.Options.Postgres, TrustSnapshot.Empty, null, default))!;
        var finding = Assert.Single(report.Findings);
        Assert.Equal(("SIGNER_UNKNOWN", true, 0L, report.Rows), (finding.Code, finding.Undecided, report.Broken, report.Undecided));
        Assert.Equal(report.Rows - 1, finding.Others);
    }

    /// <summary>Two documents: one is finished, the other refused by one recipient, and an attempt to send what nobody signed.</summary>
    private async Task<ThreeNodes> StoryAsync()
    {
        var nodes = await ThreeNodes.OpenAsync(keys);
        await nodes.Unit.SubmitAsync("G99", "G22");
        var second = await nodes.Unit.SubmissionAsync("G99");
        await nodes.Unit.Node.Submit.RunAsync(second with { Attachments = [await nodes.Unit.AttachAsync("khac.pdf", await keys.SignedAsync(TestKit.Samples.QuyetDinh))] }, default);
        await nodes.SettleAsync();
        foreach (var arrived in await nodes.Ministry.ArrivedAsync("G99"))
        {
            await nodes.Ministry.ConfirmAsync("G99", arrived.Id);
            await nodes.Ministry.AnswerAsync("G99", arrived.Id, "06");
        }

        foreach (var arrived in await nodes.Government.ArrivedAsync("G22"))
            await nodes.Government.AnswerAsync("G22", arrived.Id, "02", "gửi nhầm nơi nhận");
        await nodes.SettleAsync();
        return nodes;
    }

    private async Task<AuditReport> AuditAsync(TestNode node) =>
        (await EvidenceAudit.RunAsync(node.Options.DataFolder, node.Options.Postgres, keys.Pki.Trust, null, default))!;

    /// <summary>With the engine's own commands; the node knows nothing of it.</summary>
    private static async Task<int> DoAsync(TestNode node, string sql)
    {
        await using var connection = await ConnectAsync(node);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteNonQueryAsync();
    }

    /// <summary>As somebody would who knows how rows hang together.</summary>
    private static async Task ChainAnewAsync(TestNode node)
    {
        var rows = new List<(long Sequence, byte[] Json, byte[] Signature)>();
        await using var connection = await ConnectAsync(node);
        await using (var command = connection.CreateCommand())
        {
            command.CommandText = "SELECT sequence, json, signature FROM evidence ORDER BY sequence";
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
                rows.Add((reader.GetInt64(0), (byte[])reader.GetValue(1), (byte[])reader.GetValue(2)));
        }

        var hash = EvidenceChain.Genesis;
        for (var i = 0; i < rows.Count; i++)
        {
            hash = EvidenceChain.Link(hash, rows[i].Json, rows[i].Signature);
            await using var command = connection.CreateCommand();
            command.CommandText = $"UPDATE evidence SET sequence = {i + 1}, hash = '{hash}' WHERE sequence = {rows[i].Sequence}";
            Assert.Equal(1, await command.ExecuteNonQueryAsync());
        }
    }

    private static async Task<DbConnection> ConnectAsync(TestNode node)
    {
        DbConnection connection = node.Options.Postgres is { } shared
            ? await shared.Source.OpenConnectionAsync()
            : new SqliteConnection($"Data Source={Path.Combine(node.Options.DataFolder, StoredData.FileName)};Pooling=False");
        if (connection.State != System.Data.ConnectionState.Open)
            await connection.OpenAsync();
        return connection;
    }

    private sealed class Told(List<AuditProgress> seen) : IProgress<AuditProgress>
    {
        public void Report(AuditProgress value) => seen.Add(value);
    }
}

public sealed class AuditOnSqliteTests(RelayKeys keys) : AuditTests(keys), IClassFixture<RelayKeys>;

public sealed class AuditOnPostgresTests(RelayKeysOnPostgres keys) : AuditTests(keys), IClassFixture<RelayKeysOnPostgres>;
