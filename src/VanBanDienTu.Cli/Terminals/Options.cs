using System.CommandLine;

namespace VanBanDienTu.Cli.Terminals;

/// <summary>Options that several commands share, so that they are called the same everywhere.</summary>
internal static class Options
{
    public static Option<bool> Json() => new("--json") { Description = "kết quả dạng JSON ra stdout / results as JSON on stdout" };
}
