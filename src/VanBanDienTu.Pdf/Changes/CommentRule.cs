namespace VanBanDienTu.Pdf;

/// <summary>
/// A comment on a page (chú thích), as DocMDP 3 permits it: notes, marks on text, lines and shapes. What could be taken for a part of the document (free
/// text, stamps, pictures) is no comment here, nor is what acts, and nothing of it may hide signed text (<see cref="CoverRule"/>).
/// </summary>
/// <remarks>Source: ISO 32000-2, 12.5.6; Mladenov and others, «Attacks on PDF Certification» (2021), table 2.</remarks>
internal static class CommentRule
{
    private const double ThickestLine = 12;

    private static readonly HashSet<string> Kinds = new(StringComparer.Ordinal)
        { "Text", "Popup", "Highlight", "Underline", "StrikeOut", "Squiggly", "Caret", "Ink", "Square", "Circle", "Line", "Polygon", "PolyLine" };

    private static readonly HashSet<string> Known = new(StringComparer.Ordinal)
    {
        "Type", "Subtype", "Rect", "Contents", "P", "NM", "M", "F", "AP", "AS", "Border", "C", "T", "Popup", "CA", "RC", "CreationDate", "IRT", "Subj", "RT", "IT", "BS",
        "QuadPoints", "L", "LE", "IC", "LL", "LLE", "InkList", "Vertices", "BE", "RD", "Name", "Open", "State", "StateModel", "Parent", "StructParent", "Lang", "Rotate", "Sy",
    };

    /// <returns>False when it is none, or not a harmless one.</returns>
    public static bool Judge(Difference work, PdfRef name)
    {
        var view = work.After;
        if (view.Load(name) is not PdfDictionary comment || view.Get(comment, "Subtype") is not PdfName { Value: var kind } || !Kinds.Contains(kind) || comment.Any(e => !Known.Contains(e.Key)))
            return false;
        var drawnByReader = AnnotationLook.All(view, comment).Count == 0 && (comment.Has("IC") || view.Get(comment, "BS") is PdfDictionary border && view.Get(border, "W") is PdfNumber { Number: > ThickestLine }
            || view.Get(comment, "Border") is PdfArray { Count: > 2 } line && view.Resolve(line[2]) is PdfNumber { Number: > ThickestLine });
        if (drawnByReader || AnnotationLook.Of(view, comment).SaysSomething)
            return false;
        work.Redrawn.Add(name);
        work.Comment(name, $"Chú thích /{kind} được thêm vào trang.", $"A /{kind} comment was added to a page.");
        return true;
    }
}
