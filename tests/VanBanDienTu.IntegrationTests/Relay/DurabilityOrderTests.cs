using System.Reflection;
using System.Text.RegularExpressions;
using VanBanDienTu.Relay.Incoming;
using VanBanDienTu.TestKit;
using VanBanDienTu.UnitTests.Relay.Rig;

namespace VanBanDienTu.IntegrationTests.RelayNodes;

/// <summary>What the kernel was asked, in order, between a document's first byte and its receipt (seen by strace).</summary>
public sealed partial class DurabilityOrderTests(RelayKeys keys) : IClassFixture<RelayKeys>
{
    private const string Marks = "VBDT_DURABILITY_MARKS";

    [Theory]
    [InlineData(nameof(A_large_document_is_accepted), "sync file\\n(sync folder\\n)*rename\\nsync folder\\nsync database")]
    [InlineData(nameof(A_document_is_accepted), "sync folder\\nsync segment\\nsync database")]
    public void Payload_name_folder_and_database_are_synced_before_the_receipt_leaves(string accepted, string order)
    {
        using var folder = new TemporaryFolder();
        var method = $"{GetType().FullName}.{accepted}";
        var traced = ExternalTool.Run(
            "strace", "-f", "-y", "-e", "trace=fsync,fdatasync,rename,renameat,renameat2,mkdir", "-o", folder["trace"], "-E", $"{Marks}={folder.Path}",
            Path.ChangeExtension(Assembly.GetExecutingAssembly().Location, null), "-method", method);
        Assert.True(traced.ExitCode == 0, traced.Output);
        var calls = File.ReadAllLines(folder["trace"]);
        var (begin, end) = (Array.FindIndex(calls, c => c.Contains("mark-begin", StringComparison.Ordinal)), Array.FindIndex(calls, c => c.Contains("mark-receipt", StringComparison.Ordinal)));
        Assert.InRange(begin, 0, end);
        var between = string.Join('\n', calls[begin..end].Select(Kind).OfType<string>());
        Assert.Matches(order, between);
    }

    /// <summary>Run under strace by the test above; a folder made before and after marks the interesting part.</summary>
    [Fact]
    public Task A_large_document_is_accepted() => AcceptAsync(3 << 20);

    /// <inheritdoc cref="A_large_document_is_accepted"/>
    [Fact]
    public Task A_document_is_accepted() => AcceptAsync(200 << 10);

    private async Task AcceptAsync(int size)
    {
        await using var nodes = await ThreeNodes.OpenAsync(keys);
        var message = Messages.Document("G99.63", "H99", new byte[size]);
        Mark("mark-begin");
        var answer = await Messages.HandAsync(nodes.Ministry, message, new PeerNode("unit", "G99.63", new string('a', 64)));
        Mark("mark-receipt");
        Assert.IsType<AcceptAnswer.Accepted>(answer);
    }

    private static void Mark(string name)
    {
        if (Environment.GetEnvironmentVariable(Marks) is { Length: > 0 } folder)
            Directory.CreateDirectory(Path.Combine(folder, name));
    }

    private static string? Kind(string call)
    {
        if (call.Contains("resumed>", StringComparison.Ordinal))
            return null;
        if (call.Contains(" rename", StringComparison.Ordinal) && call.Contains("/payloads/", StringComparison.Ordinal))
            return "rename";
        return Synced().Match(call) is { Success: true } match
            ? match.Groups["path"].Value switch
            {
                var p when p.Contains("/incomplete/", StringComparison.Ordinal) => "sync file",
                var p when p.Contains("relay.db", StringComparison.Ordinal) => "sync database",
                var p when p.Contains("/segments/", StringComparison.Ordinal) => "sync segment",
                var p when p.Contains("/payloads", StringComparison.Ordinal) || p.EndsWith("/segments", StringComparison.Ordinal) => "sync folder",
                _ => null,
            }
            : null;
    }

    [GeneratedRegex("(fsync|fdatasync)\\(\\d+<(?<path>[^>]+)>", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Synced();
}
