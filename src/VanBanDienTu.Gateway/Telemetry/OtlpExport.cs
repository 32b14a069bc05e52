using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using VanBanDienTu.Gateway.Config;
using VanBanDienTu.Gateway.Grpc;
using VanBanDienTu.Relay.Telemetry;

namespace VanBanDienTu.Gateway.Telemetry;

/// <summary>Sends metrics and traces to a collector over OTLP. A collector that is away costs the node nothing: what it cannot take is dropped.</summary>
internal sealed class OtlpExport(NodeConfig config) : IHostedService, IDisposable
{
    private const string Runtime = "System.Runtime";
    private MeterProvider? metrics;
    private TracerProvider? traces;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var to = config.Telemetry!;
        var resource = ResourceBuilder.CreateEmpty()
            .AddService("vanbandientu", serviceNamespace: config.Organ, serviceVersion: NodeVersion.Text, serviceInstanceId: config.Node);
        metrics = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(resource)
            .AddMeter(RelayMeter.Name, NodeGauges.Name, Runtime)
            .AddOtlpExporter((exporter, reader) =>
            {
                Address(exporter, to, "metrics");
                reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = (int)to.Every.TotalMilliseconds;
            })
            .Build();
        traces = to.MetricsOnly ? null : Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(resource)
            .AddSource(RelayTrace.Name)
            .AddOtlpExporter(exporter => Address(exporter, to, "traces"))
            .Build();
        return Task.CompletedTask;
    }

    /// <summary>What was measured last still leaves, if the collector takes it at once.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            traces?.ForceFlush(1000);
            metrics?.ForceFlush(1000);
        }, CancellationToken.None);

    public void Dispose()
    {
        traces?.Dispose();
        metrics?.Dispose();
    }

    private static void Address(OtlpExporterOptions exporter, TelemetryConfig to, string signal)
    {
        var grpc = to.Protocol == OtlpKind.Grpc;
        exporter.Protocol = grpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;
        exporter.Endpoint = grpc ? new Uri(to.Otlp) : new Uri(new Uri(to.Otlp.TrimEnd('/') + "/"), $"v1/{signal}");
    }
}
