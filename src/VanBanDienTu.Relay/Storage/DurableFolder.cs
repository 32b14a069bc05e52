using Microsoft.Win32.SafeHandles;
using VanBanDienTu.Relay.Telemetry;
using VanBanDienTu.Signing;

namespace VanBanDienTu.Relay.Storage;

/// <summary>What a node makes durable on its own disk. A failed sync ends the process: nobody knows what the disk holds then.</summary>
internal static class DurableFolder
{
    /// <summary>Syncs the names in a folder.</summary>
    /// <param name="distrust">Done before the process ends: takes away what the next one would go on with, since it looks well and may not be on the disk.</param>
    public static void Sync(string folder, Action? distrust = null) => OrEnd(
        () =>
        {
            DurableNames.Sync(folder);
            return 1;
        },
        distrust);

    /// <summary>Syncs an open file.</summary>
    /// <inheritdoc cref="Sync"/>
    public static void SyncOrEnd(SafeFileHandle handle, string name, Action? distrust = null) => OrEnd(
        () =>
        {
            DurableNames.Sync(handle, name);
            return 1;
        },
        distrust);

    /// <summary>Ends the process: nobody knows what the disk holds, and asking it again may be answered with a yes that is none.</summary>
    /// <param name="failure">Its message says what could not be made durable.</param>
    public static void End(Exception failure) => Environment.FailFast($"{failure.Message} Check the disk, then start again.", failure);

    /// <summary>Creates a folder; its name is durable when this returns.</summary>
    public static void Create(string folder) => OrEnd(() => DurableNames.Create(folder));

    /// <summary>Syncs a folder of a medium that people pull out: a failure is the medium's, not ours.</summary>
    /// <exception cref="IOException">Nobody knows what the medium holds.</exception>
    public static void SyncRemovable(string folder)
    {
        DurableNames.Sync(folder);
        RelayMeter.Synced();
    }

    private static void OrEnd(Func<int> syncs, Action? distrust = null)
    {
        try
        {
            for (var i = syncs(); i > 0; i--)
                RelayMeter.Synced();
        }
        catch (SyncFailedException failure)
        {
            try
            {
                distrust?.Invoke();
            }
            finally
            {
                End(failure);
            }
        }
    }
}
