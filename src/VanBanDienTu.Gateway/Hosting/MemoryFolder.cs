using System.Security.Cryptography;
using System.Text;
using VanBanDienTu.Gateway.Config;

namespace VanBanDienTu.Gateway.Hosting;

/// <summary>
/// Where a node that seals its payloads keeps documents while they are signed: in memory (tmpfs), for its own user only, gone with the node.
/// A document larger than the memory that is free there is held, not written to a disk.
/// </summary>
internal static class MemoryFolder
{
    private const string Shared = "/dev/shm";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    // A name that nobody can have made before us: the folder above is everybody's.
    private static readonly string Run = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));

    public static string Of(string dataFolder) => Path.Combine(Shared, $"{Prefix(dataFolder)}{Run}");

    /// <exception cref="GatewayException">The folder cannot be made.</exception>
    public static void Make(NodeConfig config)
    {
        try
        {
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(config.MemoryFolder);
            else
                Directory.CreateDirectory(config.MemoryFolder, OwnerOnly);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new GatewayException(GatewayFault.DataUnavailable,
                $"Không tạo được thư mục trong bộ nhớ {config.MemoryFolder} ({e.Message}): khai báo «encryption.scratch» là một thư mục tmpfs hoặc trên đĩa đã mã hóa.",
                $"The folder in memory {config.MemoryFolder} cannot be made ({e.Message}); name one on tmpfs or an encrypted disk in «encryption.scratch».", e);
        }
    }

    /// <summary>What killed processes of this node left; called when its data folder is locked by us.</summary>
    public static void ClearOld(NodeConfig config)
    {
        if (config.Encryption is not { Scratch: null } || !Directory.Exists(Shared))
            return;
        foreach (var old in Directory.EnumerateDirectories(Shared, Prefix(config.PathOf(config.Data)) + "*").Where(f => f != config.MemoryFolder))
            Delete(old);
    }

    public static void Drop(NodeConfig config)
    {
        if (config.Encryption is { Scratch: null })
            Delete(config.MemoryFolder);
    }

    private static void Delete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Not ours, or already gone.
        }
    }

    private static string Prefix(string dataFolder) =>
        $"vbdt-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFullPath(dataFolder))))[..16]}-";
}
