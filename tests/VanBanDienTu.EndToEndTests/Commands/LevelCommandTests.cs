using VanBanDienTu.TestKit;

namespace VanBanDienTu.EndToEndTests.Commands;

/// <summary><c>vbdt sign --level</c> and <c>vbdt extend</c> as a person types them.</summary>
public sealed class LevelCommandTests(SamplePki pki) : IClassFixture<SamplePki>
{
    [Theory]
    [InlineData("B-B")]
    [InlineData("B-T")]
    [InlineData("B-LT")]
    [InlineData("B-LTA")]
    public async Task A_file_is_signed_at_the_level_and_verify_says_the_same(string level)
    {
        var file = pki.Folder[$"at-{level}.pdf"];
        var signed = await pki.SignAsync(Samples.CongVan, file, pki.Person, [.. Trust(), .. Tsa(), "--level", level, "--json"]);
        Assert.True(signed.ExitCode == 0, signed.ToString());
        Assert.Equal(level, signed.Json[0].GetProperty("level").GetString());
        Assert.Equal(level, await LevelAsync(file));
    }

    [Fact]
    public async Task A_signed_file_is_raised_step_by_step_and_its_archive_renewed()
    {
        var file = pki.Folder["step-0.pdf"];
        Assert.Equal(0, (await pki.SignAsync(Samples.QuyetDinh, file, pki.Person)).ExitCode);
        foreach (var (step, level) in new[] { (1, "B-T"), (2, "B-LT"), (3, "B-LTA"), (4, "B-LTA") })
        {
            var raised = await SamplePki.RunAsync(["extend", file, "-o", pki.Folder[$"step-{step}.pdf"], "--level", level, .. Trust(), .. Tsa()]);
            Assert.True(raised.ExitCode == 0, raised.ToString());
            file = pki.Folder[$"step-{step}.pdf"];
            Assert.Equal(level, await LevelAsync(file));
        }
    }

    [Fact]
    public async Task What_is_missing_for_a_level_is_said_and_no_file_appears()
    {
        var output = pki.Folder["none.pdf"];
        var nobody = await pki.SignAsync(Samples.CongVan, output, pki.Person, [.. Trust(), "--level", "B-LT", "--tsa", "http://127.0.0.1:1/"]);
        Assert.Equal(69, nobody.ExitCode);
        Assert.Contains("http://127.0.0.1:1/: không kết nối được", nobody.Error, StringComparison.Ordinal);
        var without = await pki.SignAsync(Samples.CongVan, output, pki.Person, "--level", "B-T");
        Assert.Equal(64, without.ExitCode);
        Assert.Contains("--tsa", without.Error, StringComparison.Ordinal);
        var anchorless = await pki.SignAsync(Samples.CongVan, output, pki.Person, [.. Tsa(), "--level", "B-LT"]);
        Assert.Equal(64, anchorless.ExitCode);
        Assert.Contains("--trust", anchorless.Error, StringComparison.Ordinal);
        Assert.Equal(64, (await pki.SignAsync(Samples.CongVan, output, pki.Person, "--level", "B-X")).ExitCode);
        Assert.Equal(64, (await SamplePki.RunAsync(["extend", Samples.CongVan, "-o", output, "--level", "B-LTA", .. Trust(), .. Tsa()])).ExitCode);
        Assert.Equal(66, (await SamplePki.RunAsync(["extend", "/nowhere.pdf", "-o", output, "--level", "B-LTA", .. Trust(), .. Tsa()])).ExitCode);
        Assert.False(File.Exists(output));
    }

    [Fact]
    public async Task Who_is_asked_about_revocation_and_where_is_as_the_words_say()
    {
        var (file, crl) = (pki.Folder["asked.pdf"], new Uri(pki.Authority.BaseUrl));
        string[] level = [.. Trust(), .. Tsa(), "--level", "B-LT"];
        var nowhere = await pki.SignAsync(Samples.CongVan, file, pki.Person, [.. level, "--revocation", "ocsp", "--rewrite", $"{pki.Authority.OcspUrl}={crl.Scheme}://{crl.Host}:1/ocsp"]);
        Assert.Equal(69, nowhere.ExitCode);
        Assert.Contains($"{crl.Host}:1", nowhere.Error, StringComparison.Ordinal);
        var foreign = await pki.SignAsync(Samples.CongVan, file, pki.Person, [.. level, "--revocation-host", "ocsp.ca.gov.vn"]);
        Assert.Equal(69, foreign.ExitCode);
        Assert.Contains("không có trong danh sách được phép", foreign.Error, StringComparison.Ordinal);
        Assert.Equal(64, (await pki.SignAsync(Samples.CongVan, file, pki.Person, [.. level, "--rewrite", "http://chi-mot-ve"])).ExitCode);
        Assert.False(File.Exists(file));

        Assert.Equal(0, (await pki.SignAsync(Samples.CongVan, file, pki.Person, [.. level, "--revocation", "crl"])).ExitCode);
        var report = await pki.VerifyAsync(file, "--offline");
        Assert.Equal(0, report.ExitCode);
        foreach (var answer in report.Json.GetProperty("files")[0].GetProperty("signatures")[0].GetProperty("revocation").EnumerateArray())
            Assert.Equal("crl", answer.GetProperty("source").GetString());
    }

    private string[] Trust() => ["--trust", pki.Trust, "--allow-sample-trust"];

    private string[] Tsa() => ["--tsa", pki.Authority.TsaUrl];

    private async Task<string?> LevelAsync(string file)
    {
        var report = await pki.VerifyAsync(file);
        Assert.True(report.ExitCode == 0, report.ToString());
        return report.Json.GetProperty("files")[0].GetProperty("signatures")[0].GetProperty("level").GetString();
    }
}
