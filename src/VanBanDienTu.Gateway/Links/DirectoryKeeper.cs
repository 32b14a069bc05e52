using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using VanBanDienTu.Axis;
using VanBanDienTu.Contracts.V1;
using VanBanDienTu.Gateway.Access;
using VanBanDienTu.Gateway.Config;
using VanBanDienTu.Gateway.Grpc;
using VanBanDienTu.Relay;
using VanBanDienTu.Relay.Links;
using VanBanDienTu.Relay.Members;
using Unit = VanBanDienTu.Relay.Members.Unit;

namespace VanBanDienTu.Gateway.Links;

/// <summary>
/// Keeps the units' directory: what this node's own files say, as soon as they change, and what the far ends of links say, in their periods.
/// A source that does not answer changes nothing.
/// </summary>
internal sealed partial class DirectoryKeeper(
    RelayNode relay, NodeState state, IReadOnlyList<IAxisLink> links, TimeProvider time, ILogger<DirectoryKeeper> log) : BackgroundService
{
    private const string Own = "node";
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);

    private readonly Dictionary<string, long> followed = new(StringComparer.Ordinal);
    private AccessDirectory? published;
    private DateTime fileStamp;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(LookEvery, time);
        try
        {
            do
            {
                await PublishAsync(stoppingToken);
                foreach (var link in state.Directory.Config.Links.Where(IsDue))
                    await FollowAsync(link, stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The node stops.
        }
    }

    private bool IsDue(LinkConfig link)
    {
        if (link.Directory is not { } period || (followed.TryGetValue(link.Name, out var last) && time.GetElapsedTime(last) < period))
            return false;
        followed[link.Name] = time.GetTimestamp();
        return true;
    }

    /// <summary>The organs and members of the configuration and the operator's unit file.</summary>
    private async Task PublishAsync(CancellationToken ct)
    {
        var (directory, config) = (state.Directory, state.Directory.Config);
        var file = config.Units is { } name ? config.PathOf(name) : null;
        var stamp = file is null ? default : File.GetLastWriteTimeUtc(file);
        if (ReferenceEquals(directory, published) && stamp == fileStamp)
            return;
        try
        {
            var units = (file is null ? [] : UnitFile.Load(file)).ToDictionary(u => u.Code, StringComparer.Ordinal);
            foreach (var member in config.ToRelay().Members)
                units[member.Organ] = units.GetValueOrDefault(member.Organ, new Unit(member.Organ, member.Name ?? member.Organ)) with { Locked = member.Locked };
            var changes = await relay.Units.PutAsync(Own, UnitAuthority.Configured, [.. units.Values], whole: true, ct);
            (published, fileStamp) = (directory, stamp);
            LogSynchronised(LogLevel.Debug, Own, changes.Written, changes.Deleted);
        }
        catch (Exception e) when (!ct.IsCancellationRequested && e is GatewayException or RelayException)
        {
            (published, fileStamp) = (directory, stamp); // said once, until it changes again
            LogKept(Own, e.Message);
        }
    }

    private async Task FollowAsync(LinkConfig link, CancellationToken ct)
    {
        try
        {
            var changes = links.First(l => l.Name == link.Name) switch
            {
                VxpLink axis => await FollowAsync(axis, ct),
                NodeLink node => await FollowAsync(node, ct),
                _ => new UnitChanges(0, 0), // refused by the configuration's rules
            };
            LogSynchronised(LogLevel.Information, link.Name, changes.Written, changes.Deleted);
        }
        catch (Exception e) when (!ct.IsCancellationRequested
            && e is HttpRequestException or TimeoutException or IOException or AxisException or global::Grpc.Core.RpcException or RelayException)
        {
            LogKept(link.Name, e.Message);
        }
    }

    private async Task<UnitChanges> FollowAsync(VxpLink link, CancellationToken ct)
    {
        var agencies = (await link.Client.GetUnitsAsync(ct)).Require();
        if (agencies.Count == 0)
            return new UnitChanges(0, 0); // a list without anybody is no news
        var codes = agencies.GroupBy(a => a.Id, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.First().Code, StringComparer.Ordinal);
        return await relay.Units.PutAsync(
            link.Name, UnitAuthority.Followed,
            [.. agencies.DistinctBy(a => a.Code, StringComparer.Ordinal).Select(a => new Unit(a.Code, a.Name)
            {
                Parent = a.ParentId is { } parent ? codes.GetValueOrDefault(parent) : null,
                OldCode = a.OldCode,
                Mail = a.Mail,
                Deleted = a.Deleted,
                SourceVersion = a.Version,
            })], whole: true, ct);
    }

    private async Task<UnitChanges> FollowAsync(NodeLink link, CancellationToken ct)
    {
        var (written, after) = (0, await relay.Units.FollowedAsync(link.Name, ct));
        while (true)
        {
            var page = await link.ListUnitsAsync(after, ct);
            written += (await relay.Units.PutAsync(link.Name, UnitAuthority.Followed, [.. page.Units.Select(ToRelay)], whole: false, ct)).Written;
            if (!page.More)
                return new UnitChanges(written, 0);
            after = page.Units[^1].Version;
        }
    }

    private static Unit ToRelay(Contracts.V1.Unit unit) => new(unit.Code, unit.Name)
    {
        Parent = unit.Parent.NullWhenEmpty(),
        OldCode = unit.OldCode.NullWhenEmpty(),
        Successor = unit.Successor.NullWhenEmpty(),
        Mail = unit.Mail.NullWhenEmpty(),
        Locked = unit.Locked,
        Deleted = unit.Deleted,
        SourceVersion = unit.Version,
    };

    [LoggerMessage(EventId = 48, EventName = "DirectorySynchronised",
        Message = "Directory from {Source}: {Written} units written, {Deleted} deleted")]
    private partial void LogSynchronised(LogLevel level, string source, int written, int deleted);

    [LoggerMessage(EventId = 49, EventName = "DirectoryKept", Level = LogLevel.Error, Message = "Directory from {Source} cannot be used; what was known stays: {Why}")]
    private partial void LogKept(string source, string why);
}
