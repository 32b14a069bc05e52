using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using VanBanDienTu.Pdf;
using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Reports;
using VanBanDienTu.Signing.Trust;
using VanBanDienTu.TestKit;
using VanBanDienTu.UnitTests.Pdf;

namespace VanBanDienTu.UnitTests.Signing.Verification;

/// <summary>
/// Numbers that no machine can hold, wherever a file may put one that a report repeats or computes with: there is a verdict, and every report can be
/// written. A number of four hundred digits became infinity once, which JSON cannot say.
/// </summary>
public sealed partial class LongNumberTests
{
    private static readonly string Nines = new('9', 400);

    public static TheoryData<string> Places =>
    [
        "rect", "rect-left", "media-box", "crop-box", "user-unit", "rotate", "flags", "permission", "lock-permission", "byte-range", "count", "version", "matrix", "box", "date", "size", "prev", "length", "page-number",
    ];

    private static string[] Numbers =>
    [
        Nines, "-" + Nines, Nines + ".5", $"-{Nines}.{Nines}", "." + Nines, "1e400", "-1E400", "1e-400", "1" + new string('0', 39), "9223372036854775808", "-9223372036854775809",
        "3.5e38", "Infinity", "-Infinity", "NaN", "+", "-", ".", "--5", "4-5", "+.-", "0x7ff0000000000000",
    ];

    [Theory]
    [MemberData(nameof(Places))]
    public async Task Every_report_can_be_written(string place)
    {
        var verifier = new PdfVerifier(TrustSnapshot.Empty, null, TimeProvider.System);
        var read = 0;
        foreach (var number in Numbers)
        {
            using var pdf = PdfBytes.Of(Build(place, number));
            var verdict = await verifier.VerifyAsync(pdf, "long.pdf", cancellation: TestContext.Current.CancellationToken);
            Assert.DoesNotContain(verdict.Findings, f => f.Code == "internal");
            read += verdict.Signatures.Count;
            var report = verifier.Report([verdict]);
            var json = ReportJson.Utf8(report);
            using var parsed = JsonDocument.Parse(json);
            Assert.Empty(JsonSchemaCheck.Problems(parsed.RootElement, ReportJson.Schema));
            foreach (var text in new[] { Encoding.UTF8.GetString(json), ReportHtml.Write(report), Encoding.UTF8.GetString(ReportCsv.Utf8(report)), Encoding.UTF8.GetString(ReportXml.Utf8(report, verdict) ?? []) })
                Assert.DoesNotMatch(NoNumber(), text);
        }

        Assert.True(read > 0, "no signature was read");
    }

    private static byte[] Build(string place, string number)
    {
        string At(string name, string usual) => place == name ? number : usual;
        var four = $"{At("rect-left", "50")} 600 150 620";
        var pdf = new HandMadePdf(place == "version" ? $"%PDF-{number}\n" : "%PDF-1.7\n")
            .Object(1, "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[7 0 R]/SigFlags 3>>/Perms<</DocMDP 8 0 R>>>>")
            .Object(2, $"<</Type/Pages/Kids[3 0 R]/Count {At("count", "1")}>>")
            .Object(3, $"<</Type/Page/Parent 2 0 R/Resources<<>>/Contents 4 0 R/Annots[7 0 R]/MediaBox[0 0 {At("media-box", "600")} 800]/CropBox[{At("crop-box", "0")} 0 600 800]"
                + $"/UserUnit {At("user-unit", "1")}/Rotate {At("rotate", "0")}/StructParents {At("page-number", "0")}>>")
            .Stream(4, "", "BT ET")
            .Object(7, $"<</Type/Annot/Subtype/Widget/FT/Sig/T(s)/F {At("flags", "132")}/P 3 0 R/Rect[{(place == "rect" ? $"{number} {number} -{number} 0" : four)}]/V 8 0 R/AP<</N 9 0 R>>"
                + $"/Lock<</Type/SigFieldLock/Action/All/P {At("lock-permission", "1")}>>>>")
            .Object(8, $"<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/ByteRange[0 10 20 {At("byte-range", "30")}]/Contents<3000>/M(D:{At("date", "20261122")})"
                + $"/Reference[<</TransformMethod/DocMDP/TransformParams<</Type/TransformParams/P {At("permission", "2")}/V/1.2>>>>]>>")
            .Stream(9, $"/Type/XObject/Subtype/Form/BBox[0 0 {At("box", "100")} 20]/Matrix[{At("matrix", "1")} 0 0 1 0 0]{(place == "length" ? "/Length " + number : "")}", "0 0 9 9 re f");
        pdf = pdf.EndTable();
        return pdf.Object(10, "<</Later true>>").EndTable($"/Root 1 0 R{(place == "size" ? "/Size " + number : "")}{(place == "prev" ? "/Prev " + number : "")}").ToArray();
    }

    [GeneratedRegex(@"\bNaN\b|Infinity|∞", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex NoNumber();
}
