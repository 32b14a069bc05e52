using VanBanDienTu.TestKit;

namespace VanBanDienTu.EndToEndTests.Commands;

/// <summary>What is seen of a signature, as the command line asks for it.</summary>
public sealed class LookCommandTests(SamplePki pki) : IClassFixture<SamplePki>, IDisposable
{
    private static readonly string Pictures = Path.Combine(Samples.Root, "samples");

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Person_and_organisation_sign_with_pictures_and_find_their_places()
    {
        var person = await SignAsync(Samples.QuyetDinh, "1.pdf", pki.Person, "--image", Path.Combine(Pictures, "chu-ky.png"));
        Assert.Equal(0, person.Json[0].GetProperty("warnings").GetArrayLength());
        var organ = await SignAsync(folder["1.pdf"], "2.pdf", pki.Organization, "--as", "organization", "--image", Path.Combine(Pictures, "con-dau.png"), "--image-mm", "30");
        Assert.Equal(0, organ.Json[0].GetProperty("warnings").GetArrayLength());
        var verdict = await SamplePki.RunAsync("verify", folder["2.pdf"], "--trust", pki.Trust, "--allow-sample-trust", "--json");
        Assert.True(verdict.ExitCode == 0, verdict.ToString());
        var shown = ExternalTool.Run("pdfimages", "-list", folder["2.pdf"]).Output;
        Assert.Equal(2, shown.Split("smask").Length - 1);
    }

    [Fact]
    public async Task Text_under_the_place_is_noted_and_a_name_that_is_nowhere_is_refused()
    {
        var noted = await SignAsync(Samples.CongVan, "1.pdf", pki.Person, "--rect", "300,255,240,60");
        Assert.Contains("Người Ký Mẫu", noted.Json[0].GetProperty("warnings")[0].GetProperty("vi").GetString(), StringComparison.Ordinal);
        var refused = await SamplePki.RunAsync("sign", Samples.CongVan, "-o", folder["2.pdf"], "--key", pki.Person, "--password-file", pki.Password, "--anchor", "Không Có Ai");
        Assert.Equal(65, refused.ExitCode);
        Assert.Contains("«Không Có Ai»", refused.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(folder["2.pdf"]));
    }

    [Fact]
    public async Task On_a_machine_without_fonts_text_is_refused_with_the_package_to_install_and_pictures_work()
    {
        (string, string)[] bare = [("XDG_DATA_DIRS", folder.Path), ("XDG_DATA_HOME", folder.Path), ("HOME", folder.Path)];
        var refused = await Vbdt.RunAsync(bare, "sign", Samples.CongVan, "-o", folder["1.pdf"], "--key", pki.Organization, "--password-file", pki.Password, "--as", "annex");
        Assert.Equal(65, refused.ExitCode);
        Assert.Contains("fonts-croscore", refused.Error, StringComparison.Ordinal);
        var signed = await Vbdt.RunAsync(bare, "sign", Samples.CongVan, "-o", folder["1.pdf"], "--key", pki.Person, "--password-file", pki.Password, "--image", Path.Combine(Pictures, "chu-ky.png"));
        Assert.True(signed.ExitCode == 0, signed.ToString());
        var named = await Vbdt.RunAsync(bare, "sign", Samples.CongVan, "-o", folder["2.pdf"], "--key", pki.Organization, "--password-file", pki.Password, "--as", "annex",
            "--font", "/usr/share/fonts/truetype/croscore/Tinos-Regular.ttf");
        Assert.True(named.ExitCode == 0, named.ToString());
    }

    private async Task<Vbdt.Answer> SignAsync(string input, string output, string key, params string[] more)
    {
        var answer = await SamplePki.RunAsync(["sign", input, "-o", folder[output], "--key", key, "--password-file", pki.Password, "--json", .. more]);
        Assert.True(answer.ExitCode == 0, answer.ToString());
        return answer;
    }
}
