namespace VanBanDienTu.Cli.Client;

/// <summary>Times as people here read them: +07:00, whatever the machine's zone.</summary>
internal static class VietnamTime
{
    private static readonly TimeSpan Offset = TimeSpan.FromHours(7);

    public static string Text(long unixMilliseconds) =>
        unixMilliseconds == 0 ? "" : At(unixMilliseconds).ToString("yyyy-MM-dd HH:mm:ss");

    public static string Clock(long unixMilliseconds) => unixMilliseconds == 0 ? "" : At(unixMilliseconds).ToString("HH:mm:ss.fff");

    public static DateTimeOffset At(long unixMilliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(unixMilliseconds).ToOffset(Offset);

    public static DateTimeOffset Now(TimeProvider time) => time.GetUtcNow().ToOffset(Offset);
}
