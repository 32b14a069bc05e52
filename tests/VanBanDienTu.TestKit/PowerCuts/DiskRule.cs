namespace VanBanDienTu.TestKit.PowerCuts;

/// <summary>Makes calls of a watched process fail, wait or end it.</summary>
/// <param name="Call">sync, write, open, rename, unlink, mkdir or truncate.</param>
/// <param name="Glob">The path, as in <see cref="DiskCall.Path"/>; <c>*</c> also matches slashes.</param>
/// <param name="Action">An errno, <c>swallow</c> (a sync that only says yes), <c>die</c> (SIGKILL before the call) or <c>delay:MILLISECONDS</c>.</param>
/// <param name="Skip">As many matching calls are let through first.</param>
/// <param name="Count">As many are hit then; 0 = all.</param>
public sealed record DiskRule(string Call, string Glob, string Action, int Skip = 0, int Count = 0)
{
    /// <summary>EIO: the disk is broken.</summary>
    public const string Broken = "5";

    /// <summary>ENOSPC: no room.</summary>
    public const string Full = "28";

    /// <summary>EROFS: the file system has given itself up.</summary>
    public const string ReadOnly = "30";

    public override string ToString() => $"{Call} {Glob} {Skip} {Count} {Action}";
}
