using VanBanDienTu.EndToEndTests.Commands;
using VanBanDienTu.Gateway.Config;
using VanBanDienTu.TestKit;

namespace VanBanDienTu.EndToEndTests.Demo;

/// <summary>One run of the demo for all the questions about it.</summary>
[CollectionDefinition(Name)]
public sealed class DemoRun : IAsyncLifetime, ICollectionFixture<DemoRun>
{
    public const string Name = "demo";
    private readonly TemporaryFolder folder = new();

    public string Folder => folder["demo-out"];

    internal Vbdt.Answer Answer { get; private set; } = new(-1, "", "");

    public async ValueTask InitializeAsync()
    {
        Answer = await Vbdt.RunAsync("demo", "--out", Folder);
        if (Answer.ExitCode != 0) return; // the tests say what it said
        foreach (var node in Directory.GetFiles(Path.Combine(Folder, "nodes"), "*.json")) FreePort.Keep(new Uri(NodeConfigFile.Load(node).Listen).Port);
    }

    public ValueTask DisposeAsync()
    {
        folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
