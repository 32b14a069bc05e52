using Grpc.HealthCheck;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using VanBanDienTu.Gateway.Access;
using VanBanDienTu.Gateway.Desk;
using VanBanDienTu.Gateway.Errors;
using VanBanDienTu.Gateway.Grpc;
using VanBanDienTu.Gateway.Jobs;
using VanBanDienTu.Gateway.Links;
using VanBanDienTu.Gateway.Telemetry;
using VanBanDienTu.Gateway.Vxp;
using VanBanDienTu.Signing.Paths;

namespace VanBanDienTu.Gateway.Hosting;

/// <summary>Puts a node's parts behind its listener.</summary>
internal static class NodeApplication
{
    public static WebApplication Build(WebApplicationBuilder builder, NodeParts parts, string? configPath)
    {
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.Services.AddSingleton<IMemoryPoolFactory<byte>, RecordPool.Factory>();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            NodeListener.Listen(kestrel, parts.Config, parts.Tls);
            if (parts.Config.Vxp is { } vxp)
                VxpListener.Listen(kestrel, vxp, parts.Tls);
        });
        Register(builder.Services, parts, configPath);
        var app = builder.Build();
        app.UseVxp();
        app.MapGrpcService<OutgoingService>();
        app.MapGrpcService<IncomingService>();
        app.MapGrpcService<AxisLinkService>();
        app.MapGrpcService<AuditService>();
        app.MapGrpcService<OperationsService>();
        app.MapGrpcService<DirectoryService>();
        app.MapGrpcService<VerificationService>();
        app.MapGrpcService<SigningService>();
        app.MapGrpcService<HealthServiceImpl>();
        app.MapGrpcReflectionService();
        var open = app.Services.GetRequiredService<OpenCalls>();
        app.Lifetime.ApplicationStopping.Register(open.EndWatches);
        return app;
    }

    private static void Register(IServiceCollection services, NodeParts parts, string? configPath)
    {
        services.Configure<HostOptions>(host => host.ShutdownTimeout = parts.Config.Limits.StopTimeout);
        services.AddSingleton(parts.Config);
        services.AddSingleton(parts.State);
        services.AddSingleton(parts.Time);
        services.AddSingleton(parts.Certificates);
        services.AddSingleton(parts.Relay);
        services.AddSingleton(parts.Keys);
        services.AddSingleton(parts.Signing);
        services.AddSingleton<SigningDesk>();
        services.AddSingleton<RemoteDesk>();
        services.AddSingleton<NodeHealthReport>();
        services.AddSingleton<PeerAuthority>();
        services.AddSingleton(provider => new CallerJudge(parts.State, parts.Intermediates, new PathValidator(), parts.Revocation, parts.Time));
        services.AddSingleton(parts.Revocation);
        services.AddHostedService<CallerWatch>();
        services.AddSingleton<OpenCalls>();
        services.AddSingleton<ErrorInterceptor>();
        services.AddSingleton<CallerInterceptor>();
        services.AddGrpc(grpc =>
        {
            grpc.Interceptors.Add<ErrorInterceptor>();
            grpc.Interceptors.Add<CallerInterceptor>();
        });
        services.AddGrpcReflection();
        services.AddSingleton<HealthServiceImpl>();
        services.AddHostedService<HealthBell>();
        services.AddSingleton<RelayWorker>();
        services.AddHostedService(provider => provider.GetRequiredService<RelayWorker>());
        if (configPath is not null)
            services.AddHostedService(provider => new NodeWatcher(configPath, parts.Config, parts.State,
                parts.Time, provider.GetRequiredService<ILogger<NodeWatcher>>()));
        services.AddSingleton(parts.Secrets);
        services.AddVxp();
        foreach (var link in parts.Links.OfType<VxpLink>())
        {
            services.AddSingleton<IHostedService>(provider =>
                new VxpReceiver(link, parts.Relay, new VxpIntake(link, parts.Relay, parts.Config, parts.Time), parts.Time, provider.GetRequiredService<ILogger<VxpReceiver>>()));
        }

        foreach (var link in parts.Links.OfType<FolderLink>())
            services.AddSingleton<IHostedService>(provider =>
                new FolderReceiver(link, parts.Relay, parts.State, parts.Time, provider.GetRequiredService<ILogger<FolderReceiver>>()));
        services.AddHostedService(provider => new DirectoryKeeper(
            parts.Relay, parts.State, parts.Links, parts.Time, provider.GetRequiredService<ILogger<DirectoryKeeper>>()));
        services.AddJobs(parts.Time);
        if (parts.Config.Telemetry is null)
            return;
        services.AddHostedService<NodeGauges>();
        services.AddHostedService<OtlpExport>();
    }
}
