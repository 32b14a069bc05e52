namespace VanBanDienTu.Gateway.Config;

/// <summary>A collector that speaks OTLP. Headers that it demands: environment variable OTEL_EXPORTER_OTLP_HEADERS.</summary>
public sealed record TelemetryConfig
{
    /// <summary>"https://HOST:PORT", usually port 4317 for gRPC and 4318 for HTTP; "http" only on loopback.</summary>
    public required string Otlp { get; init; }

    public OtlpKind Protocol { get; init; }

    /// <summary>Between two exports of the metrics.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>No traces.</summary>
    public bool MetricsOnly { get; init; }
}

public enum OtlpKind
{
    Grpc,

    /// <summary>HTTP with Protocol Buffers, to /v1/traces and /v1/metrics.</summary>
    Http,
}
