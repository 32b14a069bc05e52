using VanBanDienTu.Gateway.Config;
using VanBanDienTu.Gateway.Hosting;

namespace VanBanDienTu.Cli.Doctor;

/// <summary>Examines how a node seals what it keeps: its keys, which of them are still needed, where documents lie while they are signed.</summary>
internal static class EncryptionChecks
{
    private const string Name = "Mã hóa lưu trữ / encryption at rest";
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    public static async IAsyncEnumerable<Check> RunAsync(NodeConfig config, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        yield return await KeysAsync(config, ct);
        foreach (var file in (config.Encryption?.KeyFiles ?? []).Select(config.PathOf).Where(IsOpen))
            yield return Check.Warn(Name, $"{file}: người dùng khác đọc được / others may read it", $"chmod 600 {file}");
        if (config.Encryption?.Scratch is { } scratch && !InMemory(config.PathOf(scratch)))
        {
            yield return Check.Warn(
                Name, $"{scratch}: không nằm trong bộ nhớ / not in memory", "dùng tmpfs, hoặc bảo đảm đĩa đó đã mã hóa / use tmpfs, or make sure that disk is encrypted");
        }
    }

    private static async Task<Check> KeysAsync(NodeConfig config, CancellationToken ct)
    {
        try
        {
            var keys = NodeStorage.Keys(config);
            var used = await NodeStorage.KeysAsync(config, ct) ?? [];
            var missing = used.Where(k => k.Payloads > 0 && !keys.Ids.Contains(k.Id, StringComparer.Ordinal)).ToList();
            var text = string.Join("; ", used.Select(k => $"{k.Id}: {(k.Payloads > 0 ? $"{k.Payloads} nội dung / payloads" : "không còn dùng / no longer used")}"));
            if (missing.Count > 0)
            {
                return Check.Bad(
                    Name, $"thiếu khóa / missing key {string.Join(", ", missing.Select(k => k.Id))} ({text})",
                    "thêm tệp khóa cũ vào «encryption.keyFiles», sau khóa mới / add the old key's file after the new one");
            }

            return keys.WritingId is { } writing
                ? Check.Ok(Name, $"ghi bằng khóa / writes with {writing}{(text.Length > 0 ? "; " : "")}{text}")
                : Check.Ok(Name, text.Length > 0 ? $"không bật / off; {text}" : "không bật / off");
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return Check.Bad(Name, e);
        }
    }

    private static bool IsOpen(string file) => !OperatingSystem.IsWindows() && File.Exists(file) && (File.GetUnixFileMode(file) & Others) != UnixFileMode.None;

    private static bool InMemory(string folder) => DriveInfo.GetDrives()
        .Where(d => folder == d.Name || folder.StartsWith(d.Name.TrimEnd('/') + "/", StringComparison.Ordinal))
        .MaxBy(d => d.Name.Length)?.DriveFormat is "tmpfs" or "ramfs";
}
