namespace VanBanDienTu.Relay.Storage;

/// <summary>
/// A file that only takes up room. When the disk is full it is given up, so that receipts, answers and completions still commit;
/// new documents are refused from then on until there is room for the reserve again.
/// </summary>
internal sealed class DiskReserve
{
    private readonly string path;
    private readonly long size;
    private readonly long minFree;
    private readonly Lock gate = new();
    private readonly DriveInfo drive;

    /// <param name="folder">The node's data folder.</param>
    /// <param name="size">Bytes of the reserve.</param>
    /// <param name="minFree">New documents need at least this many free bytes beside the reserve.</param>
    public DiskReserve(string folder, long size, long minFree)
    {
        (path, this.size, this.minFree) = (Path.Combine(folder, "reserve"), size, minFree);
        drive = new DriveInfo(Path.GetFullPath(folder));
        TryRestore();
    }

    public long FreeBytes => drive.AvailableFreeSpace;

    /// <summary>Whether new documents are refused; also takes the reserve back as soon as there is room for it.</summary>
    public bool IsFull()
    {
        if (FreeBytes < minFree)
            return true;
        return !TryRestore();
    }

    /// <summary>Gives the room up; false when it was given up before.</summary>
    public bool Release()
    {
        lock (gate)
        {
            if (!File.Exists(path))
                return false;
            File.Delete(path);
            return true;
        }
    }

    /// <exception cref="RelayException"><see cref="RelayFault.DiskFull"/>.</exception>
    public void DemandRoom()
    {
        if (IsFull())
            throw Full(null);
    }

    public static RelayException Full(Exception? cause) => new(
        RelayFault.DiskFull,
        "Ổ đĩa của nút đã đầy: chưa nhận thêm văn bản mới; hãy gửi lại sau.",
        "The node's disk is full: no new documents are taken now; send again later.",
        cause)
    { RetryAfter = TimeSpan.FromMinutes(1) };

    /// <summary>What an error of the node's own disk means for a request; null when the disk is not to blame.</summary>
    public static RelayException? Refusal(IOException e) => (e.HResult & 0xFFFF) switch // .NET puts the errno into the low word
    {
        28 or 122 => Full(e), // ENOSPC, EDQUOT
        5 or 6 or 19 or 30 or 116 or 117 => Broken(e), // EIO, ENXIO, ENODEV, EROFS, ESTALE, EUCLEAN
        _ => null,
    };

    public static RelayException Broken(Exception cause) => new(
        RelayFault.StorageUnavailable,
        $"Ổ đĩa của nút báo lỗi ({cause.Message}): yêu cầu này không được ghi lại; hãy kiểm tra ổ đĩa.",
        $"The node's disk fails ({cause.Message}): nothing of this request was kept; check the disk.", cause)
    { RetryAfter = TimeSpan.FromMinutes(1) };

    private bool TryRestore()
    {
        lock (gate)
        {
            if (File.Exists(path))
                return true;
            if (drive.AvailableFreeSpace < size + minFree)
                return false;
            try
            {
                // Written, not only sized: a sparse file would hold no room.
                using var file = new FileStream(path, new FileStreamOptions
                {
                    Mode = FileMode.CreateNew, Access = FileAccess.Write, PreallocationSize = size,
                });
                file.SetLength(size);
                return true;
            }
            catch (IOException)
            {
                return false;
            }
        }
    }
}
