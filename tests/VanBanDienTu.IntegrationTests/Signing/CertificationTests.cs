using VanBanDienTu.IntegrationTests.Signing.Levels;
using VanBanDienTu.Signing;
using VanBanDienTu.TestKit;

namespace VanBanDienTu.IntegrationTests.Signing;

/// <summary>Certified documents through the whole signer: levels above, other readers, and what may follow.</summary>
public sealed class CertificationTests : LevelRig
{
    [Theory]
    [InlineData(1, BaselineLevel.Archived)]
    [InlineData(2, BaselineLevel.LongTerm)]
    [InlineData(3, BaselineLevel.Basic)]
    public async Task A_certification_reaches_every_level_and_pdfsig_and_qpdf_take_it(int level, BaselineLevel reached)
    {
        var done = await Signer().SignAsync(Samples.CongVan, Folder["certified.pdf"], Key, new SignatureRequest { Certify = level, Level = reached }, Ct);
        Assert.Equal(reached, done.Level);
        Assert.Contains("Signature is Valid", ExternalTool.Run("pdfsig", "-nocert", done.Path).Output, StringComparison.Ordinal);
        Assert.Equal(0, ExternalTool.Run("qpdf", "--check", done.Path).ExitCode);
        var pdf = new QpdfReader(done.Path);
        var parameters = pdf.Signatures[0].GetProperty("/Reference")[0];
        Assert.Equal(("/DocMDP", level), (parameters.GetProperty("/TransformMethod").GetString(), parameters.GetProperty("/TransformParams").GetProperty("/P").GetInt32()));
        Assert.True(pdf.Catalog.GetProperty("/Perms").TryGetProperty("/DocMDP", out _));
        Assert.Equal(level, (await OfflineAsync(done.Path)).Signatures[0].DocMdp);

        if (level == 1)
        {
            var refused = await Assert.ThrowsAsync<SigningException>(() => Signer().SignAsync(done.Path, Folder["more.pdf"], Key, new SignatureRequest(), Ct));
            Assert.Equal(SigningFault.PdfForbidsSigning, refused.Fault);
            Assert.Contains("không cho phép thay đổi nữa", refused.Vietnamese, StringComparison.Ordinal);
        }
        else
        {
            await Signer().SignAsync(done.Path, Folder["more.pdf"], Key, new SignatureRequest(), Ct);
            Assert.All((await OfflineAsync(Folder["more.pdf"])).Signatures, s => Assert.NotEqual(LaterChange.Suspicious, s.LaterChanges));
        }
    }
}
