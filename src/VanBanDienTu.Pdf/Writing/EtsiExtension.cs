using System.Globalization;
using System.Text;

namespace VanBanDienTu.Pdf;

/// <summary>The developer extension that a file with a security store or a document timestamp declares: <c>/Extensions /ESIC</c>.</summary>
/// <remarks>
/// Source: ETSI EN 319 142-1, 5.4 and 5.5; ISO 32000-2, 7.12. Level 1 is the one that declares both, as pyHanko does; iText writes 5, EU DSS 8 of ADBE where none is there yet.
/// iText's 5 stands for the older TS 102 778-4 and includes it, so a higher level that is there already is left as it is.
/// </remarks>
internal static class EtsiExtension
{
    private const int Level = 1;
    private const string BaseVersion = "1.7";

    /// <summary>The catalogue with the declaration; the same one when it declares this level or a higher one already.</summary>
    public static PdfDictionary Declare(PdfIncrementalWriter writer, PdfDictionary catalog)
    {
        var extensions = writer.File.Resolve(catalog["Extensions"]) as PdfDictionary ?? new PdfDictionary();
        if (writer.File.Resolve(extensions["ESIC"]) is PdfDictionary declared && writer.File.Resolve(declared["ExtensionLevel"]) is PdfInteger { Value: >= Level })
            return catalog;
        return AtLeastBaseVersion(writer.File, catalog).With("Extensions", extensions.With("ESIC", new PdfDictionary(
            ("BaseVersion", new PdfName(BaseVersion)),
            ("ExtensionLevel", new PdfInteger(Level)))));
    }

    // ISO 32000-2, 7.12.3: an extension's base version is not higher than the file's own; an older file is raised to it (7.7.2).
    private static PdfDictionary AtLeastBaseVersion(PdfFile file, PdfDictionary catalog)
    {
        Span<byte> header = stackalloc byte[8];
        var written = file.Bytes.Read(file.Shift, header) == header.Length ? Encoding.ASCII.GetString(header[5..]) : "";
        var named = file.Resolve(catalog["Version"]) is PdfName name ? name.Value : "";
        return Number(written) >= Number(BaseVersion) || Number(named) >= Number(BaseVersion) ? catalog : catalog.With("Version", new PdfName(BaseVersion));
    }

    private static double Number(string version) => double.TryParse(version, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
