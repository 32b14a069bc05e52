using VanBanDienTu.TestKit;

namespace VanBanDienTu.IntegrationTests;

/// <summary>A small tmpfs (mounting it needs root): a disk that can really be full.</summary>
internal sealed class SmallDisk : IDisposable
{
    public SmallDisk(string path, string size)
    {
        Path = path;
        Directory.CreateDirectory(path);
        var mounted = ExternalTool.Run("mount", "-t", "tmpfs", "-o", $"size={size}", "tmpfs", path);
        Assert.SkipWhen(
            mounted.ExitCode != 0 && (mounted.Output.Contains("ermission denied", StringComparison.Ordinal) || mounted.Output.Contains("superuser", StringComparison.Ordinal)),
            $"This machine does not let the tests mount a small disk: {mounted.Output.Trim()}");
        Assert.True(mounted.ExitCode == 0, mounted.Output);
    }

    public string Path { get; }

    public void Fill()
    {
        using var ballast = File.Create(System.IO.Path.Combine(Path, "ballast"));
        try
        {
            for (var block = new byte[4096]; ;)
            {
                ballast.Write(block);
                ballast.Flush();
            }
        }
        catch (IOException)
        {
            // Full: that was the aim.
        }
    }

    public void Free() => File.Delete(System.IO.Path.Combine(Path, "ballast"));

    public void Dispose() => ExternalTool.Run("umount", "-l", Path);
}
