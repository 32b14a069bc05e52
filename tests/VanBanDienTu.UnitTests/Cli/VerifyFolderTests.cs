using System.Text.Json;
using VanBanDienTu.Cli;
using VanBanDienTu.TestKit;
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

    private async Task<(int Code, string Output, string Error)> RunAsync(params string[] more)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        string[] words = ["verify", _folder["in"], "--trust", _folder["trust"], "--allow-sample-trust", "--offline", "--at", StoryPki.Start.AddHours(1).ToString("O"), .. more];
        var code = await CommandLine.RunAsync(words, output, error);
        return (code, output.ToString(), error.ToString());
    }
}
