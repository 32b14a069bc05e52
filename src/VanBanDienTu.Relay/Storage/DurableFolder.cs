using Microsoft.Win32.SafeHandles;
using VanBanDienTu.Relay.Telemetry;
using VanBanDienTu.Signing;

namespace VanBanDienTu.Relay.Storage;

/// <summary>What a node makes durable on its own disk. A failed sync ends the process: nobody knows what the disk holds then.</summary>
internal static class DurableFolder
{
    /// <summary>Syncs the names in a folder.</summary>
    public static void Sync(string folder) => OrEnd(() =>
    {
        DurableNames.Sync(folder);
        return 1;
    });

    /// <summary>Syncs an open file.</summary>
    public static void SyncOrEnd(SafeFileHandle handle, string name) => OrEnd(() =>
    {
        DurableNames.Sync(handle, name);
        return 1;
    });

    /// <summary>Creates a folder; its name is durable when this returns.</summary>
    public static void Create(string folder) => OrEnd(() => DurableNames.Create(folder));

    /// <summary>Syncs a folder of a medium that people pull out: a failure is the medium's, not ours.</summary>
    /// <exception cref="IOException">Nobody knows what the medium holds.</exception>
    public static void SyncRemovable(string folder)
    {
        DurableNames.Sync(folder);
        RelayMeter.Synced();
    }

    private static void OrEnd(Func<int> syncs)
    {
        try
        {
            for (var i = syncs(); i > 0; i--)
                RelayMeter.Synced();
        }
        catch (SyncFailedException failure)
        {
            Environment.FailFast($"{failure.Message} Check the disk, then start again.", failure);
        }
    }
}
