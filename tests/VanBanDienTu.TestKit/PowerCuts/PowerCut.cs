namespace VanBanDienTu.TestKit.PowerCuts;

/// <summary>What is found on a disk after the power went.</summary>
public enum Survival
{
    /// <summary>Contents and names that a completed sync covered, nothing else.</summary>
    Synced,

    /// <summary>Beside these any part of the rest: sectors of any write in any order, zeros where a length came through and bytes did not, each
    /// folder's names up to some change, or any of them.</summary>
    Torn,

    /// <summary>All that was done: what a killed process leaves on a machine that goes on.</summary>
    Written,
}

/// <summary>One power cut: when, and what came through.</summary>
/// <param name="Nanoseconds">The clock of <see cref="DiskCall.Nanoseconds"/>.</param>
/// <param name="Seed">For <see cref="Survival.Torn"/>.</param>
public sealed record PowerCut(long Nanoseconds, Survival Survival, int Seed = 0)
{
    /// <summary>A sync that the program might have left out: it covers nothing.</summary>
    public SyncClass? Forgotten { get; init; }
}

/// <summary>One duty of a program: the contents of certain files, or their names in their folder, are made durable by a sync.</summary>
/// <param name="Path">A regular expression for the whole path, as in <see cref="DiskCall.Path"/>.</param>
/// <param name="Names">The names, which a sync of their folder covers; else the contents.</param>
public sealed record SyncClass(string Path, bool Names)
{
    public bool Covers(string path) => System.Text.RegularExpressions.Regex.IsMatch(
        path, $"^(?:{Path})$", System.Text.RegularExpressions.RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));

    public override string ToString() => $"{(Names ? "the name" : "the contents")} of {Path}";
}
