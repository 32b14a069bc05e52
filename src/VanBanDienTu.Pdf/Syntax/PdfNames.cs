using System.Collections.Frozen;
using System.Text;

namespace VanBanDienTu.Pdf;

/// <summary>Names that every file repeats are kept once: parsing a page must not make the same string a thousand times.</summary>
internal static class PdfNames
{
    private static readonly FrozenDictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> Known = new[]
    {
        "Type", "Subtype", "Length", "Filter", "FlateDecode", "DecodeParms", "Parent", "Kids", "Count", "Page", "Pages", "Catalog", "Root", "Info",
        "Size", "Prev", "ID", "W", "Index", "XRef", "ObjStm", "N", "First", "Extends", "Resources", "MediaBox", "CropBox", "Rotate", "Contents", "Annots",
        "Annot", "Widget", "Rect", "F", "P", "T", "V", "FT", "Ff", "AP", "AS", "MK", "DA", "DR", "Sig", "Fields", "SigFlags", "AcroForm", "ByteRange",
        "SubFilter", "Reason", "Location", "ContactInfo", "Name", "M", "Reference", "TransformMethod", "TransformParams", "Font", "XObject", "ProcSet",
        "BaseFont", "Encoding", "FontDescriptor", "FirstChar", "LastChar", "Widths", "ToUnicode", "S", "K", "Pg", "StructParents", "StructParent", "Border",
        "BBox", "Matrix", "Form", "Image", "Width", "Height", "ColorSpace", "BitsPerComponent", "Columns", "Predictor", "XRefStm", "Producer", "Creator",
        "CreationDate", "ModDate", "Metadata", "Lang", "MarkInfo", "StructTreeRoot", "DSS", "VRI", "Certs", "CRLs", "OCSPs", "Extensions", "Perms", "DocMDP",
    }.ToFrozenDictionary(n => n, n => n, StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    public static string Intern(ReadOnlySpan<byte> raw)
    {
        if (raw.Length > 16)
            return Encoding.Latin1.GetString(raw);
        Span<char> text = stackalloc char[16];
        var length = Encoding.Latin1.GetChars(raw, text);
        return Known.TryGetValue(text[..length], out var kept) ? kept : new string(text[..length]);
    }
}
