namespace VanBanDienTu.IntegrationTests.Gateway;

/// <summary>The project's own three PDFs.</summary>
internal static class Samples
{
    public static string CongVan => Find("cong-van.pdf");

    private static string Find(string name)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "samples", name)))
                return Path.Combine(folder.FullName, "samples", name);
        throw new FileNotFoundException($"samples/{name} is not above {AppContext.BaseDirectory}.");
    }
}
