using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace VanBanDienTu.Signing;

/// <summary>Makes names durable: a renamed or created file or folder survives a power cut only when the folder that it lies in was synced too.</summary>
public static partial class DurableNames
{
    private const int ReadOnly = 0;
    private const int CloseOnExec = 0x80000;

    // EINVAL and ENOTSUP: a special file, which has nothing to sync.
    private const int NotPossible = 22;
    private const int NotSupported = 95;

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
            if (OperatingSystem.IsWindows())
                RandomAccess.FlushToDisk(file);
            else if (SyncFile(file) != 0 && Marshal.GetLastPInvokeError() is var error and not (NotPossible or NotSupported))
                throw new IOException(Marshal.GetPInvokeErrorMessage(error), error);
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
            OrNotThere(path, () => TrySync(parent));
        }
        else
        {
            syncs += Create(parent);
            Directory.CreateDirectory(path);
            OrNotThere(path, () => Sync(parent));
        }

        Known[path] = true;
        return syncs;
    }

    /// <summary>A name that a sync failed for is taken back while nothing is in the folder: a later sync would say yes and write nothing.</summary>
    private static void OrNotThere(string folder, Action sync)
    {
        try
        {
            sync();
        }
        catch (SyncFailedException)
        {
            try
            {
                Directory.Delete(folder);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Something is in it: it is older than this sync.
            }

            throw;
        }
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

    // What RandomAccess.FlushToDisk calls, which never throws on Unix: this function answers 1 for an error (its «ret = fsync(fd) < 0»), .NET
    // looks for a negative number. It would also take EROFS for success, and that is what a file system says which gave itself up.
    [LibraryImport("libSystem.Native", EntryPoint = "SystemNative_FSync", SetLastError = true)]
    private static partial int SyncFile(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle OpenFolder(string path, int flags);
}
