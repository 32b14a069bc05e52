using System.Collections.Concurrent;
using VanBanDienTu.Gateway.Config;

namespace VanBanDienTu.Gateway.Vxp;

/// <summary>Secrets that both sides know, each in a file of its own; a file that changes counts at once. Never logged.</summary>
internal sealed class SecretFiles(NodeConfig config)
{
    private readonly ConcurrentDictionary<string, (DateTime Stamp, string[] Secrets)> read = new(StringComparer.Ordinal);

    /// <summary>The secrets of a file, the newest first; empty when it cannot be read: then nobody gets in.</summary>
    public IReadOnlyList<string> Of(string file)
    {
        var path = config.PathOf(file);
        try
        {
            var stamp = File.GetLastWriteTimeUtc(path);
            if (read.TryGetValue(path, out var known) && known.Stamp == stamp)
                return known.Secrets;
            string[] secrets = [.. File.ReadLines(path).Select(line => line.Trim()).Where(line => line.Length > 0).Take(2)];
            read[path] = (stamp, secrets);
            return secrets;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
