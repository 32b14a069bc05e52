using System.Security.Cryptography.X509Certificates;
using VanBanDienTu.TestKit;
using VanBanDienTu.TestKit.Csc;

namespace VanBanDienTu.EndToEndTests.Commands;

/// <summary><c>vbdt sign --key csc:NAME</c>: the key is at a remote signing service.</summary>
public sealed class SigningServiceTests(SamplePki pki) : IClassFixture<SamplePki>
{
    [Fact]
    public async Task A_file_is_signed_by_the_service_and_its_secrets_are_in_no_output()
    {
        using var folder = new TemporaryFolder();
        var all = X509CertificateLoader.LoadPkcs12CollectionFromFile(pki.Person, pki.Authority.Password, X509KeyStorageFlags.Exportable);
        await using var service = await CscServer.StartAsync(all.First(c => c.HasPrivateKey), all.Where(c => !c.HasPrivateKey).Select(c => c.RawData));
        string[] words = ["sign", Samples.CongVan, "-o", folder["out.pdf"], "--key", "csc:" + service.WriteConfig(folder)];
        service.Lie = CscLie.EchoesSecrets;
        var refused = await SamplePki.RunAsync(words);
        Assert.Equal(69, refused.ExitCode);
        Assert.DoesNotContain(CscServer.Pin, refused.Output + refused.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(folder["out.pdf"]));

        service.Lie = CscLie.None;
        var signed = await SamplePki.RunAsync(words);
        Assert.True(signed.ExitCode == 0, signed.ToString());
        Assert.Equal(0, (await pki.VerifyAsync(folder["out.pdf"])).ExitCode);
        Assert.Equal(64, (await SamplePki.RunAsync("sign", Samples.CongVan, "-o", folder["x.pdf"], "--key", "csc:khong-co")).ExitCode);
    }
}
