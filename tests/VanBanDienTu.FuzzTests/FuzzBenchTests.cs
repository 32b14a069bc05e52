using VanBanDienTu.Cli.Bench;
using VanBanDienTu.Cli.Terminals;
using VanBanDienTu.TestKit;

namespace VanBanDienTu.FuzzTests;

public sealed class FuzzBenchTests
{
    [Fact]
    public async Task The_benchmark_prints_its_limits_beside_what_it_found()
    {
        using var folder = new TemporaryFolder();
        File.Copy(Samples.CongVan, folder["a.pdf"]);
        using var output = new StringWriter();
        var clean = await new FuzzBench(folder.Path, folder["kept"], 1).RunAsync(new BenchRows(output), TextWriter.Null, threads: 1, seconds: 1, TestContext.Current.CancellationToken);
        Assert.True(clean, output.ToString());
        var rows = output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split('\t')).ToDictionary(r => r[0], r => r[1], StringComparer.Ordinal);
        Assert.Equal(["runs", "crashes", "crashes-limit", "hangs", "hangs-limit", "slowest", "slowest-limit", "peak-rss", "heap-limit"], rows.Keys);
        Assert.NotEqual("0.000", rows["runs"]);
        Assert.Equal(("0.000", "0.000", "5.000", "144.0"), (rows["crashes"], rows["hangs"], rows["slowest-limit"], rows["heap-limit"]));
        Assert.False(Directory.Exists(folder["kept"]));
    }

    [Fact]
    public async Task A_folder_without_documents_is_no_input()
    {
        using var folder = new TemporaryFolder();
        await Assert.ThrowsAsync<CommandException>(() => new FuzzBench(folder.Path, folder["kept"], 1).RunAsync(new BenchRows(TextWriter.Null), TextWriter.Null, 1, 1, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void The_same_seed_bends_the_same_way()
    {
        var bytes = File.ReadAllBytes(Samples.CongVan);
        Assert.Equal(new Bender(7).Pdf(bytes, bytes), new Bender(7).Pdf(bytes, bytes));
        Assert.NotEqual(new Bender(7).Pdf(bytes, bytes), new Bender(8).Pdf(bytes, bytes));
    }
}
