using System.Diagnostics;
using System.Globalization;
using System.Text;
using VanBanDienTu.EndToEndTests.Commands;

namespace VanBanDienTu.EndToEndTests.Kill;

/// <summary>A department's incoming documents of a year, verified in one go, killed at half and gone on with; with VBDT_LONG=1 all 24,201 of them.</summary>
public sealed class YearFolderTests(SamplePki pki, ITestOutputHelper output) : IClassFixture<SamplePki>
{
    private static readonly int Documents = Environment.GetEnvironmentVariable("VBDT_LONG") == "1" ? 24_201 : 400;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_run_killed_at_half_goes_on_and_ends_in_the_same_bytes_of_report()
    {
        var signed = await SignAsync();
        var at = DateTimeOffset.UtcNow.ToString("O", CultureInfo.InvariantCulture);
        string[] how = [signed, "--trust", pki.Trust, "--allow-sample-trust", "--cache", pki.Folder["cache"], "--at", at];
        Assert.Equal(0, (await SamplePki.RunAsync(["verify", .. how, "--json", "--csv", pki.Folder["first.csv"]])).ExitCode); // asks the authority once

        var watch = Stopwatch.StartNew();
        var whole = await Vbdt.RunAsync(["verify", .. how, "--offline", "--json", "--csv", pki.Folder["whole.csv"]]);
        Assert.True(whole.ExitCode == 0, whole.Error);
        output.WriteLine($"{Documents} documents, whole run: {watch.Elapsed.TotalSeconds:0.0} s");
        Assert.Equal(Documents, whole.Json.GetProperty("files").GetArrayLength());

        var state = pki.Folder["state.jsonl"];
        var done = await KillAtHalfAsync(state, ["verify", .. how, "--offline", "--state", state, "--json"]);
        Assert.True(done > 0, "nothing was done before the kill");
        watch.Restart();
        var rest = await Vbdt.RunAsync(["verify", .. how, "--offline", "--state", state, "--json", "--csv", pki.Folder["again.csv"]]);
        output.WriteLine($"{done} were done when it was killed; the rest: {watch.Elapsed.TotalSeconds:0.0} s");
        Assert.Equal(whole.Output, rest.Output);
        Assert.Equal(await File.ReadAllBytesAsync(pki.Folder["whole.csv"], Ct), await File.ReadAllBytesAsync(pki.Folder["again.csv"], Ct));
    }

    private static async Task<int> KillAtHalfAsync(string state, string[] words)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(Cli.CommandLine).Assembly.Location, .. words]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        using var process = Process.Start(start)!;
        while (!process.HasExited && Lines(state) < Documents / 2)
            await Task.Delay(5, Ct);
        process.Kill(); // SIGKILL
        await process.WaitForExitAsync(Ct);
        return Lines(state);
    }

    private static int Lines(string path)
    {
        if (!File.Exists(path))
            return 0;
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        var lines = 0;
        while (reader.ReadLine() is not null)
            lines++;
        return lines;
    }

    /// <summary>Different documents, each signed with the leader's key.</summary>
    private async Task<string> SignAsync()
    {
        for (var i = 0; i < Documents; i++)
        {
            Directory.CreateDirectory(pki.Folder[$"in/{i / 1000:00}"]);
            await File.WriteAllTextAsync(pki.Folder[$"in/{i / 1000:00}/cv-{i:00000}.pdf"], Letter(i), Encoding.Latin1, Ct);
        }
        var answer = await SamplePki.RunAsync("sign", pki.Folder["in"], "--out-dir", pki.Folder["signed"], "--key", pki.Person, "--password-file", pki.Password, "--as", "invisible", "--lint", "allow");
        Assert.True(answer.ExitCode == 0, answer.ToString());
        return pki.Folder["signed"];
    }

    private static string Letter(int number)
    {
        var text = $"BT /F1 12 Tf 50 700 Td (Cong van so {number}/STTTT) Tj ET";
        string[] objects =
        [
            "<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 595 842]>>", "<</Type/Page/Parent 2 0 R/Resources<</Font<</F1 5 0 R>>>>/Contents 4 0 R>>",
            $"<</Length {text.Length}>>stream\n{text}\nendstream", "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        ];
        var (pdf, table) = (new StringBuilder("%PDF-1.7\n"), new StringBuilder("xref\n0 6\n0000000000 65535 f \n"));
        for (var i = 0; i < objects.Length; i++)
        {
            table.Append(CultureInfo.InvariantCulture, $"{pdf.Length:D10} 00000 n \n");
            pdf.Append(CultureInfo.InvariantCulture, $"{i + 1} 0 obj\n{objects[i]}\nendobj\n");
        }
        return $"{pdf}{table}trailer\n<</Root 1 0 R/Size 6>>\nstartxref\n{pdf.Length}\n%%EOF\n";
    }
}
