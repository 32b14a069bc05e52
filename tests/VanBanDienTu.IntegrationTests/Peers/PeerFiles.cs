using VanBanDienTu.Pdf;
using VanBanDienTu.TestKit;
using VanBanDienTu.UnitTests.Pdf;

namespace VanBanDienTu.IntegrationTests.Peers;

/// <summary>
/// Signed documents that programs of others (iText 5, PDFBox 2, Poppler, MuPDF) changed honestly: signed again, filled in, archived.
/// Made anew for every run by one Java process and the command-line tools, in a folder for each kind of change.
/// </summary>
public sealed class PeerFiles : IDisposable
{
    private const string Password = "peer";
    private const int Unused = 6; // an object that nothing leads to, to be freed
    private const int MostFreed = 70;
    private const string Jars = "/usr/share/java/";

    private readonly TemporaryFolder _folder = new();

    public PeerFiles()
    {
        Java();
        Parallel.Invoke(Poppler, MuPdf, Free);
    }

    /// <summary>The files of one kind: <c>first</c>, <c>signature</c>, <c>form</c>, <c>archive</c>, <c>pdfsig</c>, <c>mutool</c>, <c>freed</c> …</summary>
    public IReadOnlyList<string> Of(string kind) => [.. Directory.EnumerateFiles(_folder[kind], "*.pdf").Order(StringComparer.Ordinal)];

    /// <summary>All that was made.</summary>
    public IEnumerable<string> All => new[] { "signature", "pdfsig", "mutool", "form", "archive", "comment", "freed" }.SelectMany(Of);

    public void Dispose() => _folder.Dispose();

    private void Java()
    {
        var classes = Directory.CreateDirectory(_folder["classes"]).FullName;
        var path = string.Join(':', new[] { "itext5", "bcprov", "bcpkix", "bcutil", "pdfbox2", "fontbox2", "commons-logging" }.Select(j => $"{Jars}{j}.jar").Prepend(classes));
        var sources = Directory.GetFiles(Path.Combine(Samples.Root, "tests", "VanBanDienTu.IntegrationTests", "Peers"), "*.java");
        Run("javac", ["-nowarn", "-encoding", "UTF-8", "-d", classes, "-cp", path, .. sources]);
        var said = Run("java", ["-XX:TieredStopAtLevel=1", "-Dfile.encoding=UTF-8", "-cp", path, "Peers", _folder.Path, Samples.QuyetDinh, Samples.CongVan, Scan(), Hybrid()]);
        Assert.DoesNotContain("FAILED", said, StringComparison.Ordinal);
    }

    /// <summary>A sheet as a scanner leaves it: one JPEG, no letters.</summary>
    private string Scan()
    {
        Run("pdftoppm", "-r", "100", "-f", "1", "-l", "1", "-singlefile", "-jpeg", "-gray", Samples.QuyetDinh, _folder["scan"]);
        var jpeg = File.ReadAllBytes(_folder["scan.jpg"]);
        var (height, width) = (Side(jpeg, 3), Side(jpeg, 5));
        File.WriteAllBytes(_folder["scan.pdf"], new HandMadePdf()
            .Object(1, "<</Type/Catalog/Pages 2 0 R>>")
            .Object(2, "<</Type/Pages/Kids[3 0 R]/Count 1>>")
            .Object(3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</XObject<</Sheet 5 0 R>>>>/Contents 4 0 R>>")
            .Stream(4, "", "q 595 0 0 842 0 0 cm /Sheet Do Q")
            .Stream(5, $"/Type/XObject/Subtype/Image/Width {width}/Height {height}/BitsPerComponent 8/ColorSpace/DeviceGray/Filter/DCTDecode", jpeg)
            .Object(Unused, "<</Unused true>>")
            .EndTable().ToArray());
        return _folder["scan.pdf"];

        // In the frame header, which begins with FF C0.
        static int Side(byte[] jpeg, int at) => jpeg.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]) is var frame ? jpeg[frame + 2 + at] << 8 | jpeg[frame + 3 + at] : 0;
    }

    /// <summary>A table for old readers whose trailer names a stream for new ones; PDFBox goes on in the same way.</summary>
    private string Hybrid()
    {
        File.WriteAllBytes(_folder["hybrid.pdf"], new HandMadePdf()
            .Object(1, "<</Type/Catalog/Pages 2 0 R>>")
            .Object(2, "<</Type/Pages/Kids[3 0 R]/Count 1>>")
            .Object(3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 5 0 R>>>>/Contents 4 0 R>>")
            .Stream(4, "", "BT /F1 18 Tf 50 780 Td (Hybrid) Tj ET")
            .Object(5, "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>")
            .Object(Unused, "<</Unused true>>")
            .Packed(21, (20, "<</Title(Hybrid)>>"))
            .EndHybrid(22, "/Root 1 0 R/Info 20 0 R").ToArray());
        return _folder["hybrid.pdf"];
    }

    /// <summary>Poppler signs in a field that is there, or makes one.</summary>
    private void Poppler()
    {
        Directory.CreateDirectory(_folder["pdfsig"]);
        var keys = "sql:" + Directory.CreateDirectory(_folder["nss"]).FullName;
        Run("certutil", "-N", "-d", keys, "--empty-password");
        Run("pk12util", "-i", _folder["peer.p12"], "-d", keys, "-W", Password, "-K", "");
        foreach (var file in Of("first").Where(MayBeChanged))
        {
            var name = Path.GetFileNameWithoutExtension(file);
            string[] how = ["-nssdir", keys, "-nocert", "-nick", Password];
            Run("pdfsig", [.. how, "-add-signature", file, _folder[$"pdfsig/{name}.pdf"]]);
            foreach (var (field, _) in EmptyFields(file))
                Run("pdfsig", [.. how, "-etsi", "-reason", "peer", "-sign", field, file, _folder[$"pdfsig/{name}-{field}.pdf"]]);
        }
    }

    /// <summary>MuPDF signs in a field that is there, with an appearance of its own.</summary>
    private void MuPdf()
    {
        Directory.CreateDirectory(_folder["mutool"]);
        foreach (var file in Of("first").Concat(Of("form").Where((_, i) => i % 4 == 0)).Where(MayBeChanged))
        {
            foreach (var (field, number) in EmptyFields(file))
                Run("mutool", "sign", "-s", _folder["peer.p12"], "-P", Password, "-o", _folder[$"mutool/{Path.GetFileNameWithoutExtension(file)}-{field}.pdf"], file, $"{number}");
        }
    }

    /// <summary>MuPDF frees an object that nothing leads to.</summary>
    private void Free()
    {
        Directory.CreateDirectory(_folder["freed"]);
        var script = _folder.Write("free.js", """var d = new PDFDocument(scriptArgs[0]); d.deleteObject(parseInt(scriptArgs[2])); d.save(scriptArgs[1], "incremental");"""u8);
        foreach (var file in Of("first").Concat(Of("signature")).Where(f => f.Contains("scan", StringComparison.Ordinal) || f.Contains("hybrid", StringComparison.Ordinal)).Where(MayBeChanged).Take(MostFreed))
            Run("mutool", "run", script, file, _folder[$"freed/{Path.GetFileNameWithoutExtension(file)}.pdf"], $"{Unused}");
    }

    private static bool MayBeChanged(string file) => !file.Contains("no-changes", StringComparison.Ordinal);

    private static List<(string Name, int Number)> EmptyFields(string path)
    {
        using var file = PdfFile.Open(path);
        return [.. file.SignatureFields.Where(f => f.Signature is null).Select(f => (f.Name, f.Field!.Value.Number))];
    }

    private static string Run(string program, params string[] arguments)
    {
        var answer = ExternalTool.Run(program, arguments);
        return answer.ExitCode == 0 ? answer.Output : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {answer.Output}");
    }
}
