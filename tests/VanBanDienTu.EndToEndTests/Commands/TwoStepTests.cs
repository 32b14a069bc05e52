using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using VanBanDienTu.TestKit;

namespace VanBanDienTu.EndToEndTests.Commands;

/// <summary>Signing with a key that only openssl has: each step is a process of its own.</summary>
public sealed class TwoStepTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Theory]
    [InlineData("rsa2048")]
    [InlineData("p256")]
    public async Task A_value_made_by_openssl_between_two_processes_gives_a_valid_signature(string type)
    {
        await PrepareAsync(type);
        Value("key.pem", "hash.bin");
        var done = await Vbdt.RunAsync("sign", "--complete", folder["state"], "--value", folder["value.bin"], "-o", folder["out.pdf"]);
        Assert.True(done.ExitCode == 0, done.ToString());
        Assert.Contains("Signature is Valid", ExternalTool.Run("pdfsig", "-nocert", folder["out.pdf"]).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_value_of_another_key_a_changed_state_and_a_changed_input_are_refused_and_the_right_ones_still_work()
    {
        await PrepareAsync("p256");
        using (var other = ECDsa.Create(ECCurve.NamedCurves.nistP256)) await File.WriteAllTextAsync(folder["other.pem"], other.ExportPkcs8PrivateKeyPem(), TestContext.Current.CancellationToken);
        Value("other.pem", "hash.bin");
        await RefusedAsync("state", "does not verify");

        Value("key.pem", "hash.bin");
        var state = await File.ReadAllTextAsync(folder["state"], TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(folder["changed"], state.Replace("\"Page\":null", "\"Page\":2", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        await RefusedAsync("changed", "was changed");

        var input = await File.ReadAllBytesAsync(folder["in.pdf"], TestContext.Current.CancellationToken);
        folder.Write("in.pdf", [.. input, (byte)'\n']);
        await RefusedAsync("state", "the input was changed");

        folder.Write("in.pdf", input);
        var done = await SamplePki.RunAsync("sign", "--complete", folder["state"], "--value", folder["value.bin"], "-o", folder["out.pdf"]);
        Assert.True(done.ExitCode == 0, done.ToString());
    }

    public void Dispose() => folder.Dispose();

    private async Task PrepareAsync(string type)
    {
        using var leaf = TestKeys.LeafCertificate(type);
        using AsymmetricAlgorithm key = leaf.GetRSAPrivateKey() is { } rsa ? rsa : leaf.GetECDsaPrivateKey()!;
        await File.WriteAllTextAsync(folder["key.pem"], key.ExportPkcs8PrivateKeyPem(), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(folder["cert.pem"], leaf.ExportCertificatePem(), TestContext.Current.CancellationToken);
        File.Copy(Samples.CongVan, folder["in.pdf"]);
        var prepared = await Vbdt.RunAsync("sign", folder["in.pdf"], "--prepare", folder["state"], "--cert", folder["cert.pem"], "--hash", folder["hash.bin"]);
        Assert.True(prepared.ExitCode == 0, prepared.ToString());
        Assert.Equal(Convert.ToHexStringLower(await File.ReadAllBytesAsync(folder["hash.bin"], TestContext.Current.CancellationToken)), prepared.Json.GetProperty("signedAttributesHash").GetString());
    }

    private void Value(string key, string hash)
    {
        var made = ExternalTool.Run("openssl", "pkeyutl", "-sign", "-inkey", folder[key], "-in", folder[hash], "-pkeyopt", "digest:sha256", "-out", folder["value.bin"]);
        Assert.True(made.ExitCode == 0, made.Output);
    }

    private async Task RefusedAsync(string state, string word)
    {
        var refused = await SamplePki.RunAsync("sign", "--complete", folder[state], "--value", folder["value.bin"], "-o", folder["out.pdf"]);
        Assert.Equal(65, refused.ExitCode);
        Assert.Contains(word, refused.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(folder["out.pdf"]));
    }
}
