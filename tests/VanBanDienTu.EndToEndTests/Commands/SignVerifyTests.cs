using System.Net;
using VanBanDienTu.TestKit;

namespace VanBanDienTu.EndToEndTests.Commands;

public sealed class SignVerifyTests(SamplePki pki) : IClassFixture<SamplePki>
{
    [Theory]
    [InlineData("cong-van.pdf")]
    [InlineData("quyet-dinh.pdf")]
    [InlineData("bao-cao.pdf")]
    public async Task A_sample_signed_twice_keeps_both_signatures_and_we_say_what_each_covers(string sample)
    {
        var once = pki.Folder[$"once-{sample}"];
        var twice = pki.Folder[$"twice-{sample}"];
        var first = await pki.SignAsync(Path.Combine(Samples.Root, "samples", sample), once, pki.Person, "--page", "1", "--rect", "377,288,150,78");
        Assert.True(first.ExitCode == 0, first.ToString());
        var second = await pki.SignAsync(once, twice, pki.Organization, "--as", "organization");
        Assert.True(second.ExitCode == 0, second.ToString());

        var said = ExternalTool.Run("pdfsig", twice).Output;
        Assert.Equal(2, said.Split("Signature is Valid").Length - 1);
        Assert.Equal(1, said.Split("Not total document signed").Length - 1);

        var report = await pki.VerifyAsync(twice);
        Assert.True(report.ExitCode == 0, report.ToString());
        var file = report.Json.GetProperty("files")[0];
        Assert.Equal("TOTAL-PASSED", file.GetProperty("verdict").GetString());
        var signatures = file.GetProperty("signatures");
        Assert.Equal(("intact", "earlier-revision", "permitted"), Facts(signatures[0]));
        Assert.Equal(("intact", "whole-file", "none"), Facts(signatures[1]));
        Assert.True(report.Json.GetProperty("trust").GetProperty("sample").GetBoolean());
    }

    [Fact]
    public async Task Several_files_are_signed_into_a_folder_and_a_folder_is_verified()
    {
        var folder = pki.Folder["several"];
        var signed = await SamplePki.RunAsync(
            "sign", Samples.CongVan, Samples.QuyetDinh, "--out-dir", folder, "--key", pki.Authority.KeyFile("p256"), "--password-file", pki.Password, "--json");
        Assert.True(signed.ExitCode == 0, signed.ToString());
        Assert.Equal(2, signed.Json.GetArrayLength());
        var report = await pki.VerifyAsync(folder);
        Assert.Equal(0, report.ExitCode);
        Assert.Equal(2, report.Json.GetProperty("files").GetArrayLength());
    }

    [Fact]
    public async Task A_pipe_works_on_both_sides_and_pss_holds()
    {
        var output = pki.Folder["piped.pdf"];
        var program = typeof(Cli.CommandLine).Assembly.Location;
        var answer = ExternalTool.Run(
            "sh", "-c", $"dotnet '{program}' sign - -o - --pss --key '{pki.Person}' --password-file '{pki.Password}' < '{Samples.CongVan}' > '{output}'");
        Assert.True(answer.ExitCode == 0, answer.Output);
        Assert.Contains("Signature is Valid", ExternalTool.Run("pdfsig", output).Output, StringComparison.Ordinal);
        var report = await pki.VerifyAsync(output);
        Assert.True(report.ExitCode == 0, report.ToString());
        Assert.Equal("pss", report.Json.GetProperty("files")[0].GetProperty("signatures")[0].GetProperty("algorithm").GetProperty("padding").GetString());
    }

    [Fact]
    public async Task Exit_codes_tell_failed_indeterminate_unreadable_and_unsigned_apart()
    {
        var good = pki.Folder["good.pdf"];
        Assert.Equal(0, (await pki.SignAsync(Samples.CongVan, good, pki.Person)).ExitCode);
        var bytes = await File.ReadAllBytesAsync(good);
        bytes[60_000] ^= 1;
        var broken = pki.Folder.Write("broken.pdf", bytes);
        var junk = pki.Folder.Write("junk.pdf", "this is not a PDF"u8);

        Assert.Equal(1, (await pki.VerifyAsync(good, broken, junk, Samples.CongVan)).ExitCode);
        Assert.Equal(2, (await SamplePki.RunAsync("verify", good, junk, Samples.CongVan, "--offline", "--json")).ExitCode);
        Assert.Equal(4, (await pki.VerifyAsync(good, junk, Samples.CongVan)).ExitCode);
        Assert.Equal(3, (await pki.VerifyAsync(good, Samples.CongVan)).ExitCode);
        Assert.Equal(0, (await pki.VerifyAsync(good)).ExitCode);
        Assert.Equal(64, (await pki.VerifyAsync(good, "--at", "yesterday")).ExitCode);
        Assert.Equal(66, (await pki.VerifyAsync("/nowhere.pdf")).ExitCode);
    }

    [Fact]
    public async Task Sample_roots_are_not_trusted_unless_asked_for()
    {
        var signed = pki.Folder["sample-trust.pdf"];
        Assert.Equal(0, (await pki.SignAsync(Samples.CongVan, signed, pki.Person)).ExitCode);
        var report = await SamplePki.RunAsync("verify", signed, "--trust", pki.Trust, "--json");
        Assert.Equal(2, report.ExitCode);
        Assert.Contains("--allow-sample-trust", report.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_report_for_people_is_one_html_file_a_document()
    {
        var signed = pki.Folder["for-people.pdf"];
        Assert.Equal(0, (await pki.SignAsync(Samples.CongVan, signed, pki.Person)).ExitCode);
        var folder = pki.Folder["html"];
        var shown = await SamplePki.RunAsync("verify", signed, "--trust", pki.Trust, "--allow-sample-trust", "--html", folder);
        Assert.Equal(0, shown.ExitCode);
        Assert.Contains("TOTAL-PASSED", shown.Output, StringComparison.Ordinal);
        Assert.Contains("Người Ký Mẫu", WebUtility.HtmlDecode(await File.ReadAllTextAsync(Path.Combine(folder, "for-people.html"))), StringComparison.Ordinal);
    }

    private static (string?, string?, string?) Facts(System.Text.Json.JsonElement signature) => (
        signature.GetProperty("integrity").GetString(),
        signature.GetProperty("coverage").GetString(),
        signature.GetProperty("laterChanges").GetString());
}
