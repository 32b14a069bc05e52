using System.Reflection;
using System.Text.RegularExpressions;
using VanBanDienTu.TestKit;
using VanBanDienTu.TestKit.PowerCuts;

namespace VanBanDienTu.IntegrationTests.RelayNodes;

/// <summary>A relay under the watch that power cuts are made of, and under strace, which misses nothing.</summary>
public sealed partial class WatchedDiskTests(WatchedDiskTests.WatchedRun run) : IClassFixture<WatchedDiskTests.WatchedRun>
{
    [Fact]
    public void No_change_of_a_disk_passes_the_watch_by()
    {
        Assert.NotEmpty(run.Traced);
        Assert.Equal(run.Traced, run.Watched);
        Assert.Empty(run.Unwatchable);
    }

    [Fact]
    public void Payloads_raw_packets_and_carried_bundles_are_durable_and_each_of_their_syncs_is_needed()
    {
        var calls = run.Log.Calls;
        var raw = calls.Last(c => c.Kind == DiskCallKind.Rename && c.Second.StartsWith("data/far/", StringComparison.Ordinal)).Second;
        var payload = calls.Last(c => c.Kind == DiskCallKind.Rename && c.Second.StartsWith("data/payloads/", StringComparison.Ordinal)).Second;
        var instant = calls.Last(c => c.Kind == DiskCallKind.MakeFolder && c.Path == WatchedWorkTests.Mark).Nanoseconds;
        Assert.Empty(SyncProof.Findings(
            run.Log, run.Folder, [raw, payload, "out/x.vbdt"],
            [
                new(@"data", Names: true), new(@"data/far", Names: true),
                new(@"data/far/[0-9a-f]{64}\.edxml\.[0-9a-f]{32}", Names: false), new(@"data/far/[0-9a-f]{64}\.edxml", Names: true),
                new(@"data/incomplete/[0-9a-f]{32}", Names: false), new(@"data/payloads/.*/[0-9a-f]{64}", Names: true),
                new(@"out", Names: true), new(@"out/\.x\.vbdt\.part", Names: false), new(@"out/x\.vbdt", Names: true),
            ],
            instant));
    }

    /// <summary>The same work seen by both.</summary>
    public sealed partial class WatchedRun : IDisposable
    {
        private const string Calls =
            "write,pwrite64,writev,pwritev,pwritev2,ftruncate,truncate,fsync,fdatasync,sync_file_range,rename,renameat,renameat2,unlink,unlinkat,rmdir,"
            + "mkdir,mkdirat,open,openat,openat2,creat,link,linkat,symlink,symlinkat,copy_file_range,sendfile,splice,io_uring_setup,mmap";

        private readonly TemporaryFolder folder = new();

        public WatchedRun()
        {
            Folder = folder["watched"];
            var watch = new DiskWatch(Folder, folder.Path);
            Directory.CreateDirectory(Folder);
            var traced = ExternalTool.Run(
                "strace",
                [
                    "-f", "-y", "-s", "0", "--seccomp-bpf", "-e", $"trace={Calls}", "-o", folder["trace"], "-E", $"{WatchedWorkTests.Place}={Folder}",
                    .. watch.Environment.SelectMany(e => (string[])["-E", $"{e.Key}={e.Value}"]),
                    Path.ChangeExtension(Assembly.GetExecutingAssembly().Location, null), "-method", $"{typeof(WatchedWorkTests).FullName}.{nameof(WatchedWorkTests.A_node_takes_messages_packets_and_bundles)}",
                ]);
            Assert.True(traced.ExitCode == 0, traced.Output);
            Log = watch.Read();
            Watched = Sorted(Log.Calls.Select(Of));
            var calls = Finished(File.ReadLines(folder["trace"])).ToList();
            Traced = Sorted(calls.Select(Of));
            Unwatchable = [.. calls.Where(c => IsUnwatchable(c.Name, c.Arguments))];
        }

        public string Folder { get; }

        public DiskLog Log { get; }

        /// <summary>One line for each change, as strace saw it.</summary>
        public IReadOnlyList<string> Traced { get; }

        /// <summary>The same as the watch saw it.</summary>
        public IReadOnlyList<string> Watched { get; }

        /// <summary>Changes by means that the watch does not know.</summary>
        public IReadOnlyList<(string Name, string Arguments, long Result)> Unwatchable { get; }

        public void Dispose() => folder.Dispose();

        /// <summary>In a fixed order; what is created counts once, since strace does not say whether O_CREAT had to create it.</summary>
        private static List<string> Sorted(IEnumerable<string?> calls) =>
            [.. calls.OfType<string>().GroupBy(c => c, StringComparer.Ordinal).SelectMany(g => g.Key.StartsWith("create ", StringComparison.Ordinal) ? g.Take(1) : g).Order(StringComparer.Ordinal)];

        private static string? Of(DiskCall call) => call.Kind switch
        {
            DiskCallKind.Create => $"create {call.Path}",
            DiskCallKind.Write => $"write {call.Path} {call.Data.Length}",
            DiskCallKind.Truncate => $"truncate {call.Path}",
            DiskCallKind.SyncEnd => $"sync {call.Path}",
            DiskCallKind.MakeFolder => $"mkdir {call.Path}",
            DiskCallKind.Rename => $"rename {call.Second}",
            DiskCallKind.Unlink or DiskCallKind.RemoveFolder => $"remove {call.Path}",
            _ => null,
        };

        private string? Of((string Name, string Arguments, long Result) call)
        {
            if (call.Result < 0)
                return null;
            var open = Opened().Match(call.Arguments) is { Success: true } handle ? Inside(handle.Groups["path"].Value) : null;
            var named = Named().Matches(call.Arguments) is { Count: > 0 } names ? Inside(names[^1].Groups["path"].Value) : null;
            return call.Name switch
            {
                "write" or "pwrite64" or "writev" or "pwritev" when open is not null => $"write {open} {call.Result}",
                "ftruncate" when open is not null => $"truncate {open}",
                "fsync" or "fdatasync" when open is not null => $"sync {open}",
                "truncate" when named is not null => $"truncate {named}",
                "mkdir" or "mkdirat" when named is not null => $"mkdir {named}",
                "rename" or "renameat" or "renameat2" when named is not null => $"rename {named}",
                "unlink" or "unlinkat" or "rmdir" when named is not null => $"remove {named}",
                "open" or "openat" or "openat2" or "creat" when named is not null && (call.Arguments.Contains("O_CREAT", StringComparison.Ordinal) || call.Name == "creat") => $"create {named}",
                "open" or "openat" when named is not null && call.Arguments.Contains("O_TRUNC", StringComparison.Ordinal) => $"truncate {named}",
                _ => null,
            };
        }

        private bool IsUnwatchable(string name, string arguments) => name switch
        {
            "io_uring_setup" => true,
            "pwritev2" or "sync_file_range" or "splice" or "copy_file_range" or "sendfile" or "link" or "linkat" or "symlink" or "symlinkat" => arguments.Contains(Folder, StringComparison.Ordinal),
            "mmap" => arguments.Contains("MAP_SHARED", StringComparison.Ordinal) && arguments.Contains("PROT_WRITE", StringComparison.Ordinal)
                && arguments.Contains(Folder + "/", StringComparison.Ordinal) && !arguments.Contains("-shm>", StringComparison.Ordinal),
            _ => false,
        };

        /// <summary>Relative to the watched folder, ".." for the one above; null elsewhere.</summary>
        private string? Inside(string path)
        {
            path = path.EndsWith(" (deleted)", StringComparison.Ordinal) ? path[..^" (deleted)".Length] : path.TrimEnd('/');
            return path == folder.Path ? ".." : path == Folder ? "." : path.StartsWith(Folder + "/", StringComparison.Ordinal) ? path[(Folder.Length + 1)..] : null;
        }

        /// <summary>Calls with their results; those that another thread's interrupted are put together.</summary>
        private static IEnumerable<(string Name, string Arguments, long Result)> Finished(IEnumerable<string> lines)
        {
            var waiting = new Dictionary<string, (string Name, string Arguments)>(StringComparer.Ordinal);
            foreach (var line in lines)
            {
                if (Unfinished().Match(line) is { Success: true } begun)
                    waiting[begun.Groups["process"].Value] = (begun.Groups["name"].Value, begun.Groups["arguments"].Value);
                else if (Resumed().Match(line) is { Success: true } resumed && waiting.Remove(resumed.Groups["process"].Value, out var call))
                    yield return (call.Name, call.Arguments + resumed.Groups["arguments"].Value, Result(resumed));
                else if (Whole().Match(line) is { Success: true } whole)
                    yield return (whole.Groups["name"].Value, whole.Groups["arguments"].Value, Result(whole));
            }
        }

        private static long Result(Match match) => long.TryParse(match.Groups["result"].ValueSpan, out var number) ? number : 0; // an address is a success

        [GeneratedRegex(@"^(?<process>\d+) +(?<name>\w+)\((?<arguments>.*) <unfinished \.\.\.>$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
        private static partial Regex Unfinished();

        [GeneratedRegex(@"^(?<process>\d+) +<\.\.\. \w+ resumed>(?<arguments>.*)\) += (?<result>-?\w+)", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
        private static partial Regex Resumed();

        [GeneratedRegex(@"^(?<process>\d+) +(?<name>\w+)\((?<arguments>.*)\) += (?<result>-?\w+)", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
        private static partial Regex Whole();

        [GeneratedRegex(@"^\d+<(?<path>/[^>]*)>", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
        private static partial Regex Opened();

        [GeneratedRegex("\"(?<path>/[^\"]*)\"", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
        private static partial Regex Named();
    }
}
