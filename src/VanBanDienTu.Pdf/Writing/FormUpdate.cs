using VanBanDienTu.Pdf.Appearances;

namespace VanBanDienTu.Pdf;

/// <summary>The changes to form, page and field that one more signature needs; each list is changed where it stands, so as little as possible is rewritten.</summary>
internal static class FormUpdate
{
    /// <summary>Lists the widget among the annotations of the page.</summary>
    public static void AddWidget(PdfIncrementalWriter writer, int page, PdfRef widget)
    {
        var target = writer.File.At(writer.File.Newest).Pages[page]!.Ref!.Value;
        var shown = (PdfDictionary)writer.Load(target);
        switch (shown["Annots"])
        {
            case PdfReference { Target: var list } when writer.Load(list) is PdfArray annotations:
                writer.Replace(list, Append(annotations, widget));
                break;
            case PdfArray annotations:
                writer.Replace(target, shown.With("Annots", Append(annotations, widget)));
                break;
            default:
                writer.Replace(target, shown.With("Annots", new PdfArray([new PdfReference(widget)])));
                break;
        }
    }

    /// <summary>Adds the field to the form (making the form if there is none) and sets its signature flags.</summary>
    public static void AddField(PdfIncrementalWriter writer, PdfRef? field, int flags)
    {
        var root = writer.Root;
        var catalog = (PdfDictionary)writer.Load(root);
        var place = catalog["AcroForm"] as PdfReference;
        var old = (place is null ? catalog["AcroForm"] : writer.Load(place.Target)) as PdfDictionary;
        var form = Updated(writer, old ?? new PdfDictionary(("Fields", new PdfArray([]))), field, flags);
        if (ReferenceEquals(form, old))
            return;
        if (place is not null && old is not null)
            writer.Replace(place.Target, form);
        else
            writer.Replace(root, catalog.With("AcroForm", form));
    }

    /// <summary>Gives an existing empty field its value and, when a page shows it, an appearance.</summary>
    public static PdfRef FillField(PdfIncrementalWriter writer, PdfField field, PdfRef value, SignatureLook? look)
    {
        if (field.Type != "Sig")
            throw new PdfException(PdfFault.CannotWrite, $"Trường «{field.Name}» không phải là trường chữ ký.", $"The field '{field.Name}' is not a signature field.");
        if (writer.File.Resolve(field.Value) is not PdfNull)
            throw new PdfException(PdfFault.CannotWrite, $"Trường chữ ký «{field.Name}» đã được ký.", $"The signature field '{field.Name}' is signed already.");
        if (field.Ref is not { } name)
            throw new PdfException(PdfFault.CannotWrite, $"Trường «{field.Name}» không phải là đối tượng gián tiếp.", $"The field '{field.Name}' is not an indirect object.");
        writer.Replace(name, field.Dictionary.With("V", new PdfReference(value)));
        var view = writer.File.At(writer.File.Newest);
        if (field.Widgets[0].Ref is { } widget && SignatureFieldReader.RectOf(view, view.Get(field.Widgets[0].Dictionary, "Rect")) is { Width: > 0, Height: > 0 } rect
            && WidgetPlaces.Of(view, [field]).GetValueOrDefault(widget) is { } page)
        {
            var frame = PageFrame.Of(writer.File, page);
            writer.Replace(widget, ((PdfDictionary)writer.Load(widget)).With("AP", Appearance(writer, frame, frame.Shown(rect), look)));
        }
        return name;
    }

    /// <summary>/AP of a widget.</summary>
    public static PdfDictionary Appearance(PdfIncrementalWriter writer, PageFrame frame, PdfRectangle shown, SignatureLook? look) =>
        new(("N", new PdfReference(LookDrawing.Draw(writer, frame, shown, look))));

    private static PdfDictionary Updated(PdfIncrementalWriter writer, PdfDictionary form, PdfRef? field, int flags)
    {
        var present = writer.File.Resolve(form["SigFlags"]) is PdfInteger f ? (int)f.Value : 0;
        if ((present & flags) != flags)
            form = form.With("SigFlags", new PdfInteger(present | flags));
        if (field is not { } added)
            return form;
        if (form["Fields"] is PdfReference { Target: var list } && writer.Load(list) is PdfArray indirect)
        {
            writer.Replace(list, Append(indirect, added));
            return form;
        }
        return form.With("Fields", Append(form["Fields"] as PdfArray ?? new PdfArray([]), added));
    }

    private static PdfArray Append(PdfArray array, PdfRef item) => new([.. array.Items, new PdfReference(item)]);
}
