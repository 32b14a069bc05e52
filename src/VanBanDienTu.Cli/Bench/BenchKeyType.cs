using VanBanDienTu.Cli.Terminals;
using VanBanDienTu.Signing.Authority;

namespace VanBanDienTu.Cli.Bench;

/// <summary>The words of <c>--key-type</c>.</summary>
internal static class BenchKeyType
{
    public static string[] Words { get; } = ["rsa2048", "rsa3072", "p256"];

    public static SampleKeyType Of(string word) => word switch
    {
        "rsa2048" => SampleKeyType.Rsa2048,
        "rsa3072" => SampleKeyType.Rsa3072,
        "p256" => SampleKeyType.P256,
        _ => throw new CommandException(ExitCode.Usage, $"--key-type: không biết «{word}».", $"--key-type: «{word}» is not known."),
    };
}
