namespace VanBanDienTu.Relay.Verification;

/// <summary>A folder for one piece of work, deleted with it.</summary>
internal sealed class Scratch : IDisposable
{
    public Scratch(Ground ground, Guid id)
    {
        Folder = Path.Combine(ground.Options.DataFolder, "work", $"{id:N}-{Guid.NewGuid():N}");
        Directory.CreateDirectory(Folder);
    }

    public string Folder { get; }

    public string File(string name) => Path.Combine(Folder, name);

    public void Dispose()
    {
        try
        {
            Directory.Delete(Folder, recursive: true);
        }
        catch (IOException)
        {
            // The next start deletes the whole work folder.
        }
    }

    /// <summary>What processes before this one left behind.</summary>
    public static void Clear(string dataFolder)
    {
        var work = Path.Combine(dataFolder, "work");
        if (Directory.Exists(work))
            Directory.Delete(work, recursive: true);
    }
}
