namespace VanBanDienTu.Cli.Demo;

/// <summary>The project's own sample documents and pictures, carried inside the program so that the demo runs anywhere.</summary>
internal static class SamplePdfs
{
    /// <summary>The person's handwriting, all made up: a transparent PNG.</summary>
    public const string Handwriting = "chu-ky.png";

    /// <summary>The organisation's seal, all made up: a transparent PNG, 36 mm wide.</summary>
    public const string Seal = "con-dau.png";

    /// <summary>Writes a sample; names that are none of the three are copies of the letter.</summary>
    public static void Write(string name, string path)
    {
        var resource = name is "quyet-dinh" or "bao-cao" ? name : "cong-van";
        File.WriteAllBytes(path, Read(resource + ".pdf"));
    }

    public static byte[] Read(string resource)
    {
        using var source = typeof(SamplePdfs).Assembly.GetManifestResourceStream($"samples/{resource}")
            ?? throw new InvalidOperationException($"The sample {resource} is not in the program.");
        using var whole = new MemoryStream();
        source.CopyTo(whole);
        return whole.ToArray();
    }
}
