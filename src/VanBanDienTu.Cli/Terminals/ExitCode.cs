namespace VanBanDienTu.Cli.Terminals;

/// <summary>What a script can tell from the exit code. <c>verify</c> has five of its own: see VerifyCommand.</summary>
internal static class ExitCode
{
    public const int Ok = 0;

    /// <summary>The command ran and the answer is no: refused, failed, not found.</summary>
    public const int Failed = 1;

    /// <summary>The words of the command line are wrong (EX_USAGE).</summary>
    public const int Usage = 64;

    /// <summary>An input file cannot be used: not a PDF, damaged, encrypted, wrong password (EX_DATAERR).</summary>
    public const int BadInput = 65;

    /// <summary>An input file or folder does not exist (EX_NOINPUT).</summary>
    public const int NoInput = 66;

    /// <summary>The node, or something else outside, cannot be reached now; worth a retry (EX_UNAVAILABLE).</summary>
    public const int Unavailable = 69;

    /// <summary>A fault of the program itself (EX_SOFTWARE).</summary>
    public const int Bug = 70;

    /// <summary>Reading or writing a file failed: full disk, no right (EX_IOERR).</summary>
    public const int InputOutput = 74;

    /// <summary>The node knows the caller and says no (EX_NOPERM).</summary>
    public const int NotAllowed = 77;

    /// <summary>Ctrl+C.</summary>
    public const int Interrupted = 130;
}
