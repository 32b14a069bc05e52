using System.Text.Json;
using VanBanDienTu.Cli;
using VanBanDienTu.Signing;
using VanBanDienTu.TestKit;
using VanBanDienTu.TestKit.Pki;
using VanBanDienTu.UnitTests.Signing.Verification.TimeStories;

namespace VanBanDienTu.UnitTests.Cli;

/// <summary><c>vbdt verify FOLDER</c>: one run over many files, and the files that it leaves.</summary>
public sealed class VerifyFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly StoryPki _pki = new();

    [Fact]
    public async Task The_same_folder_trust_and_time_give_the_same_bytes_of_report()
    {
        await FillAsync();
        var first = await RunAsync("--json", "--csv", _folder["1.csv"]);
        var second = await RunAsync("--json", "--csv", _folder["2.csv"]);
        Assert.Equal(first.Output, second.Output);
        Assert.Equal(await File.ReadAllBytesAsync(_folder["1.csv"], Ct), await File.ReadAllBytesAsync(_folder["2.csv"], Ct));
        using var json = JsonDocument.Parse(first.Output);
        Assert.Equal(["hỏng.pdf", "không ký.pdf", "lạ.pdf", "tốt.pdf"], json.RootElement.GetProperty("files").EnumerateArray().Select(f => Path.GetFileName(f.GetProperty("file").GetString())));
    }

    [Fact]
    public async Task People_see_the_figures_first_and_then_what_needs_attention()
    {
        await FillAsync();
        var (code, output, _) = await RunAsync();
        Assert.Equal(1, code); // something failed, whatever else there is
        var lines = output.Split('\n').Select(l => l.Trim()).ToList();
        Assert.Equal("4 tệp / files", lines[0]);
        var order = new[] { "hỏng.pdf: TOTAL-FAILED", "lạ.pdf: UNREADABLE", "không ký.pdf: NO-SIGNATURE", "tốt.pdf: TOTAL-PASSED" }.Select(w => lines.FindIndex(l => l.Contains(w, StringComparison.Ordinal))).ToList();
        Assert.DoesNotContain(-1, order);
        Assert.Equal(order.Order(), order);
    }

    [Fact]
    public async Task Reports_and_revisions_are_left_where_they_were_asked_for()
    {
        await FillAsync();
        var (_, _, error) = await RunAsync("--xml", _folder["x"], "--html", _folder["h"], "--save-revision", _folder["r"]);
        Assert.Equal(["hỏng-1.xml", "tốt-4.xml"], Names("x"));
        Assert.Equal(4, Names("h").Count);
        Assert.Equal(["hỏng-1-1-Signature1.pdf", "tốt-4-1-Signature1.pdf"], Names("r"));
        Assert.Contains("no XML report", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_snapshot_than_the_one_named_is_refused()
    {
        await FillAsync();
        var (code, output, error) = await RunAsync("--snapshot", "0123");
        Assert.Equal((64, ""), (code, output));
        Assert.Contains("0123", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_table_of_algorithms_that_is_none_is_named()
    {
        await FillAsync();
        await File.WriteAllTextAsync(_folder["table.json"], "{\"rows\":[]}", Ct);
        var (code, _, error) = await RunAsync("--algorithms", _folder["table.json"]);
        Assert.NotEqual(0, code);
        Assert.Contains("table.json", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stopped_run_goes_on_with_what_is_missing_or_changed_and_ends_in_the_same_report()
    {
        await FillAsync();
        var state = _folder["năm.jsonl"];
        var whole = await RunAsync("--json", "--state", state);
        var lines = await File.ReadAllLinesAsync(state, Ct);
        Assert.Equal(5, lines.Length); // how it was judged, and four files
        // Stopped in the middle of a line; one file is another one by now.
        await File.WriteAllTextAsync(state, string.Join('\n', lines[..3]) + "\n" + lines[3][..100], Ct);
        var first = JsonDocument.Parse(lines[1]).RootElement.GetProperty("file").GetString()!;
        await File.AppendAllTextAsync(first, " ", Ct);
        var more = await RunAsync("--json", "--state", state);
        var after = await File.ReadAllLinesAsync(state, Ct);
        Assert.Equal(lines[..3], after[..3]); // what was there stays
        Assert.Equal(3 + 3, after.Length); // two were missing, one is new
        using var json = JsonDocument.Parse(more.Output);
        var again = await RunAsync("--json");
        Assert.Equal(again.Output, more.Output);
        Assert.NotEqual(whole.Output, more.Output);
        var untouched = await RunAsync("--json", "--state", state);
        Assert.Equal(after.Length, (await File.ReadAllLinesAsync(state, Ct)).Length);
        Assert.Equal(more.Output, untouched.Output);
    }

    [Fact]
    public async Task A_state_file_of_another_run_is_refused_and_a_file_that_is_none_is_not_overwritten()
    {
        await FillAsync();
        await RunAsync("--state", _folder["a.jsonl"]);
        var (code, _, error) = await RunAsync("--state", _folder["a.jsonl"], "--at", StoryPki.Start.AddHours(3).ToString("O"));
        Assert.Equal(64, code);
        Assert.Contains("a.jsonl", error, StringComparison.Ordinal);
        await File.WriteAllTextAsync(_folder["thư.txt"], "không phải", Ct);
        Assert.Equal(64, (await RunAsync("--state", _folder["thư.txt"])).Code);
        Assert.Equal("không phải", await File.ReadAllTextAsync(_folder["thư.txt"], Ct));
    }

    [Fact]
    public async Task An_earlier_snapshot_is_had_from_the_cache()
    {
        await FillAsync();
        var then = await RunAsync("--json", "--cache", _folder["cache"]);
        using var json = JsonDocument.Parse(then.Output);
        var id = json.RootElement.GetProperty("trust").GetProperty("id").GetString()!;
        await File.WriteAllBytesAsync(_folder["trust/root.cer"], StoryPki.SelfSigned("Gốc mới", System.Security.Cryptography.RSA.Create(2048)).Certificate.Der.ToArray(), Ct);
        Assert.NotEqual(then.Output, (await RunAsync("--json", "--cache", _folder["cache"])).Output);
        Assert.Equal(then.Output, (await RunAsync("--json", "--cache", _folder["cache"], "--snapshot", id)).Output);
        Assert.Equal(64, (await RunAsync("--json", "--snapshot", id)).Code);
    }

    [Fact]
    public async Task What_authorities_answered_is_kept_for_a_run_without_a_network()
    {
        await using var pki = await TestPki.StartAsync();
        using var key = pki.Open(pki.Signer("person"));
        Directory.CreateDirectory(_folder["in"]);
        await new PdfSigner(TimeProvider.System).SignAsync(Samples.CongVan, _folder["in/a.pdf"], key, new SignatureRequest(), Ct);
        string[] words = ["verify", _folder["in"], "--trust", pki.Authority.TrustFolder, "--allow-sample-trust", "--json"];
        Assert.Equal(2, (await RunWordsAsync([.. words, "--offline", "--cache", _folder["cache"]])).Code);
        var online = await RunWordsAsync([.. words, "--cache", _folder["cache"]]);
        Assert.Equal(0, online.Code);
        await pki.StopServingAsync();
        var at = JsonDocument.Parse(online.Output).RootElement.GetProperty("time").GetString()!;
        var offline = await RunWordsAsync([.. words, "--offline", "--cache", _folder["cache"], "--at", at]);
        Assert.Equal(online.Output, offline.Output); // the same evidence, so the same bytes
        Assert.Equal(2, (await RunWordsAsync([.. words, "--offline"])).Code);
        Assert.Equal(0, (await RunWordsAsync([.. words, "--cache", _folder["cache"]])).Code); // silent, but what it said has not ended
        foreach (var file in Directory.EnumerateFiles(_folder["cache/revocation"]))
            await File.WriteAllTextAsync(file, "hỏng", Ct);
        Assert.Equal(2, (await RunWordsAsync([.. words, "--offline", "--cache", _folder["cache"]])).Code);
    }

    public void Dispose() => _folder.Dispose();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private List<string?> Names(string folder) => [.. Directory.EnumerateFiles(_folder[folder]).Select(Path.GetFileName).Order(StringComparer.Ordinal)];

    private async Task FillAsync()
    {
        using var story = new StoryFile(_pki);
        story.Sign(_pki.Person());
        story.Embed();
        Directory.CreateDirectory(_folder["in"]);
        Directory.CreateDirectory(_folder["trust"]);
        await File.WriteAllBytesAsync(_folder["trust/root.cer"], _pki.Root.Certificate.Der.ToArray(), Ct);
        var good = await File.ReadAllBytesAsync(story.Path, Ct);
        await File.WriteAllBytesAsync(_folder["in/tốt.pdf"], good, Ct);
        good[2000] ^= 1;
        await File.WriteAllBytesAsync(_folder["in/hỏng.pdf"], good, Ct);
        await File.WriteAllTextAsync(_folder["in/lạ.pdf"], "không phải PDF", Ct);
        File.Copy(Samples.BaoCao, _folder["in/không ký.pdf"]);
    }

    private Task<(int Code, string Output, string Error)> RunAsync(params string[] more) => RunWordsAsync(
        ["verify", _folder["in"], "--trust", _folder["trust"], "--allow-sample-trust", "--offline", .. more.Contains("--at") ? Array.Empty<string>() : ["--at", StoryPki.Start.AddHours(1).ToString("O")], .. more]);

    private static async Task<(int Code, string Output, string Error)> RunWordsAsync(string[] words)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await CommandLine.RunAsync(words, output, error);
        return (code, output.ToString(), error.ToString());
    }
}
