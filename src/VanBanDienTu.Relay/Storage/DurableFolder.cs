using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using VanBanDienTu.Relay.Telemetry;

namespace VanBanDienTu.Relay.Storage;

/// <summary>Makes names durable: a renamed or created file survives a power cut only when its folder was synced too.</summary>
internal static partial class DurableFolder
{
    private const int ReadOnly = 0;
    private const int CloseOnExec = 0x80000;

    /// <summary>Syncs a folder. A failed sync ends the process: nobody knows what the disk holds then.</summary>
    public static void Sync(string folder)
    {
        using var handle = OpenFolder(folder, ReadOnly | CloseOnExec);
        if (handle.IsInvalid)
            throw new IOException($"The folder «{folder}» cannot be opened (error {Marshal.GetLastPInvokeError()}).");
        SyncOrEnd(handle, folder);
    }

    /// <summary>Syncs an open file.</summary>
    public static void SyncOrEnd(SafeFileHandle handle, string name)
    {
        try
        {
            RandomAccess.FlushToDisk(handle);
            RelayMeter.Synced();
        }
        catch (IOException failure)
        {
            Environment.FailFast($"The disk refused to make «{name}» durable ({failure.Message}). Check the disk, then start again.", failure);
        }
    }

    /// <summary>Syncs a folder of a medium that people pull out: a failure is the medium's, not ours.</summary>
    /// <exception cref="IOException">Nobody knows what the medium holds.</exception>
    public static void SyncRemovable(string folder)
    {
        using var handle = OpenFolder(folder, ReadOnly | CloseOnExec);
        if (handle.IsInvalid)
            throw new IOException($"The folder «{folder}» cannot be opened (error {Marshal.GetLastPInvokeError()}).");
        RandomAccess.FlushToDisk(handle);
        RelayMeter.Synced();
    }

    /// <summary>Creates a folder, durable together with every new folder above it.</summary>
    public static void Create(string folder)
    {
        if (Directory.Exists(folder))
            return;
        var parent = Path.GetDirectoryName(Path.GetFullPath(folder))!;
        Create(parent);
        Directory.CreateDirectory(folder);
        Sync(parent);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle OpenFolder(string path, int flags);
}
