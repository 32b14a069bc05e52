namespace VanBanDienTu.Cli.Demo;

/// <summary>The project's own sample documents, carried inside the program so that the demo runs anywhere.</summary>
internal static class SamplePdfs
{
    /// <summary>Writes a sample; names that are none of the three are copies of the letter.</summary>
    public static void Write(string name, string path)
    {
        var resource = name is "quyet-dinh" or "bao-cao" ? name : "cong-van";
        using var source = typeof(SamplePdfs).Assembly.GetManifestResourceStream($"samples/{resource}.pdf")
            ?? throw new InvalidOperationException($"The sample {resource} is not in the program.");
        using var target = File.Create(path);
        source.CopyTo(target);
    }
}
