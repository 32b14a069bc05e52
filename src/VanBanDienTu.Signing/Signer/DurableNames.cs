using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace VanBanDienTu.Signing;

/// <summary>Makes names durable: a renamed or created file or folder survives a power cut only when the folder that it lies in was synced too.</summary>
public static partial class DurableNames
{
    private const int ReadOnly = 0;
    private const int CloseOnExec = 0x80000;

    // Folders whose names this process knows to be durable.
    private static readonly ConcurrentDictionary<string, bool> Known = new(StringComparer.Ordinal);

    /// <summary>Syncs the names in a folder.</summary>
    /// <exception cref="SyncFailedException">Nobody knows what the disk holds.</exception>
    /// <exception cref="IOException">No such folder, or it may not be opened.</exception>
    public static void Sync(string folder)
    {
        if (!TrySync(folder))
            throw new IOException($"The folder «{folder}» cannot be opened (error {Marshal.GetLastPInvokeError()}).");
    }

    /// <summary>Syncs an open file.</summary>
    /// <exception cref="SyncFailedException">Nobody knows what the disk holds.</exception>
    public static void Sync(SafeFileHandle file, string name)
    {
        try
        {
            RandomAccess.FlushToDisk(file);
        }
        catch (IOException refused)
        {
            throw new SyncFailedException(name, refused);
        }
    }

    /// <summary>Creates a folder; when this returns its name is durable, and those of all new folders above it.</summary>
    /// <returns>How many folders were synced for it.</returns>
    /// <exception cref="SyncFailedException">Nobody knows what the disk holds.</exception>
    /// <exception cref="IOException">It could not be made.</exception>
    public static int Create(string folder)
    {
        var path = Path.GetFullPath(folder);
        var exists = Directory.Exists(path);
        if (Path.GetDirectoryName(path) is not { } parent || (exists && Known.ContainsKey(path)))
            return 0;
        var syncs = 1;
        if (exists)
        {
            // Whoever made it, another thread or a process that was killed, may not have come to the sync.
            TrySync(parent);
        }
        else
        {
            syncs += Create(parent);
            Directory.CreateDirectory(path);
            Sync(parent);
        }

        Known[path] = true;
        return syncs;
    }

    /// <summary>False when the folder may not be opened: then it is not ours, and its names are the business of whoever made it.</summary>
    /// <exception cref="SyncFailedException">Nobody knows what the disk holds.</exception>
    internal static bool TrySync(string folder)
    {
        if (OperatingSystem.IsWindows())
            return true; // names are the file system's own business there
        using var handle = OpenFolder(folder, ReadOnly | CloseOnExec);
        if (handle.IsInvalid)
            return false;
        Sync(handle, folder);
        return true;
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle OpenFolder(string path, int flags);
}
