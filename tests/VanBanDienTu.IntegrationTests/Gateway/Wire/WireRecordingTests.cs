using VanBanDienTu.Contracts.V1;
using VanBanDienTu.TestKit;

namespace VanBanDienTu.IntegrationTests.Gateway.Wire;

/// <summary>
/// Neighbours are updated one after the other: what a program of a released version says is understood today, and what it hears it understands.
/// </summary>
/// <remarks>VBDT_RECORD_WIRE=DIR keeps what the second test records: that is how a version's folder is made when it is released.</remarks>
public sealed class WireRecordingTests
{
    private static readonly string Recordings = Path.Combine(TestKit.Samples.Root, "tests/VanBanDienTu.IntegrationTests/Gateway/Wire/Recordings");

    public static TheoryData<string> Released => [.. Directory.GetDirectories(Recordings).Select(d => Path.GetFileName(d)!)];

    [Theory]
    [MemberData(nameof(Released))]
    public async Task What_a_released_version_says_is_answered_as_it_was(string version) => await ReplayAsync(Path.Combine(Recordings, version));

    [Fact]
    public async Task What_is_said_today_can_be_recorded_and_every_call_of_the_link_is_in_it()
    {
        using var temporary = new TemporaryFolder();
        var folder = Environment.GetEnvironmentVariable("VBDT_RECORD_WIRE") is { Length: > 0 } kept ? Directory.CreateDirectory(kept).FullName : temporary.Path;
        await WireConversation.RecordAsync(folder);
        await ReplayAsync(folder);
        foreach (var recording in Directory.GetDirectories(Recordings).Append(folder))
        {
            var said = WireRecording.Read(recording).Select(c => c.Method).ToHashSet(StringComparer.Ordinal);
            if (recording == folder)
                Assert.All(AxisLinkService.Descriptor.Methods, m => Assert.Contains($"/{m.Service.FullName}/{m.Name}", said));
            Assert.All(said, path => Assert.NotNull(WireShape.MethodOf(path)));
        }
    }

    private static async Task ReplayAsync(string folder)
    {
        await using var node = await WireNode.StartAsync(folder, WireRecording.TimeOf(folder));
        using var replay = new WireReplay(node);
        var calls = WireRecording.Read(folder);
        Assert.NotEmpty(calls);
        var wrong = new List<string>();
        foreach (var call in calls)
            wrong.AddRange(await replay.RunAsync(call));
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }
}
