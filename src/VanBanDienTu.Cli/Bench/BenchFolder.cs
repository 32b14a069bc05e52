namespace VanBanDienTu.Cli.Bench;

/// <summary>A folder for one benchmark; it goes when the benchmark ends.</summary>
internal sealed class BenchFolder : IDisposable
{
    private const string MemoryDisk = "/dev/shm";

    private BenchFolder(string root) => Root = root;

    public string Root { get; }

    /// <summary>On the disk of the temporary files.</summary>
    public static BenchFolder OnDisk() => new(Directory.CreateTempSubdirectory("vbdt-bench-").FullName);

    /// <summary>In memory where the system has such a place: signing and verifying are measured, not the disk.</summary>
    public static BenchFolder InMemory()
    {
        if (!Directory.Exists(MemoryDisk)) return OnDisk();
        var root = Path.Combine(MemoryDisk, $"vbdt-bench-{Guid.NewGuid():n}");
        Directory.CreateDirectory(root);
        return new BenchFolder(root);
    }

    public string Of(string name) => Path.Combine(Root, name);

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
