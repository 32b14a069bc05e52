namespace VanBanDienTu.TestKit.PowerCuts;

/// <summary>What a process did to a disk; the numbers are those of powercut.c.</summary>
public enum DiskCallKind
{
    Create = 1,
    MakeFolder,
    Write,

    /// <summary>To <see cref="DiskCall.Offset"/> bytes.</summary>
    Truncate,

    /// <summary>With zeros, to <see cref="DiskCall.Offset"/> bytes.</summary>
    Extend,

    /// <summary>What was done before is covered once <see cref="SyncEnd"/> with the same number says so.</summary>
    SyncBegin,
    SyncEnd,

    /// <summary>From <see cref="DiskCall.Path"/> to <see cref="DiskCall.Second"/>.</summary>
    Rename,
    Unlink,
    RemoveFolder,
    Link,

    /// <summary>A writable mapping that others share: what is written through it is not seen.</summary>
    Map,

    /// <summary>A rule struck: the call named <see cref="DiskCall.Second"/> was refused, or the process ended.</summary>
    Fault,
}

/// <summary>One change of a disk, or one of the two ends of a sync, in the order in which they happened.</summary>
/// <param name="Nanoseconds">When it was done; the clock of <see cref="System.Diagnostics.Stopwatch"/>.</param>
/// <param name="Inode">The file; numbers are used again after a file is gone.</param>
/// <param name="Offset">Of a write; a new length; the number of a sync within its process.</param>
/// <param name="Error">Errno of a sync that failed, or that a rule gave.</param>
/// <param name="Path">Relative to the watched folder; "." is that folder, ".." the one it lies in.</param>
public sealed record DiskCall(
    DiskCallKind Kind, int Process, long Nanoseconds, ulong Inode, long Offset, int Error, string Path, string Second, ReadOnlyMemory<byte> Data)
{
    public override string ToString() => $"{Kind} {Path} {Second} {Offset}+{Data.Length} {(Error == 0 ? "" : $"error {Error}")}";
}
