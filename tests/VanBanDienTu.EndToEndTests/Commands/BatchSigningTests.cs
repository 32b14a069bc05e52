using System.Diagnostics;
using VanBanDienTu.TestKit;

namespace VanBanDienTu.EndToEndTests.Commands;

/// <summary><c>vbdt sign</c> over folders: a failed file stops no other, and a second run does only what is not done.</summary>
public sealed class BatchSigningTests(SamplePki pki) : IClassFixture<SamplePki>, IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public async Task A_folder_is_signed_in_its_shape_and_a_file_that_fails_stops_no_other()
    {
        Inputs();
        File.WriteAllText(folder["in/hong.pdf"], "không phải PDF");
        var done = await SignAsync();
        Assert.Equal(65, done.ExitCode); // what all failures have in common
        Assert.Equal(["signed", "failed", "signed"], Statuses(done));
        var failed = done.Json.EnumerateArray().Single(f => f.GetProperty("status").GetString() == "failed");
        Assert.Contains("hong.pdf", failed.GetProperty("error").GetProperty("vi").GetString(), StringComparison.Ordinal);
        Assert.Equal(["cong-van.pdf", "nam-2026/quyet-dinh.pdf"], Outputs());
        Assert.Equal(0, (await pki.VerifyAsync(folder["out"])).ExitCode);

        var table = await SamplePki.RunAsync([.. Words(), "--reason", "xem bảng"]);
        Assert.Matches("2 +đã ký / signed", table.Output);
        Assert.Matches("1 +KHÔNG KÝ ĐƯỢC", table.Output);
    }

    [Fact]
    public async Task A_second_run_skips_only_what_is_the_same_input_under_the_same_key_and_options_with_its_output_unchanged()
    {
        Inputs();
        Assert.Equal(["signed", "signed"], Statuses(await SignAsync()));
        Assert.Equal(["skipped", "skipped"], Statuses(await SignAsync()));

        File.AppendAllText(folder["in/cong-van.pdf"], "\n");
        Assert.Equal(["signed", "skipped"], Statuses(await SignAsync()));
        File.AppendAllText(folder["out/nam-2026/quyet-dinh.pdf"], "\n");
        Assert.Equal(["skipped", "signed"], Statuses(await SignAsync()));
        File.Delete(folder["out/cong-van.pdf"]);
        Assert.Equal(["signed", "skipped"], Statuses(await SignAsync()));
        Assert.Equal(["signed", "signed"], Statuses(await SignAsync("--reason", "Phát hành")));
        Assert.Equal(["signed", "signed"], Statuses(await SignAsync())); // the options before were others
        Assert.Equal(["signed", "signed"], Statuses(await SamplePki.RunAsync(["sign", folder["in"], "--out-dir", folder["out"], "--key", pki.Organization, "--password-file", pki.Password, "--json"])));
        Assert.Equal(["signed", "signed"], Statuses(await SignAsync()));
        Assert.Equal(["signed", "signed"], Statuses(await SignAsync("--again")));
        Assert.Equal(["skipped", "skipped"], Statuses(await SignAsync()));
        File.AppendAllText(folder["out/.vbdt-sign.jsonl"], "{\"Output\":\"cong-v");
        Assert.Equal(["skipped", "skipped"], Statuses(await SignAsync()));
    }

    [Fact]
    public async Task A_run_that_was_killed_is_ended_by_the_next_one_which_signs_only_the_rest()
    {
        Directory.CreateDirectory(folder["in"]);
        var (all, noted) = (0, 0);
        for (var patience = new Patience(); noted == all;) // who looks may sleep until all are signed: then forty more are begun
        {
            Assert.True(patience.Lasts, "it was never killed in the middle");
            for (var end = all + 40; all < end; all++)
                File.Copy(Samples.QuyetDinh, folder[$"in/{all:000}.pdf"]);
            noted = await KillAfterAsync(noted + 5);
        }

        Assert.InRange(noted, 5, all - 1);
        var rest = Statuses(await SignAsync());
        Assert.Equal(all, rest.Length);
        Assert.InRange(rest.Count(s => s == "skipped"), noted - 1, noted); // the last line may have been cut off
        Assert.DoesNotContain("failed", rest);
        Assert.Equal(all, Outputs().Length);
        Assert.Equal(0, (await pki.VerifyAsync(folder["out"], "--offline")).Json.GetProperty("files").EnumerateArray().Count(f => f.GetProperty("signatures").GetArrayLength() != 1));
    }

    /// <summary>How many were noted as signed when a run ended that was killed after so many.</summary>
    private async Task<int> KillAfterAsync(int noted)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var word in (string[])[typeof(Cli.CommandLine).Assembly.Location, .. Words()])
            start.ArgumentList.Add(word);
        using (var process = Process.Start(start)!)
        {
            while (!process.HasExited && Noted() < noted)
                await Task.Delay(2, TestContext.Current.CancellationToken);
            process.Kill();
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
        return Noted();
    }

    [Fact]
    public async Task Words_that_would_overwrite_something_are_refused_before_anything_is_signed()
    {
        Inputs();
        Assert.Equal(64, (await SamplePki.RunAsync(Words(folder["in"], folder["in"]))).ExitCode);
        var same = await SamplePki.RunAsync([.. Words(folder["in"], folder["out"]), folder["in/nam-2026"], folder["in/cong-van.pdf"]]);
        Assert.Equal(64, same.ExitCode);
        Assert.Contains("cong-van.pdf", same.Error, StringComparison.Ordinal);
        Assert.Equal(64, (await SamplePki.RunAsync("sign", folder["in"], "-o", folder["out.pdf"], "--key", pki.Person, "--password-file", pki.Password)).ExitCode);
        Assert.Equal(66, (await SamplePki.RunAsync(Words(folder["nowhere"], folder["out"]))).ExitCode);
        Assert.False(Directory.Exists(folder["out"]));
        // Outputs below the inputs are not taken for inputs by the next run.
        Assert.Equal(2, Statuses(await SamplePki.RunAsync([.. Words(folder["in"], folder["in/da-ky"]), "--json"])).Length);
        Assert.Equal(["skipped", "skipped"], Statuses(await SamplePki.RunAsync([.. Words(folder["in"], folder["in/da-ky"]), "--json"])));
    }

    public void Dispose() => folder.Dispose();

    private void Inputs()
    {
        Directory.CreateDirectory(folder["in/nam-2026"]);
        File.Copy(Samples.CongVan, folder["in/cong-van.pdf"]);
        File.Copy(Samples.QuyetDinh, folder["in/nam-2026/quyet-dinh.pdf"]);
    }

    private string[] Words() => Words(folder["in"], folder["out"]);

    private string[] Words(string from, string to) => ["sign", from, "--out-dir", to, "--key", pki.Person, "--password-file", pki.Password];

    private Task<Vbdt.Answer> SignAsync(params string[] more) => SamplePki.RunAsync([.. Words(), "--json", .. more]);

    private int Noted() => File.Exists(folder["out/.vbdt-sign.jsonl"]) ? File.ReadAllLines(folder["out/.vbdt-sign.jsonl"]).Length : 0;

    // In the order of the inputs' names.
    private static string[] Statuses(Vbdt.Answer answer)
    {
        Assert.True(answer.Output.Length > 0, answer.ToString());
        return [.. answer.Json.EnumerateArray().OrderBy(f => f.GetProperty("input").GetString(), StringComparer.Ordinal).Select(f => f.GetProperty("status").GetString()!)];
    }

    private string[] Outputs() => [.. Directory.EnumerateFiles(folder["out"], "*.pdf", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(folder["out"], f)).Order(StringComparer.Ordinal)];
}
