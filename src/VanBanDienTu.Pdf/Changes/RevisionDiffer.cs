namespace VanBanDienTu.Pdf;

/// <summary>
/// Compares one revision with the one before it by what a reader would see: catalogue, form, pages and annotations each by its own whitelist,
/// everything else that is reachable must be equal. Fails on anything that no rule understands.
/// </summary>
/// <remarks>Source: ISO 32000-2, 12.8.2.2 (DocMDP); Mladenov and others, «1 Trillion Dollar Refund» (2019) and «Shadow Attacks» (2021) for what must not pass.</remarks>
internal static class RevisionDiffer
{
    public static IReadOnlyList<RevisionChange> Compare(PdfView before, PdfView after)
    {
        var work = new Difference(before, after);
        RevisionLayout.Check(work);
        TrailerRule.Compare(work);
        var (a, b) = (before.Catalog, after.Catalog);
        FormRule.Compare(work, a["AcroForm"], b["AcroForm"]);
        PageTreeRule.Compare(work, a["Pages"], b["Pages"]);
        CatalogRule.Compare(work, a, b);
        work.Strict.Run();
        if (work.Found.Count == 0)
        {
            work.Allow(ChangeClass.Metadata, null, "Bản sửa đổi này không làm thay đổi nội dung nào.", "This revision changes nothing that can be reached.");
        }
        return work.Found;
    }
}
