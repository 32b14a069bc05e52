namespace VanBanDienTu.Pdf;

/// <summary>A field that was not there before: only a signature field, with nothing in it that acts or that covers the page.</summary>
internal static class NewFieldRule
{
    private static readonly HashSet<string> Known = new(StringComparer.Ordinal)
    {
        "Type", "Subtype", "FT", "T", "TU", "TM", "V", "Rect", "P", "F", "Ff", "AP", "AS", "MK", "BS", "Border", "DA", "DR", "Q", "Parent", "Kids", "Lock", "SV",
        "M", "NM", "H", "C", "StructParent", "Contents", "Name", "Lang",
    };

    public static void Judge(Difference work, PdfRef name, FieldContext above)
    {
        if (!work.JudgeNew(name))
            return;
        if (above.Depth > work.After.File.Limits.MaxTreeDepth)
            throw PdfException.Limit("depth of the field tree");
        if (work.After.Load(name) is not PdfDictionary field)
        {
            work.Refuse(ChangeClass.Undefined, name, "Trường mới không đọc được.", "A new field cannot be read.");
            return;
        }
        var context = above.Down(work.After, field);
        var widgets = work.After.Get(field, "Kids") is PdfArray kids ? kids.Items : [];
        if (context.Type != "Sig" || above.Depth > 0 && !field.Has("T") && !above.Signing)
        {
            work.Refuse(ChangeClass.Undefined, name, $"Trường mới «{context.Name}» không phải là trường chữ ký.", $"The new field '{context.Name}' is not a signature field.", context.Name);
            return;
        }
        if (field.FirstOrDefault(e => !Known.Contains(e.Key)).Key is { } odd)
        {
            work.Refuse(ChangeClass.Undefined, name, $"Trường chữ ký mới «{context.Name}» có mục lạ /{odd}.", $"The new signature field '{context.Name}' has the unexpected entry /{odd}.", context.Name);
            return;
        }
        var signed = work.After.Get(field, "V") is not PdfNull;
        if (signed && !SignatureValueRule.Judge(work, field["V"], name, context.Name))
            return;
        if (!signed && !above.Signing)
            work.Allow(ChangeClass.Signature, name, $"Trường chữ ký trống «{context.Name}» được thêm vào.", $"The empty signature field '{context.Name}' was added.", context.Name);
        Widget(work, name, field, context.Name, mayBeSeen: signed || above.Signing);
        foreach (var kid in widgets.OfType<PdfReference>())
            Judge(work, kid.Target, context with { Signing = signed || above.Signing, Depth = context.Depth });
    }

    private static void Widget(Difference work, PdfRef name, PdfDictionary widget, string field, bool mayBeSeen)
    {
        work.NewWidgets.Add(name);
        work.Redrawn.Add(name);
        if (SignatureFieldReader.RectOf(work.After, work.After.Get(widget, "Rect")) is { Width: > 0, Height: > 0 } && !mayBeSeen && AnnotationLook.Of(work.After, widget).SaysSomething)
            work.Refuse(ChangeClass.Undefined, name, $"Trường chữ ký trống «{field}» có hình hiển thị che lên trang.", $"The empty signature field '{field}' shows an appearance on the page.", field);
    }
}
