namespace VanBanDienTu.TestKit.Faults;

/// <summary>A small tmpfs (mounting it needs root): a disk that can really be full.</summary>
public sealed class SmallDisk : IDisposable
{
    private SmallDisk(string path) => Path = path;

    public string Path { get; }

    /// <summary>Null where this machine lets nobody mount.</summary>
    /// <param name="path">A folder; made when absent.</param>
    /// <param name="size">Like «40m».</param>
    /// <param name="why">What the machine said when it did not.</param>
    public static SmallDisk? TryMount(string path, string size, out string why)
    {
        Directory.CreateDirectory(path);
        var mounted = ExternalTool.Run("mount", "-t", "tmpfs", "-o", $"size={size}", "tmpfs", path);
        why = mounted.Output.Trim();
        if (mounted.ExitCode == 0) return new SmallDisk(path);
        return why.Contains("ermission denied", StringComparison.Ordinal) || why.Contains("superuser", StringComparison.Ordinal)
            ? null
            : throw new InvalidOperationException($"Mounting {path} failed: {why}");
    }

    public void Fill()
    {
        using var ballast = File.Create(System.IO.Path.Combine(Path, "ballast"));
        foreach (var size in (int[])[1 << 20, 4096])
        {
            try
            {
                for (var block = new byte[size]; ;)
                {
                    ballast.Write(block);
                    ballast.Flush();
                }
            }
            catch (IOException)
            {
                // Full: that was the aim.
            }
        }
    }

    public void Free() => File.Delete(System.IO.Path.Combine(Path, "ballast"));

    public void Dispose() => ExternalTool.Run("umount", "-l", Path);
}
