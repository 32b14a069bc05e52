using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Text;
using VanBanDienTu.Pdf;
using VanBanDienTu.TestKit;
using VanBanDienTu.UnitTests.Pdf;

namespace VanBanDienTu.FuzzTests.Attacks;

/// <summary>What honest programs do to a signed form: whether it is permitted depends on the certification alone.</summary>
internal static class HonestChanges
{
    private const string Look = "/Type/XObject/Subtype/Form/BBox[0 0 200 20]/Resources<</Font<</F1 5 0 R>>>>";
    private const int Town = 22;

    /// <summary>The empty field «town» is filled in, with its appearance.</summary>
    public static byte[] Fill(AttackSample s, Shape shape) => new ShapedUpdate(s)
        .Object(Town, s.With(new(Town, 0), ("V", "(Ha Noi)"), ("AP", $"<</N {s.Free} 0 R>>")))
        .Stream(s.Free, Look, "/Tx BMC q BT /F1 12 Tf 0 g 2 5 Td (Ha Noi) Tj ET Q EMC").Write(shape);

    /// <summary>One more signature, invisible, with a real key, by a program that asks neither certification nor lock.</summary>
    /// <param name="empty">The field to sign; null for a new one.</param>
    public static byte[] Sign(AttackSample s, int? empty = null)
    {
        const string range = "/ByteRange[0 1111111111 2222222222 3333333333]";
        var form = (PdfDictionary)s.File.Resolve(s.File.Catalog["AcroForm"]);
        var fields = AttackSample.Write(s.File.Resolve(form["Fields"]));
        var flagged = AttackSample.Write((empty is null ? form.With("Fields", AttackSample.Parse(fields[..^1] + $" {s.Free} 0 R]")) : form).With("SigFlags", AttackSample.Parse("3")));
        var (text, free) = (s.Begin(), s.Free);
        _ = s.File.Catalog["AcroForm"] is PdfReference { Target: var own } ? text.Object(own.Number, flagged) : text.Object(s.Catalog.Number, s.With(s.Catalog, ("AcroForm", flagged)));
        _ = empty is { } known ? text.Object(known, s.With(new(known, 0), ("V", $"{free + 1} 0 R")))
            : OnPage(s, text).Object(free, $"<</Type/Annot/Subtype/Widget/FT/Sig/T(second)/Rect[0 0 0 0]/F 132/P {s.Page.Number} 0 R/V {free + 1} 0 R>>");
        var written = Encoding.Latin1.GetString(text
            .Object(free + 1, $"<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/adbe.pkcs7.detached{range}/Contents<{new string('0', 8192)}>>>")
            .EndTable(s.Trailer).ToArray());
        var at = written.LastIndexOf(range, StringComparison.Ordinal);
        var (open, close) = (at + range.Length + "/Contents".Length, at + range.Length + "/Contents".Length + 8194);
        var stated = string.Create(CultureInfo.InvariantCulture, $"/ByteRange[0 {open} {close} {written.Length - close}").PadRight(range.Length - 1) + "]";
        written = written[..at] + stated + written[(at + range.Length)..];
        using var certificate = TestKeys.LeafCertificate("p256");
        var cms = new SignedCms(new ContentInfo(Encoding.Latin1.GetBytes(written[..open] + written[close..])), detached: true);
        cms.ComputeSignature(new CmsSigner(certificate) { DigestAlgorithm = new Oid("2.16.840.1.101.3.4.2.1"), IncludeOption = System.Security.Cryptography.X509Certificates.X509IncludeOption.EndCertOnly });
        return Encoding.Latin1.GetBytes(written[..(open + 1)] + Convert.ToHexString(cms.Encode()).PadRight(8192, '0') + written[(close - 1)..]);
    }

    private static HandMadePdf OnPage(AttackSample s, HandMadePdf pdf) =>
        pdf.Object(s.Page.Number, s.With(s.Page, ("Annots", $"[{AttackSample.Write(s.View.Get(s.FirstPage.Dictionary, "Annots"))[1..^1]} {s.Free} 0 R]")));
}
