namespace VanBanDienTu.Pdf;

/// <summary>What the catalogue may change: the form and the pages have their own rules; long-term validation, metadata and version here; all else is equal.</summary>
internal static class CatalogRule
{
    private const int MaxExtensionDepth = 4;

    public static void Compare(Difference work, PdfDictionary before, PdfDictionary after)
    {
        var root = (work.After.Trailer["Root"] as PdfReference)?.Target;
        if (root is { } name)
            work.Judge(name, JudgedAs.Catalog);
        foreach (var key in before.Concat(after).Select(e => e.Key).Distinct(StringComparer.Ordinal))
        {
            switch (key)
            {
                case "AcroForm" or "Pages":
                    break;
                case "DSS":
                    SecurityStoreRule.Compare(work, before[key], after[key]);
                    break;
                case "StructTreeRoot":
                    StructureRule.Compare(work, before[key], after[key]);
                    break;
                case "Metadata":
                    Metadata(work, before[key], after[key]);
                    break;
                case "Version" when work.After.Resolve(after[key]) is PdfName:
                    break;
                case "Extensions":
                    Extensions(work, before[key], after[key]);
                    break;
                case "Perms":
                    Permissions(work, before[key], after[key], root);
                    break;
                default:
                    work.Strict.Add(before[key], after[key], root, $"Catalog/{key}");
                    break;
            }
        }
    }

    private static void Metadata(Difference work, PdfObject before, PdfObject after)
    {
        if (SmallValues.Same(work.Before, before, work.After, after))
            return;
        var target = (after as PdfReference)?.Target;
        if (work.After.Resolve(after) is PdfStream)
            work.Allow(ChangeClass.Metadata, target, "Siêu dữ liệu XMP được cập nhật.", "The XMP metadata was updated.");
        else
            work.Refuse(ChangeClass.Undefined, target, "Siêu dữ liệu bị gỡ bỏ hoặc không hợp lệ.", "The metadata was removed or is no stream.");
    }

    /// <summary>Extensions say which edition a program wrote for; plain values only.</summary>
    private static void Extensions(Difference work, PdfObject before, PdfObject after)
    {
        if (SmallValues.Same(work.Before, before, work.After, after))
            return;
        var target = (after as PdfReference)?.Target;
        if (IsPlain(work.After, after, 0))
            work.Allow(ChangeClass.Ltv, target, "Khai báo phần mở rộng được cập nhật.", "The extensions dictionary was updated.");
        else
            work.Refuse(ChangeClass.Undefined, target, "Khai báo phần mở rộng chứa dữ liệu lạ.", "The extensions dictionary holds something unexpected.");
    }

    private static bool IsPlain(PdfView view, PdfObject value, int depth) => view.Resolve(value) switch
    {
        PdfDictionary d => depth < MaxExtensionDepth && d.All(e => IsPlain(view, e.Value, depth + 1)),
        PdfArray a => depth < MaxExtensionDepth && a.Items.All(i => IsPlain(view, i, depth + 1)),
        PdfStream => false,
        _ => true,
    };

    /// <summary>/Perms may come to name a certification signature only while nothing was signed before it.</summary>
    private static void Permissions(Difference work, PdfObject before, PdfObject after, PdfRef? root)
    {
        var (a, b) = (work.Before.Resolve(before) as PdfDictionary, work.After.Resolve(after) as PdfDictionary);
        if (a is null && b is { Count: 1 } && b["DocMDP"] is PdfReference certification && work.Before.SignatureFields.All(f => f.Signature is null)
            && work.After.SignatureFields.Any(f => f.Value == certification.Target))
            work.Allow(ChangeClass.Signature, root, "Chữ ký chứng thực được thêm vào.", "A certification signature was added.");
        else
            work.Strict.Add(before, after, root, "Catalog/Perms");
    }
}
