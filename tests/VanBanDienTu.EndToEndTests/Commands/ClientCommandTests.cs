using System.Text.Json;
using VanBanDienTu.Cli.Client;
using VanBanDienTu.Cli.Nodes;
using VanBanDienTu.EndToEndTests.Nodes;
using VanBanDienTu.TestKit;

namespace VanBanDienTu.EndToEndTests.Commands;

/// <summary>A day of two clerks at the keyboard: every client command against real nodes.</summary>
public sealed class ClientCommandTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    [Fact]
    public async Task A_document_is_sent_fetched_answered_and_recalled_by_commands_alone()
    {
        await using var nodes = await ThreeNodes.CreateAsync();
        await Task.WhenAll(nodes.StartAsync(nodes.Network.Unit), nodes.StartAsync(nodes.Network.Ministry));
        var unit = Caller(nodes, SampleNetwork.UnitOrgan);
        var ministry = Caller(nodes, SampleNetwork.MinistryOrgan);
        var pdf = await nodes.SignedByPersonAsync();

        string[] send =
        [
            "send", pdf, "--to", "G99", "--number", "7", "--notation", "CQM1-VP", "--type", "Công văn", "--subject", "Thử bằng dòng lệnh",
            "--request-id", "by-hand-1", "--page", "1", "--rect", "162,288,190,78", .. unit,
        ];
        var sent = await OkAsync([.. send, "--wait", "--json"]);
        var id = sent.GetProperty("documentId").GetString()!;
        Assert.Equal("Queued", sent.GetProperty("state").GetString());
        Assert.Equal(id, (await OkAsync([.. send, "--json"])).GetProperty("documentId").GetString());
        await ReusedAsync(send);

        var arrived = await WaitAsync(["incoming", "list", "--unconfirmed", "--json", .. ministry], j => j.GetProperty("documents") is { } d && d.GetArrayLength() == 1 && d[0].GetProperty("acceptance").GetString() == "Accepted");
        var incoming = arrived.GetProperty("documents")[0].GetProperty("incomingId").GetString()!;
        await TooEarlyAsync(incoming, ministry);
        using var inbox = new TemporaryFolder();
        await OkAsync(["incoming", "fetch", incoming, "--into", inbox.Path, "--json", .. ministry]);
        Assert.Equal(2, ExternalTool.Run("pdfsig", Directory.GetFiles(inbox.Path).Single()).Output.Split("Signature is Valid").Length - 1);

        await OkAsync(["answer", incoming, "03", "--staff", "Văn thư", "--json", .. ministry]);
        await WaitAsync(["where", "7/CQM1-VP", "--json", .. unit], j => StateOf(j) == "Accepted");
        await UpdatedAsync(pdf, incoming, unit, ministry);
        await OkAsync(["recall", id, "--reason", "Gửi nhầm", "--json", .. unit]);
        await WaitAsync(["incoming", "show", incoming, "--json", .. ministry], j => j.GetProperty("request").GetString() == "recall:open");
        await OkAsync(["answer", incoming, "15", "--json", .. ministry]);
        await WaitAsync(["where", "7/CQM1-VP", "--json", .. unit], j => StateOf(j) == "Recalled");

        await SeenAsync(id, unit);
        await ReportedAsync(unit);
    }

    /// <summary>An update that the recipient refuses, by the number of what it updates; a document that answers it.</summary>
    private static async Task UpdatedAsync(string pdf, string incoming, string[] unit, string[] ministry)
    {
        var update = await OkAsync(
        [
            "send", pdf, "--update", "7/CQM1-VP", "--reason", "Sửa phụ lục", "--due", "2027-01-15", "--to", "G99", "--number", "8", "--notation", "CQM1-VP",
            "--type", "Công văn", "--subject", "Bản sửa", "--wait", "--json", .. unit,
        ]);
        Assert.Equal("BUSINESS_TYPE_UPDATE", update.GetProperty("businessType").GetString());
        await WaitAsync(["incoming", "show", incoming, "--json", .. ministry], j => j.GetProperty("request").GetString() == "update:open");
        var shown = await SamplePki.RunAsync(["incoming", "show", incoming, .. ministry]);
        Assert.Contains("đang đề nghị cập nhật", shown.Output, StringComparison.Ordinal);
        await OkAsync(["answer", incoming, "16", "--reason", "Đã giải quyết theo bản cũ", "--json", .. ministry]);
        foreach (var code in new[] { "7/CQM1-VP", "8/CQM1-VP" })
            await WaitAsync(["where", code, "--json", .. unit], j => j.GetProperty("documents")[0].GetProperty("deliveries")[0].GetProperty("request").GetString() == "update:refused");
        Assert.Contains("từ chối cập nhật (16)", (await SamplePki.RunAsync(["where", "7/CQM1-VP", .. unit])).Output, StringComparison.Ordinal);
        Assert.Contains("2027-01-15", (await SamplePki.RunAsync(["where", "8/CQM1-VP", .. unit])).Output, StringComparison.Ordinal);
        var mute = await SamplePki.RunAsync(
            ["send", pdf, "--replace", "7/CQM1-VP", "--to", "G99", "--number", "9", "--notation", "X", "--type", "Công văn", "--subject", "x", .. unit]);
        Assert.Contains("--reason", mute.Error, StringComparison.Ordinal);
    }

    /// <summary>The timeline from the beginning, and the evidence, say the same.</summary>
    private static async Task SeenAsync(string id, string[] unit)
    {
        List<string?> states = [];
        for (var patience = TimeSpan.FromSeconds(3); patience < Patience && states.LastOrDefault() != "Recalled"; patience *= 3) // it watches until it is stopped
        {
            using var enough = new CancellationTokenSource(patience);
            using var output = new StringWriter();
            Assert.Equal(0, await Cli.CommandLine.RunAsync(["watch", "--document", id, "--after", "0", "--json", .. unit], output, TextWriter.Null, enough.Token));
            states = [.. output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement.GetProperty("state").GetString())];
        }

        Assert.Equal("Received", states[0]);
        Assert.Equal("Recalled", states[^1]);

        using var folder = new TemporaryFolder();
        Assert.Equal(0, (await SamplePki.RunAsync(["evidence", "get", "--document", id, "--into", folder.Path, .. unit])).ExitCode);
        var trust = unit[Array.IndexOf(unit, "--trust") + 1];
        var good = await SamplePki.RunAsync("evidence", "verify", folder.Path, "--trust", trust, "--allow-sample-trust");
        Assert.True(good.ExitCode == 0, good.ToString());
        var first = Directory.GetFiles(folder.Path, "*.json").Order(StringComparer.Ordinal).First();
        await File.AppendAllTextAsync(first, " ");
        Assert.Equal(1, (await SamplePki.RunAsync("evidence", "verify", folder.Path, "--trust", trust, "--allow-sample-trust")).ExitCode);
    }

    /// <summary>Three were sent, one of them came back; the page and the table say what the terminal says.</summary>
    private static async Task ReportedAsync(string[] unit)
    {
        using var folder = new TemporaryFolder();
        var (csv, html) = (folder["report.csv"], folder["report.html"]);
        // Not the quarter, which may have ended since they were sent.
        var today = TimeProvider.System.GetUtcNow().ToOffset(TimeSpan.FromHours(7));
        string[] days = ["--from", $"{today.AddDays(-1):yyyy-MM-dd}", "--to", $"{today.AddDays(1):yyyy-MM-dd}"];
        var figures = await OkAsync(["report", .. days, "--json", "--csv", csv, "--html", html, .. unit]);
        Assert.Equal("G99.63", figures.GetProperty("organId").GetString());
        Assert.Equal(("2", "2"), (figures.GetProperty("sent").GetProperty("issued").GetString(), figures.GetProperty("sent").GetProperty("signedByPerson").GetString()));
        Assert.Equal("1", figures.GetProperty("deliveries").GetProperty("recalled").GetString());
        Assert.Equal("1", figures.GetProperty("certificates").GetProperty("inForce").GetString());
        Assert.Contains(await File.ReadAllLinesAsync(csv), line => line.Contains(",signed-by-person,", StringComparison.Ordinal) && line.EndsWith(",2,2", StringComparison.Ordinal));
        Assert.Contains("Văn bản đã phát hành qua nút", System.Net.WebUtility.HtmlDecode(await File.ReadAllTextAsync(html)), StringComparison.Ordinal);
        var shown = await SamplePki.RunAsync(["report", .. days, .. unit]);
        Assert.Matches(@"có chữ ký số của người có thẩm quyền và của cơ quan\s+│\s+2 │ 100,0%", shown.Output);
        Assert.Equal(77, (await SamplePki.RunAsync(["report", "--organ", "G99", .. unit])).ExitCode);
        Assert.Equal(64, (await SamplePki.RunAsync(["report", "--quarter", "2026-Q5", .. unit])).ExitCode);
    }

    private static async Task ReusedAsync(string[] send)
    {
        string[] other = [.. send];
        other[Array.IndexOf(other, "Thử bằng dòng lệnh")] = "Nội dung khác";
        var answer = await SamplePki.RunAsync(other);
        Assert.Equal(1, answer.ExitCode);
        Assert.Contains("[REQUEST_ID_REUSED]", answer.Error, StringComparison.Ordinal);
        other[Array.IndexOf(other, "by-hand-1")] = "by-hand-2";
        other[Array.IndexOf(other, "7")] = "";
        var fields = await SamplePki.RunAsync(other);
        Assert.Equal(65, fields.ExitCode);
        Assert.Contains("number", fields.Error, StringComparison.Ordinal);
    }

    private static async Task TooEarlyAsync(string incoming, string[] ministry)
    {
        var early = await SamplePki.RunAsync(["answer", incoming, "03", .. ministry]);
        Assert.Equal(1, early.ExitCode);
        Assert.Contains("[NOT_FETCHED]", early.Error, StringComparison.Ordinal);
        var mute = await SamplePki.RunAsync(["answer", incoming, "02", .. ministry]);
        Assert.Equal(65, mute.ExitCode);
        Assert.Contains("[REASON_REQUIRED]", mute.Error, StringComparison.Ordinal);
    }

    private static string? StateOf(JsonElement list) => list.GetProperty("documents")[0].GetProperty("deliveries")[0].GetProperty("state").GetString();

    private static async Task<JsonElement> OkAsync(string[] words)
    {
        var answer = await SamplePki.RunAsync(words);
        Assert.True(answer.ExitCode == 0, answer.ToString());
        return answer.Json;
    }

    private static async Task<JsonElement> WaitAsync(string[] words, Func<JsonElement, bool> until)
    {
        var begin = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var json = await OkAsync(words);
            if (until(json)) return json;
            Assert.True(TimeProvider.System.GetElapsedTime(begin) < Patience, $"vbdt {words[0]} {words[1]} still says {json}");
            await Task.Delay(100);
        }
    }

    private static string[] Caller(ThreeNodes nodes, string organ)
    {
        NodeAddress address = nodes.Network.SystemOf(organ);
        return
        [
            "--node", address.Node.ToString(), "--cert", address.CertificateFile, "--password-file", nodes.Authority.PasswordFile,
            "--trust", address.TrustFolder, "--allow-sample-trust",
        ];
    }
}
