using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using VanBanDienTu.TestKit;
using VanBanDienTu.TestKit.Pki;

namespace VanBanDienTu.EndToEndTests.Commands;

/// <summary>What goes wrong at authorities, seen from processes of their own: killed while they wait, and given far too much.</summary>
public sealed class AuthorityTroubleTests(SamplePki pki) : IClassFixture<SamplePki>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_list_of_50_MB_is_asked_within_a_heap_of_96_MiB()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal(0, (await pki.SignAsync(Samples.CongVan, folder["a.pdf"], pki.Person)).ExitCode);
        pki.Pki.CrlLie = PkiLie.Huge;
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.Environment["DOTNET_GCHeapHardLimit"] = "0x6000000";
        foreach (var word in (string[])[typeof(Cli.CommandLine).Assembly.Location, "verify", folder["a.pdf"], "--trust", pki.Trust, "--allow-sample-trust", "--revocation", "crl", "--json"])
            start.ArgumentList.Add(word);
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync(Ct);
        var answer = new Vbdt.Answer(0, await process.StandardOutput.ReadToEndAsync(Ct), await error);
        await process.WaitForExitAsync(Ct);
        pki.Pki.CrlLie = PkiLie.None;
        Assert.True(process.ExitCode == 0, answer.ToString());
        var told = answer.Json.GetProperty("files")[0].GetProperty("signatures")[0].GetProperty("revocation");
        Assert.Contains(told.EnumerateArray(), r => r.GetProperty("source").GetString() == "crl");
        Assert.Contains(pki.Pki.Requests, r => r == "/crl/officials.crl");
    }

    [Fact]
    public async Task A_process_killed_while_it_completes_loses_nothing()
    {
        using var folder = new TemporaryFolder();
        var all = X509CertificateLoader.LoadPkcs12CollectionFromFile(pki.Person, pki.Authority.Password);
        var leaf = all.First(c => c.HasPrivateKey);
        await File.WriteAllTextAsync(folder["cert.pem"], string.Concat(all.OrderByDescending(c => c.HasPrivateKey).Select(c => c.ExportCertificatePem() + "\n")), Ct);
        File.Copy(Samples.CongVan, folder["in.pdf"]);
        string[] level = ["--level", "B-T", "--tsa", pki.Authority.TsaUrl, "--trust", pki.Trust, "--allow-sample-trust"];
        var prepared = await SamplePki.RunAsync(["sign", folder["in.pdf"], "--prepare", folder["state"], "--cert", folder["cert.pem"], "--hash", folder["hash"], .. level]);
        Assert.True(prepared.ExitCode == 0, prepared.ToString());
        var hash = await File.ReadAllBytesAsync(folder["hash"], Ct);
        using var rsa = leaf.GetRSAPrivateKey();
        using var ecdsa = leaf.GetECDsaPrivateKey();
        folder.Write("value", rsa?.SignHash(hash, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1) ?? ecdsa!.SignHash(hash, DSASignatureFormat.Rfc3279DerSequence));
        var (state, input) = (await File.ReadAllBytesAsync(folder["state"], Ct), await File.ReadAllBytesAsync(folder["in.pdf"], Ct));
        string[] complete = ["sign", "--complete", folder["state"], "--value", folder["value"], "-o", folder["out.pdf"], .. level];

        pki.Pki.TimestampLie = PkiLie.Silent;
        var asked = pki.Pki.TimestampsAsked;
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var word in (string[])[typeof(Cli.CommandLine).Assembly.Location, .. complete])
            start.ArgumentList.Add(word);
        using (var process = Process.Start(start)!)
        {
            while (!process.HasExited && pki.Pki.TimestampsAsked == asked)
                await Task.Delay(10, Ct);
            process.Kill();
            await process.WaitForExitAsync(Ct);
            Assert.NotEqual(0, process.ExitCode);
        }
        Assert.True(pki.Pki.TimestampsAsked > asked);
        Assert.False(File.Exists(folder["out.pdf"]));
        Assert.Equal(state, await File.ReadAllBytesAsync(folder["state"], Ct));
        Assert.Equal(input, await File.ReadAllBytesAsync(folder["in.pdf"], Ct));

        pki.Pki.TimestampLie = PkiLie.None;
        var done = await SamplePki.RunAsync(complete);
        Assert.True(done.ExitCode == 0, done.ToString());
        var report = await pki.VerifyAsync(folder["out.pdf"]);
        Assert.Equal("B-T", report.Json.GetProperty("files")[0].GetProperty("signatures")[0].GetProperty("level").GetString());
    }
}
