namespace VanBanDienTu.TestKit;

/// <summary>The three real PDFs of this project, and the corpus of signed and hostile ones beside it.</summary>
public static class Samples
{
    /// <summary>The checkout that these tests were built in.</summary>
    public static readonly string Root = FindRoot();

    public static readonly string CongVan = Path.Combine(Root, "samples", "cong-van.pdf");
    public static readonly string QuyetDinh = Path.Combine(Root, "samples", "quyet-dinh.pdf");
    public static readonly string BaoCao = Path.Combine(Root, "samples", "bao-cao.pdf");

    /// <summary>A made-up handwritten signature, 44 mm wide, and a made-up seal of 36 mm; transparent PNGs.</summary>
    public static readonly byte[] Signature = File.ReadAllBytes(Path.Combine(Root, "samples", "chu-ky.png"));
    public static readonly byte[] Seal = File.ReadAllBytes(Path.Combine(Root, "samples", "con-dau.png"));

    public static readonly string Corpus = Path.GetFullPath(Path.Combine(Root, "..", "shared", "corpus"));

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "VanBanDienTu.sln")))
            folder = Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException("The tests must run beside their sources: VanBanDienTu.sln was not found above the program.");
    }
}
