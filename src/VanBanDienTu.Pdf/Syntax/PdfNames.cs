using System.Text;

namespace VanBanDienTu.Pdf;

/// <summary>Names that every file repeats are kept once: parsing a page must not make the same string a thousand times.</summary>
internal static class PdfNames
{
    private const int LongestKnown = 16;

    private static readonly string[] Known =
    [
        "Type", "Subtype", "Length", "Filter", "FlateDecode", "DecodeParms", "Parent", "Kids", "Count", "Page", "Pages", "Catalog", "Root", "Info",
        "Size", "Prev", "ID", "W", "Index", "XRef", "ObjStm", "N", "First", "Extends", "Resources", "MediaBox", "CropBox", "Rotate", "Contents", "Annots",
        "Annot", "Widget", "Rect", "F", "P", "T", "V", "FT", "Ff", "AP", "AS", "MK", "DA", "DR", "Sig", "Fields", "SigFlags", "AcroForm", "ByteRange",
        "SubFilter", "Reason", "Location", "ContactInfo", "Name", "M", "Reference", "TransformMethod", "TransformParams", "Font", "XObject", "ProcSet",
        "BaseFont", "Encoding", "FontDescriptor", "FirstChar", "LastChar", "Widths", "ToUnicode", "S", "K", "Pg", "StructParents", "StructParent", "Border",
        "BBox", "Matrix", "Form", "Image", "Width", "Height", "ColorSpace", "BitsPerComponent", "Columns", "Predictor", "XRefStm", "Producer", "Creator",
        "CreationDate", "ModDate", "Metadata", "Lang", "MarkInfo", "StructTreeRoot", "DSS", "VRI", "Certs", "CRLs", "OCSPs", "Extensions", "Perms", "DocMDP",
        "Adobe.PPKLite", "ETSI.RFC3161", "DocTimeStamp", "Group", "Transparency", "CS", "DeviceRGB", "Tabs", "ViewerPreferences",
    ];

    private static readonly (byte[] Raw, PdfName Name)[][] ByMark = [.. Enumerable.Range(0, 256)
        .Select(mark => Known.Select(n => (Encoding.Latin1.GetBytes(n), new PdfName(n))).Where(n => Mark(n.Item1) == mark).ToArray())];

    public static string Text(ReadOnlySpan<byte> raw) => Find(raw)?.Value ?? Encoding.Latin1.GetString(raw);

    public static PdfName Of(ReadOnlySpan<byte> raw) => Find(raw) ?? new PdfName(Encoding.Latin1.GetString(raw));

    /// <summary>Whether the bytes begin with that name, letters of which may be escaped (<c>#53</c> for <c>S</c>).</summary>
    public static bool Spells(ReadOnlySpan<byte> raw, ReadOnlySpan<byte> name)
    {
        foreach (var letter in name)
        {
            if (raw is [(byte)'#', var high, var low, ..] && PdfChars.Hex(high) * 16 + PdfChars.Hex(low) == letter)
                raw = raw[3..];
            else if (!raw.IsEmpty && raw[0] == letter)
                raw = raw[1..];
            else
                return false;
        }
        return true;
    }

    private static PdfName? Find(ReadOnlySpan<byte> raw)
    {
        if (raw.Length is > 0 and <= LongestKnown)
        {
            foreach (var (known, name) in ByMark[Mark(raw)])
            {
                if (raw.SequenceEqual(known))
                    return name;
            }
        }
        return null;
    }

    // Length and both ends tell nearly all of the known names apart.
    private static int Mark(ReadOnlySpan<byte> raw) => (raw.Length * 16 + raw[0] * 3 + raw[^1] * 29 + raw[raw.Length / 2] * 7) & 255;
}
