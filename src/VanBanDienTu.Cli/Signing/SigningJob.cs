namespace VanBanDienTu.Cli.Signing;

/// <summary>One file to sign. «-» stands for standard input or output.</summary>
/// <param name="From">The input, as the user named it.</param>
/// <param name="To">The output.</param>
internal sealed record SigningJob(string From, string To);

/// <summary>What became of a job.</summary>
internal enum SigningOutcome
{
    Signed,

    /// <summary>An earlier run signed this very input with this key and these options, and its output is there unchanged.</summary>
    Skipped,
    Failed,
}
