using System.Text.Json.Nodes;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using VanBanDienTu.Gateway.Access;
using VanBanDienTu.Gateway.Config;
using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Trust;

namespace VanBanDienTu.Gateway.Hosting;

/// <summary>
/// Reads the member directory, the links' routes and the trust anchors again when their files change. A file that cannot be read
/// changes nothing: the node goes on with what it had, and says so.
/// </summary>
internal sealed partial class NodeWatcher(
    string configPath, NodeConfig config, NodeState state, TimeProvider time, ILogger<NodeWatcher> log) : BackgroundService
{
    // A stat of a few files; a locked member is out within this time of the change.
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);

    private string configStamp = Stamp(configPath);
    private string trustStamp = StampOfFolder(config.PathOf(config.Trust.Folder));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(LookEvery, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                LookAtMembers();
                LookAtTrust();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The node stops.
        }
    }

    private void LookAtMembers()
    {
        var stamp = Stamp(configPath);
        if (stamp == configStamp)
            return;
        configStamp = stamp;
        try
        {
            var next = NodeConfigFile.Load(configPath);
            var taken = Taken(next);
            state.Replace(new AccessDirectory(taken));
            LogMembers(next.Members.Count, next.Members.Count(m => m.Locked));
            if (Differences(taken, next) is { Count: > 0 } later)
                LogLater(string.Join(", ", later));
        }
        catch (GatewayException e)
        {
            LogKept("member directory", e.En);
        }
    }

    /// <summary>What may change while the node runs; keys, addresses and links themselves may not.</summary>
    private NodeConfig Taken(NodeConfig next) => config with
    {
        Members = next.Members,
        Vxp = next.Vxp,
        Links = [.. config.Links.Select(link => link with { Routes = next.Links.FirstOrDefault(changed => changed.Name == link.Name)?.Routes ?? link.Routes })],
    };

    /// <summary>Names of the sections that the file now says otherwise.</summary>
    private static List<string> Differences(NodeConfig taken, NodeConfig next)
    {
        var (now, then) = (JsonNode.Parse(NodeConfigFile.ToJson(taken))!.AsObject(), JsonNode.Parse(NodeConfigFile.ToJson(next))!.AsObject());
        return [.. now.Select(section => section.Key).Union(then.Select(section => section.Key), StringComparer.Ordinal).Where(key => !JsonNode.DeepEquals(now[key], then[key]))];
    }

    private void LookAtTrust()
    {
        var folder = config.PathOf(config.Trust.Folder);
        var stamp = StampOfFolder(folder);
        if (stamp == trustStamp)
            return;
        trustStamp = stamp;
        try
        {
            var next = TrustSnapshot.Load(folder, config.Trust.AllowSample);
            state.Replace(next);
            LogTrust(next.Id, next.Anchors.Count);
            foreach (var finding in next.Findings)
                LogFinding(finding.File, finding.En);
        }
        catch (Exception e) when (e is SigningException or IOException or UnauthorizedAccessException)
        {
            LogKept("trust anchors", e.Message);
        }
    }

    private static string Stamp(string path)
    {
        var file = new FileInfo(path);
        return file.Exists ? $"{file.LastWriteTimeUtc.Ticks}/{file.Length}" : "absent";
    }

    private static string StampOfFolder(string folder) => Directory.Exists(folder)
        ? string.Join('|', Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(file => $"{Path.GetRelativePath(folder, file)}:{Stamp(file)}"))
        : "absent";

    [LoggerMessage(EventId = 10, EventName = "MembersLoaded", Level = LogLevel.Information,
        Message = "Member directory read again: {Members} members, {Locked} locked")]
    private partial void LogMembers(int members, int locked);

    [LoggerMessage(EventId = 18, EventName = "NeedsRestart", Level = LogLevel.Warning,
        Message = "The changed configuration also says otherwise in: {Sections}; that takes effect when the node is started again")]
    private partial void LogLater(string sections);

    [LoggerMessage(EventId = 11, EventName = "TrustLoaded", Level = LogLevel.Information,
        Message = "Trust read again: {Id}, {Anchors} anchors")]
    private partial void LogTrust(string id, int anchors);

    [LoggerMessage(EventId = 17, EventName = "AnchorLeftOutLater", Level = LogLevel.Warning, Message = "Trust folder: {File} gave no anchor: {Why}")]
    private partial void LogFinding(string file, string why);

    [LoggerMessage(EventId = 12, EventName = "ReloadRefused", Level = LogLevel.Error,
        Message = "The changed {What} cannot be used; the node goes on with what it had: {Why}")]
    private partial void LogKept(string what, string why);
}
