namespace VanBanDienTu.Pdf;

/// <summary>The document security store (DSS) may grow, shrink and be rewritten, as iText, DSS and pyHanko do: it is material for verifiers and is never shown.</summary>
/// <remarks>Source: ETSI EN 319 142-1, 5.4.2. What is checked is that it holds nothing else.</remarks>
internal static class SecurityStoreRule
{
    private static readonly string[] Lists = ["Certs", "OCSPs", "CRLs", "Cert", "OCSP", "CRL"];

    public static void Compare(Difference work, PdfObject before, PdfObject after)
    {
        if (SmallValues.Same(work.Before, before, work.After, after) && !AnyMoved(work, after))
            return;
        var target = (after as PdfReference)?.Target;
        if (work.After.Resolve(after) is PdfDictionary store && IsStore(work.After, store))
            work.Allow(ChangeClass.Ltv, target, "Dữ liệu xác thực lâu dài (DSS) được bổ sung hoặc cập nhật.", "Long-term validation material (DSS) was added or updated.");
        else
            work.Refuse(ChangeClass.Undefined, target, "Dữ liệu xác thực lâu dài (DSS) bị gỡ bỏ hoặc chứa dữ liệu lạ.", "The DSS was removed or holds something unexpected.");
    }

    private static bool AnyMoved(Difference work, PdfObject after) => after is PdfReference { Target: var name } && work.Moved(name);

    private static bool IsStore(PdfView view, PdfDictionary store)
    {
        foreach (var (key, value) in store)
        {
            var known = key switch
            {
                "Type" => view.Resolve(value) is PdfName,
                "VRI" => view.Resolve(value) is PdfDictionary entries && entries.All(e => e.Key == "Type" || (view.Resolve(e.Value) is PdfDictionary vri && IsEntry(view, vri))),
                _ => IsList(view, key, value),
            };
            if (!known)
                return false;
        }
        return true;
    }

    private static bool IsEntry(PdfView view, PdfDictionary entry) => entry.All(e => e.Key switch
    {
        "Type" => view.Resolve(e.Value) is PdfName,
        "TU" => view.Resolve(e.Value) is PdfString,
        "TS" => view.Resolve(e.Value) is PdfStream,
        _ => IsList(view, e.Key, e.Value),
    });

    private static bool IsList(PdfView view, string key, PdfObject value) =>
        Lists.Contains(key, StringComparer.Ordinal) && view.Resolve(value) is PdfArray list && list.Items.All(i => view.Resolve(i) is PdfStream);
}
