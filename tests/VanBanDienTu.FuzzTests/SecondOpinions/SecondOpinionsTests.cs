using System.Collections.Concurrent;
using VanBanDienTu.FuzzTests.Attacks;
using VanBanDienTu.TestKit;

namespace VanBanDienTu.FuzzTests.SecondOpinions;

/// <summary>
/// Over the corpus and one document of every family of attack: wherever pdfsig, mutool, openssl or BouncyCastle see it otherwise than we do, the table
/// <c>second-opinions.md</c> says why, and it says nothing that is not so.
/// </summary>
public sealed class SecondOpinionsTests
{
    private static readonly string Table = Path.Combine(Samples.Root, "tests", "VanBanDienTu.FuzzTests", "SecondOpinions", "second-opinions.md");

    [Fact]
    public async Task Every_disagreement_is_in_the_table_with_its_reason()
    {
        using var folder = new TemporaryFolder();
        var files = Directory.EnumerateFiles(Samples.Corpus, "*.pdf", SearchOption.AllDirectories).Select(p => (Name: Path.GetRelativePath(Samples.Corpus, p), Path: p)).Concat(await AttacksAsync(folder));
        var found = new ConcurrentDictionary<string, Opinions>(StringComparer.Ordinal);
        await Parallel.ForEachAsync(files, TestContext.Current.CancellationToken, async (file, _) =>
        {
            var opinions = await Opinions.AskAsync(file.Path);
            if (opinions.Disagree)
                found[file.Name] = opinions;
        });

        var lines = await File.ReadAllLinesAsync(Table, TestContext.Current.CancellationToken);
        var reasons = lines.Where(l => l.StartsWith("- **", StringComparison.Ordinal)).Select(l => l.Split("**")[1]).ToHashSet(StringComparer.Ordinal);
        var rows = lines.Where(l => l.StartsWith("| `", StringComparison.Ordinal)).Select(l => l.Split('|', StringSplitOptions.TrimEntries)).ToDictionary(c => c[1].Trim('`'), c => c, StringComparer.Ordinal);
        var wrong = found.Where(f => !rows.TryGetValue(f.Key, out var row) || row[2..7] is var said && new Opinions(said[0], said[1], said[2], said[3], said[4]) != f.Value)
            .OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => $"| `{f.Key}` | {f.Value.Ours} | {f.Value.Pdfsig} | {f.Value.Mutool} | {f.Value.Openssl} | {f.Value.Bouncy} | ? |")
            .Concat(rows.Keys.Except(found.Keys).Select(k => $"stale: {k}"))
            .Concat(rows.Values.Where(r => r[7].Split(' ').Any(w => !reasons.Contains(w))).Select(r => $"no reason: {r[1]}")).ToList();
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public async Task Every_disputed_file_gets_the_answer_that_the_policy_gives()
    {
        var manifest = await File.ReadAllLinesAsync(Path.Combine(Samples.Corpus, "manifest.tsv"), TestContext.Current.CancellationToken);
        var disputed = manifest.Select(l => l.Split('\t')).Where(c => c[3].StartsWith("X_DISPUTED", StringComparison.Ordinal)).Select(c => c[0]).Order(StringComparer.Ordinal).ToList();
        var rows = (await File.ReadAllLinesAsync(Table, TestContext.Current.CancellationToken)).SkipWhile(l => !l.StartsWith("| disputed", StringComparison.Ordinal)).Skip(2)
            .Select(l => l.Split('|', StringSplitOptions.TrimEntries)).Where(c => c.Length > 3).ToDictionary(c => c[1], c => c[2], StringComparer.Ordinal);
        Assert.Equal(disputed, rows.Keys.Order(StringComparer.Ordinal));
        foreach (var file in disputed)
            Assert.Equal((file, rows[file]), (file, await Opinions.OursAsync(Path.Combine(Samples.Corpus, file))));
    }

    private static async Task<IEnumerable<(string Name, string Path)>> AttacksAsync(TemporaryFolder folder)
    {
        var samples = (await AttackSample.AllAsync()).OrderBy(s => s.Name == "letter-padded" ? 0 : 1).ToList();
        var made = Attack.All.Select(a => (a.Family, Bytes: samples.Select(s => a.Make(s, new Random(0))).First(b => b is not null)!)).Concat(PreparedAttacks.All.Select(a => (a.Family, Bytes: a.Falsified())));
        return made.Select(attack =>
        {
            var path = folder[attack.Family + ".pdf"];
            File.WriteAllBytes(path, attack.Bytes);
            return ("attack:" + attack.Family, path);
        }).ToList();
    }
}
