using VanBanDienTu.TestKit;

namespace VanBanDienTu.UnitTests.Architecture;

/// <summary>The source text that the rules of this house are about.</summary>
internal static class Repository
{
    public static string Root => Samples.Root;

    public static IEnumerable<string> Sources(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories)
            .Where(file => !IsBuildOutput(file));

    public static string ProjectFile(string project) =>
        File.ReadAllText(Path.Combine(Root, "src", project, project + ".csproj"));

    private static bool IsBuildOutput(string file)
    {
        var parts = Path.GetRelativePath(Root, file).Split(Path.DirectorySeparatorChar);
        return parts.Contains("obj") || parts.Contains("bin") || parts.Contains("node_modules");
    }
}
