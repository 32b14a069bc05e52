namespace VanBanDienTu.Gateway.Config;

public sealed record LogConfig
{
    /// <summary>Trace, Debug, Information, Warning, Error.</summary>
    public string Level { get; init; } = "Information";

    public LogFormat Format { get; init; }
}

public enum LogFormat
{
    /// <summary>One line for people.</summary>
    Text,

    /// <summary>One JSON object a line, with the trace id (= message id without hyphens) that the line belongs to.</summary>
    Json,
}
