using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using VanBanDienTu.TestKit;
using VanBanDienTu.UnitTests.Relay.Rig;

namespace VanBanDienTu.IntegrationTests.RelayNodes;

public sealed class EvidenceTests(RelayKeys keys) : IClassFixture<RelayKeys>
{
    [Fact]
    public async Task Every_receipt_of_every_hop_is_checked_by_openssl_and_one_changed_byte_is_noticed()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        await nodes.Unit.SubmitAsync("G22");
        await nodes.SettleAsync();
        var incoming = Assert.Single(await nodes.Government.ArrivedAsync("G22"));
        await nodes.Government.ConfirmAsync("G22", incoming.Id);
        await nodes.Government.AnswerAsync("G22", incoming.Id, "03");
        await nodes.SettleAsync();

        using var folder = new TemporaryFolder();
        var root = Directory.GetFiles(keys.Pki.Authority.TrustFolder, "*.pem")[0];
        var all = await nodes.Unit.EvidenceAsync();
        Assert.InRange(all.Count, 7, 30);
        foreach (var evidence in all)
        {
            var json = folder.Write("R.json", evidence.Json.Span);
            var signature = folder.Write("R.json.p7s", evidence.Signature.Span);
            var verified = Verify(json, signature, root);
            Assert.True(verified.ExitCode == 0, $"{evidence.Event} of {evidence.Issuer}: {verified.Output}");
            var changed = evidence.Json.ToArray();
            changed[^3] ^= 1;
            folder.Write("R.json", changed);
            Assert.NotEqual(0, Verify(json, signature, root).ExitCode);
        }
    }

    [Fact]
    public async Task Evidence_says_what_when_who_and_about_which_bytes_in_canonical_json()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        await nodes.Unit.SubmitAsync("G22");
        await nodes.SettleAsync();
        var acceptance = Assert.Single(await nodes.Ministry.EvidenceAsync(), e => e.Event == "RelayAcceptance");
        using var json = JsonDocument.Parse(acceptance.Json);
        var root = json.RootElement;
        Assert.Equal(
            ["edxmlDocumentId", "event", "evidenceId", "issuer", "messageDigest", "messageId", "parties", "payloads", "peerCertificate", "time", "timeSource"],
            root.EnumerateObject().Select(p => p.Name));
        Assert.Equal(("ministry", "G99"), (root.GetProperty("issuer").GetProperty("node").GetString(), root.GetProperty("issuer").GetProperty("organ").GetString()));
        Assert.EndsWith("+07:00", root.GetProperty("time").GetString(), StringComparison.Ordinal);
        Assert.Equal(64, root.GetProperty("payloads")[0].GetProperty("sha256").GetString()!.Length);
        Assert.DoesNotContain("\": ", Encoding.UTF8.GetString(acceptance.Json.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_removed_and_a_changed_row_show_in_the_chain()
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        await nodes.Unit.SubmitAsync("G99", "G22");
        await nodes.SettleAsync();
        Assert.Equal([1L, 2L, 3L], (await nodes.Unit.Node.Evidence.AfterAsync(0, 100, default)).Select(e => e.Sequence));
        Assert.Null(await nodes.Unit.Node.Evidence.FirstBrokenLinkAsync(default));
        Change(nodes.Unit, "UPDATE evidence SET json = CAST(REPLACE(CAST(json AS text), 'G99', 'G98') AS blob) WHERE sequence = 3");
        Assert.Equal(3, await nodes.Unit.Node.Evidence.FirstBrokenLinkAsync(default));
        Change(nodes.Unit, "DELETE FROM evidence WHERE sequence = 2");
        Assert.Equal(2, await nodes.Unit.Node.Evidence.FirstBrokenLinkAsync(default));
    }

    private static ToolAnswer Verify(string json, string signature, string root) => ExternalTool.Run(
        "openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", signature, "-content", json, "-CAfile", root, "-purpose", "any", "-out", "/dev/null");

    private static void Change(TestNode node, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(node.Options.DataFolder, "relay.db")}");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        Assert.Equal(1, command.ExecuteNonQuery());
    }
}
