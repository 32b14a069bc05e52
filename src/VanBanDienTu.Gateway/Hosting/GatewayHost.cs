using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using VanBanDienTu.Gateway.Config;

namespace VanBanDienTu.Gateway.Hosting;

/// <summary>One running node: its listener, its relay and its bells.</summary>
public sealed partial class GatewayHost : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly NodeParts parts;
    private int disposed;

    private GatewayHost(WebApplication app, NodeParts parts)
    {
        this.app = app;
        this.parts = parts;
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        (Address, VxpAddress) = (addresses.First(), parts.Config.Vxp is null ? null : addresses.Last()); // in the order of listening
    }

    /// <summary>Where the node listens, with the port that it really got: "https://127.0.0.1:7443".</summary>
    public string Address { get; }

    /// <summary>Where it listens for systems that speak VXP; null when it does not.</summary>
    public string? VxpAddress { get; }

    /// <summary>Runs a node from its file until it is told to stop (SIGTERM, SIGINT or the token) and what it was doing is done.</summary>
    /// <param name="status">Gets exactly one line, "ready NODE ADDRESS", once the node answers.</param>
    /// <exception cref="GatewayException">The node cannot start, or ended by itself.</exception>
    public static async Task RunAsync(string configPath, TextWriter status, CancellationToken ct)
    {
        var config = NodeConfigFile.Load(configPath);
        await using var host = await StartAsync(config, Path.GetFullPath(configPath), new GatewayOptions(), ct);
        await status.WriteLineAsync($"ready {config.Node} {host.Address}");
        await status.FlushAsync(ct);
        await host.WaitAsync(ct);
    }

    /// <summary>Starts a node; it answers when this returns.</summary>
    /// <param name="configPath">Watched for changes of the member directory; null when the configuration has no file.</param>
    /// <exception cref="GatewayException">The node cannot start: one sentence says why.</exception>
    public static async Task<GatewayHost> StartAsync(NodeConfig config, string? configPath, GatewayOptions options, CancellationToken ct)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "VanBanDienTu.Gateway" });
        NodeLog.Configure(builder.Logging, config.Log);
        var opened = await NodeParts.OpenAsync(config, options, ct);
        try
        {
            var built = NodeApplication.Build(builder, opened, configPath);
            await StartAsync(built, config, ct);
            var host = new GatewayHost(built, opened);
            LogStarted(built.Logger, config.Node, config.Organ, config.Role, host.Address, opened.State.Trust.Anchors.Count);
            return host;
        }
        catch
        {
            await opened.DisposeAsync();
            throw;
        }
    }

    /// <summary>Returns when the node has stopped, by a signal or the token.</summary>
    /// <exception cref="GatewayException">It stopped because its storage failed.</exception>
    public async Task WaitAsync(CancellationToken ct)
    {
        await app.WaitForShutdownAsync(ct);
        if (app.Services.GetRequiredService<RelayWorker>().Failure is { } failure)
            throw new GatewayException(GatewayFault.DataUnavailable,
                $"Nút dừng vì phần lưu trữ gặp lỗi: {failure.Message}", $"The node stopped because its storage failed: {failure.Message}", failure);
    }

    /// <summary>Stops taking calls, lets running ones finish within the configured time, then stops the relay.</summary>
    public Task StopAsync() => app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) == 1)
            return;
        if (!app.Lifetime.ApplicationStopped.IsCancellationRequested)
            await app.StopAsync();
        await app.DisposeAsync();
        await parts.DisposeAsync();
    }

    [LoggerMessage(EventId = 1, EventName = "NodeStarted", Level = LogLevel.Information,
        Message = "Node {Node} of {Organ} ({Role}) listens at {Address} and trusts {Anchors} anchors")]
    private static partial void LogStarted(ILogger log, string node, string organ, NodeRole role, string address, int anchors);

    private static async Task StartAsync(WebApplication app, NodeConfig config, CancellationToken ct)
    {
        try
        {
            await app.StartAsync(ct);
        }
        catch (Exception e)
        {
            await app.StopAsync(CancellationToken.None); // what did start ends in order, without a word in the log
            await app.DisposeAsync();
            if (e is not (IOException or System.Net.Sockets.SocketException or UnauthorizedAccessException))
                throw;
            throw new GatewayException(GatewayFault.AddressInUse,
                $"Không mở được cổng {config.Listen}: có thể chương trình khác đang dùng; hãy chọn cổng khác trong «listen» hoặc dừng chương trình kia.",
                $"Cannot listen on {config.Listen} ({e.Message}): another program may use it; choose another port in \"listen\", or stop that program.", e);
        }
    }
}
