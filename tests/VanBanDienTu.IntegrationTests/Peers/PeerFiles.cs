using VanBanDienTu.Pdf;
using VanBanDienTu.TestKit;

namespace VanBanDienTu.IntegrationTests.Peers;

/// <summary>
/// Signed documents that programs of others (iText 5, PDFBox 2, Poppler, MuPDF) changed honestly: signed again, filled in, archived.
/// Made anew for every run by one Java process and the command-line tools, in a folder for each kind of change.
/// </summary>
public sealed class PeerFiles : IDisposable
{
    private const string Password = "peer";
    private const string Jars = "/usr/share/java/";

    private readonly TemporaryFolder _folder = new();

    public PeerFiles()
    {
        Java();
        Parallel.Invoke(Poppler, MuPdf);
    }

    /// <summary>The files of one kind: <c>first</c>, <c>signature</c>, <c>form</c>, <c>archive</c>, <c>pdfsig</c>, <c>mutool</c>.</summary>
    public IReadOnlyList<string> Of(string kind) => [.. Directory.EnumerateFiles(_folder[kind], "*.pdf").Order(StringComparer.Ordinal)];

    public void Dispose() => _folder.Dispose();

    private void Java()
    {
        var classes = Directory.CreateDirectory(_folder["classes"]).FullName;
        var path = string.Join(':', new[] { "itext5", "bcprov", "bcpkix", "bcutil", "pdfbox2", "fontbox2", "commons-logging" }.Select(j => $"{Jars}{j}.jar").Prepend(classes));
        var sources = Directory.GetFiles(Path.Combine(Samples.Root, "tests", "VanBanDienTu.IntegrationTests", "Peers"), "*.java");
        Run("javac", ["-nowarn", "-encoding", "UTF-8", "-d", classes, "-cp", path, .. sources]);
        var said = Run("java", ["-XX:TieredStopAtLevel=1", "-Dfile.encoding=UTF-8", "-cp", path, "Peers", _folder.Path, Samples.QuyetDinh, Samples.CongVan]);
        Assert.DoesNotContain("FAILED", said, StringComparison.Ordinal);
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
