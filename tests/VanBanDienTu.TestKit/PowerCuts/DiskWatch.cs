using System.Text;

namespace VanBanDienTu.TestKit.PowerCuts;

/// <summary>Watches what processes do to one folder, by a library (powercut.c) that is preloaded into them; can make their calls fail.</summary>
public sealed class DiskWatch
{
    private const int ControlBytes = 65536;

    private static readonly Lazy<string> Library = new(Build);
    private readonly string logFile;
    private readonly string controlFile;
    private long generation;

    /// <param name="folder">The folder that is watched; it need not exist yet.</param>
    /// <param name="besides">An existing folder elsewhere, for the log.</param>
    public DiskWatch(string folder, string besides)
    {
        var name = Path.GetFileName(folder);
        (Folder, logFile, controlFile) = (folder, Path.Combine(besides, name + ".disklog"), Path.Combine(besides, name + ".diskrules"));
        File.WriteAllBytes(controlFile, new byte[ControlBytes]);
    }

    public string Folder { get; }

    /// <summary>For each process that is to be watched.</summary>
    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["LD_PRELOAD"] = Library.Value, ["POWERCUT_ROOT"] = Folder, ["POWERCUT_LOG"] = logFile, ["POWERCUT_CONTROL"] = controlFile,
    };

    /// <summary>Replaces the rules; takes effect with the next call of a watched process.</summary>
    public void Use(params IReadOnlyList<DiskRule> rules)
    {
        var text = Encoding.UTF8.GetBytes(string.Join('\n', rules) + "\n\0");
        using var file = File.OpenHandle(controlFile, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        RandomAccess.Write(file, text, sizeof(long));
        RandomAccess.Write(file, BitConverter.GetBytes(++generation), 0);
    }

    public DiskLog Read() => DiskLog.Read(logFile);

    private static string Build()
    {
        var library = Path.Combine(AppContext.BaseDirectory, "powercut.so");
        var made = $"{library}.{System.Environment.ProcessId}";
        var answer = ExternalTool.Run(
            "gcc", "-O2", "-Wall", "-shared", "-fPIC", "-o", made, Path.Combine(AppContext.BaseDirectory, "PowerCuts", "powercut.c"), "-ldl", "-lpthread");
        if (answer.ExitCode != 0)
            throw new InvalidOperationException($"gcc failed: {answer.Output}");
        File.Move(made, library, overwrite: true);
        return library;
    }
}
