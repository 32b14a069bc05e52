using System.IO.MemoryMappedFiles;

namespace VanBanDienTu.TestKit.Faults;

/// <summary>The wall clock of one process, which can jump while it runs; made of a preloaded library (clock.c), so that the machine's own clock stays.</summary>
/// <remarks>Not libfaketime: with monotonic time left alone it breaks clock_nanosleep (measured), and it reads its file once a second.</remarks>
public sealed class ShiftedClock : IDisposable
{
    private static readonly Lazy<string> Library = new(Build);
    private readonly string file;
    private readonly MemoryMappedFile mapped;
    private readonly MemoryMappedViewAccessor view;

    /// <param name="file">Made, beside a copy of the library; the process must be allowed to read both.</param>
    public ShiftedClock(string file)
    {
        this.file = file;
        File.WriteAllBytes(file, new byte[8]);
        File.Copy(Library.Value, file + ".so");
        mapped = MemoryMappedFile.CreateFromFile(file, FileMode.Open);
        view = mapped.CreateViewAccessor(0, 8);
    }

    /// <summary>For the process; it must be there before it starts.</summary>
    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>(StringComparer.Ordinal) { ["LD_PRELOAD"] = file + ".so", ["VBDT_CLOCK"] = file };

    /// <summary>How far the process's clock is ahead; takes effect at once.</summary>
    public TimeSpan Ahead
    {
        get => TimeSpan.FromMicroseconds(view.ReadInt64(0) / 1000);
        set => view.Write(0, value.Ticks * 100);
    }

    public void Dispose()
    {
        view.Dispose();
        mapped.Dispose();
    }

    private static string Build()
    {
        var library = Path.Combine(AppContext.BaseDirectory, "clock.so");
        var made = $"{library}.{System.Environment.ProcessId}";
        var answer = ExternalTool.Run("gcc", "-O2", "-shared", "-fPIC", "-o", made, Path.Combine(AppContext.BaseDirectory, "Faults", "clock.c"), "-ldl");
        if (answer.ExitCode != 0) throw new InvalidOperationException($"gcc failed: {answer.Output}");
        File.Move(made, library, overwrite: true);
        return library;
    }
}
