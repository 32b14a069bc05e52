using System.Text.Json;
using Microsoft.Data.Sqlite;
using VanBanDienTu.Cli.Nodes;
using VanBanDienTu.EndToEndTests.Commands;
using VanBanDienTu.TestKit;

namespace VanBanDienTu.EndToEndTests.Demo;

/// <summary>What a visitor does after the demo: brings a node up again and asks it, with the commands that the demo names.</summary>
[Collection(DemoRun.Name)]
public sealed class NodesAfterDemoTests(DemoRun run)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_node_comes_up_again_with_its_data_and_answers_the_client_commands()
    {
        var config = Path.Combine(run.Folder, "nodes", "unit.json");
        await using var node = await NodeProcess.StartAsync(config, Path.Combine(run.Folder, "again.log"), Patience, CancellationToken.None);
        string[] caller = Caller(config, "G99.63");

        var list = await SamplePki.RunAsync(["outgoing", "list", "--json", .. caller]);
        Assert.True(list.ExitCode == 0, list.ToString());
        var documents = list.Json.GetProperty("documents").EnumerateArray().ToList();
        Assert.Equal(5, documents.Count);
        var letter = documents.Single(d => d.GetProperty("document").GetProperty("number").GetString() == "101");
        var id = letter.GetProperty("documentId").GetString()!;

        var shown = await SamplePki.RunAsync(["outgoing", "show", id, .. caller]);
        Assert.Contains("đã hoàn thành (06)", shown.Output, StringComparison.Ordinal);

        var kept = Path.Combine(run.Folder, "kept");
        var evidence = await SamplePki.RunAsync(["evidence", "get", "--document", id, "--into", kept, .. caller]);
        Assert.True(evidence.ExitCode == 0, evidence.ToString());
        Assert.True(Directory.GetFiles(kept, "*.json.p7s").Length >= 5);

        var unknown = await SamplePki.RunAsync(["outgoing", "show", Guid.NewGuid().ToString(), .. caller]);
        Assert.Equal(1, unknown.ExitCode);
        Assert.Contains("DOCUMENT_UNKNOWN", unknown.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_audit_of_what_the_demo_left_holds_and_one_row_less_is_named()
    {
        var trust = Path.Combine(run.Folder, "trust");
        string[] sample = ["--trust", trust, "--allow-sample-trust"];
        foreach (var name in new[] { "unit", "ministry", "government" })
        {
            var good = await SamplePki.RunAsync("audit", "--config", Path.Combine(run.Folder, "nodes", $"{name}.json"), "--json");
            Assert.True(good.ExitCode == 0, good.ToString());
            Assert.Equal("TOTAL-PASSED", good.Json.GetProperty("verdict").GetString());
            Assert.True(good.Json.GetProperty("rows").GetInt32() > 30);
        }

        var unit = Path.Combine(run.Folder, "nodes", "unit");
        Assert.Equal(2, (await SamplePki.RunAsync("audit", unit, "--trust", trust)).ExitCode); // sample roots are not trusted by themselves
        using var folder = new TemporaryFolder();
        var backup = await SamplePki.RunAsync("backup", "--config", Path.Combine(run.Folder, "nodes", "unit.json"), "-o", folder["backup"]);
        Assert.True(backup.ExitCode == 0, backup.ToString());
        Assert.Equal(0, (await SamplePki.RunAsync(["audit", folder["backup"], .. sample])).ExitCode);

        await SqlAsync(folder["backup"], "DELETE FROM evidence WHERE sequence = 7");
        var missing = await SamplePki.RunAsync(["audit", folder["backup"], .. sample]);
        Assert.Equal(1, missing.ExitCode);
        Assert.Contains("Sổ «unit»: thiếu hàng 7:", missing.Output, StringComparison.Ordinal);
        await SqlAsync(folder["backup"], "DELETE FROM evidence WHERE sequence > 20");
        var cut = await SamplePki.RunAsync(["audit", folder["backup"], "--json", .. sample]);
        Assert.Contains(cut.Json.GetProperty("findings").EnumerateArray(), f => f.GetProperty("code").GetString() == "LOG_CUT" && f.GetProperty("row").GetInt32() == 21);
        await File.WriteAllTextAsync(Path.Combine(folder["backup"], "relay.db"), "no database");
        Assert.Equal(4, (await SamplePki.RunAsync(["audit", folder["backup"], .. sample])).ExitCode);

        Directory.CreateDirectory(folder["new"]);
        Assert.Equal(3, (await SamplePki.RunAsync(["audit", folder["new"], .. sample])).ExitCode);
        Assert.Equal(66, (await SamplePki.RunAsync(["audit", folder["nowhere"], .. sample])).ExitCode);
        Assert.Equal(64, (await SamplePki.RunAsync("audit", unit)).ExitCode);
    }

    /// <summary>What somebody does who can write to the file.</summary>
    private static async Task SqlAsync(string folder, string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(folder, "relay.db")};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        Assert.True(await command.ExecuteNonQueryAsync() > 0);
    }

    [Fact]
    public async Task A_stranger_and_another_organ_are_told_that_they_may_not()
    {
        var config = Path.Combine(run.Folder, "nodes", "government.json");
        await using var node = await NodeProcess.StartAsync(config, Path.Combine(run.Folder, "again.log"), Patience, CancellationToken.None);
        var unit = await SamplePki.RunAsync(["incoming", "list", .. Caller(config, "G99.63")]);
        Assert.Equal(77, unit.ExitCode);
        Assert.Contains("[NOT_A_MEMBER]", unit.Error, StringComparison.Ordinal);

        var province = await SamplePki.RunAsync(["incoming", "list", "--json", .. Caller(config, "H99")]);
        Assert.True(province.ExitCode == 0, province.ToString());
        Assert.All(province.Json.GetProperty("documents").EnumerateArray(), d => Assert.Equal("H99", d.GetProperty("toOrganId").GetString()));
    }

    [Fact]
    public async Task A_port_in_use_and_a_missing_file_are_one_sentence_each()
    {
        var config = Path.Combine(run.Folder, "nodes", "ministry.json");
        await using var node = await NodeProcess.StartAsync(config, Path.Combine(run.Folder, "again.log"), Patience, CancellationToken.None);
        using var json = JsonDocument.Parse(await File.ReadAllTextAsync(config));
        var listen = json.RootElement.GetProperty("listen").GetString()!;
        var twin = Path.Combine(run.Folder, "nodes", "twin.json");
        await File.WriteAllTextAsync(twin, (await File.ReadAllTextAsync(config)).Replace("\"data\": \"ministry\"", "\"data\": \"twin\"", StringComparison.Ordinal));

        var taken = await Vbdt.RunAsync("serve", "--config", twin);
        File.Delete(twin);
        Assert.Equal(1, taken.ExitCode);
        Assert.Contains(new Uri(listen).Port.ToString(), taken.Error, StringComparison.Ordinal);
        Assert.Equal(2, taken.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);

        var missing = await Vbdt.RunAsync("serve", "--config", "/nowhere.json");
        Assert.Equal(66, missing.ExitCode);
    }

    [Fact]
    public async Task Doctor_finds_a_running_neighbour_and_names_a_missing_one()
    {
        var ministry = Path.Combine(run.Folder, "nodes", "ministry.json");
        await using var node = await NodeProcess.StartAsync(ministry, Path.Combine(run.Folder, "again.log"), Patience, CancellationToken.None);
        var unit = await SamplePki.RunAsync("doctor", "--config", Path.Combine(run.Folder, "nodes", "unit.json"), "--json");
        Assert.True(unit.ExitCode == 0, unit.ToString());
        Assert.Contains("ministry (G99)", unit.Output, StringComparison.Ordinal);
        var itself = await SamplePki.RunAsync("doctor", "--config", ministry);
        Assert.Equal(1, itself.ExitCode);
        Assert.Contains("HỎNG  Nút government", itself.Output, StringComparison.Ordinal);
    }

    private string[] Caller(string config, string organ)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(config));
        var pki = Path.Combine(run.Folder, "pki");
        return
        [
            "--node", json.RootElement.GetProperty("listen").GetString()!, "--cert", Path.Combine(pki, "keys", $"system-{organ}.p12"),
            "--password-file", Path.Combine(pki, "password"), "--trust", Path.Combine(run.Folder, "trust"), "--allow-sample-trust",
        ];
    }
}
