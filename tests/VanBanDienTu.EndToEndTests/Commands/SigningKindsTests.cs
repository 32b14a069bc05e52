using VanBanDienTu.TestKit;

namespace VanBanDienTu.EndToEndTests.Commands;

/// <summary>Kinds of signature and of input on the command line: certification, locks, numbers after signing, encrypted files, the lint.</summary>
public sealed class SigningKindsTests(SamplePki pki) : IClassFixture<SamplePki>
{
    [Fact]
    public async Task The_leader_signs_then_number_and_date_come_then_the_organisation()
    {
        var (leader, issued) = (pki.Folder["leader.pdf"], pki.Folder["issued.pdf"]);
        Done(await pki.SignAsync(Samples.CongVan, leader, pki.Person, "--certify", "2", "--reserve-number", "60,815,140,18", "--reserve-date", "350,815,180,18", "--lock", "exclude:SoKyHieu,NgayBanHanh"));
        Done(await pki.SignAsync(leader, issued, pki.Organization, "--as", "organization", "--rect", "60,60,120,60", "--number", "15/QĐ-UBND", "--date", "2026-11-22", "--lock", "all"));
        var report = await pki.VerifyAsync(issued);
        Assert.True(report.ExitCode == 0, report.ToString());
        var signatures = report.Json.GetProperty("files")[0].GetProperty("signatures");
        Assert.Equal((2, "Exclude", "permitted"), (signatures[0].GetProperty("docMdp").GetInt32(), signatures[0].GetProperty("fieldMdp").GetString(), signatures[0].GetProperty("laterChanges").GetString()));
        var text = ExternalTool.Run("pdftotext", "-layout", issued, "-").Output;
        Assert.Contains("15/QĐ-UBND", text, StringComparison.Ordinal);
        Assert.Contains("ngày 22 tháng 11 năm 2026", text, StringComparison.Ordinal);

        Refused(await pki.SignAsync(issued, pki.Folder["again.pdf"], pki.Organization, "--number", "16/QĐ-UBND"), "đã có giá trị «15/QĐ-UBND»");
        Refused(await pki.SignAsync(Samples.CongVan, pki.Folder["none.pdf"], pki.Organization, "--number", "16/QĐ-UBND"), "Hãy dành ô trước chữ ký đầu tiên");
        Refused(await pki.SignAsync(leader, pki.Folder["twice.pdf"], pki.Organization, "--certify", "2"), "phải là chữ ký đầu tiên");
    }

    [Fact]
    public async Task An_encrypted_file_is_signed_and_verified_with_its_password_from_a_file()
    {
        var (input, output) = (pki.Folder["secret.pdf"], pki.Folder["secret-signed.pdf"]);
        EncryptedForms.Encrypt(Samples.CongVan, input, "aes-256");
        var password = pki.Folder.Write("pdf-password", System.Text.Encoding.UTF8.GetBytes(EncryptedForms.User + "\n"));
        Refused(await pki.SignAsync(input, output, pki.Person), "cần mật khẩu");
        Done(await pki.SignAsync(input, output, pki.Person, "--pdf-password-file", password));
        Assert.Equal(4, (await pki.VerifyAsync(output)).ExitCode);
        var report = await pki.VerifyAsync(output, "--pdf-password-file", password);
        Assert.True(report.ExitCode == 0, report.ToString());
        Assert.DoesNotContain(EncryptedForms.User, report.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_prepared_file_is_refused_by_name_and_what_only_warns_stands_in_the_json()
    {
        var shadow = Path.Combine(Samples.Corpus, "rub-shadow/hide__variant-1_hide-via-referenced-object__3_original-document-shadowed-signed.pdf");
        Refused(await pki.SignAsync(shadow, pki.Folder["shadow.pdf"], pki.Person), "[covered-text]");
        var insisted = await pki.SignAsync(shadow, pki.Folder["insisted.pdf"], pki.Person, "--lint", "covered-text=warn", "--json");
        Done(insisted);
        Assert.Equal(["covered-text", "font-not-embedded"], insisted.Json[0].GetProperty("lint").EnumerateArray().Select(f => f.GetProperty("code").GetString()));
        Assert.Equal(64, (await pki.SignAsync(shadow, pki.Folder["typo.pdf"], pki.Person, "--lint", "covered=warn")).ExitCode);
        Assert.Equal(64, (await pki.SignAsync(shadow, pki.Folder["typo.pdf"], pki.Person, "--lock", "everything")).ExitCode);
        Assert.Equal(64, (await pki.SignAsync(shadow, pki.Folder["typo.pdf"], pki.Person, "--date", "22/11/2026")).ExitCode);
    }

    private static void Done(Vbdt.Answer answer) => Assert.True(answer.ExitCode == 0, answer.ToString());

    private static void Refused(Vbdt.Answer answer, string why)
    {
        Assert.Equal(65, answer.ExitCode);
        Assert.Contains(why, answer.Error, StringComparison.Ordinal);
    }
}
