using VanBanDienTu.Cli.Nodes;
using VanBanDienTu.Signing.Authority;
using VanBanDienTu.TestKit;
using VanBanDienTu.TestKit.Pki;

namespace VanBanDienTu.EndToEndTests.Commands;

/// <summary>One sample PKI for a class of tests, served over HTTP, with good keys and refused ones.</summary>
public sealed class SamplePki : IAsyncLifetime
{
    private TestPki? pki;

    internal TestPki Pki => pki!;

    internal SampleAuthority Authority => pki!.Authority;

    internal TemporaryFolder Folder { get; } = new();

    internal string Password => Authority.PasswordFile;

    internal string Trust => Authority.TrustFolder;

    internal string Person => Authority.KeyFile("person-G99.63");

    internal string Organization => Authority.KeyFile("organization-G99.63");

    public async ValueTask InitializeAsync() => pki = await TestPki.StartAsync([.. SampleNetwork.Profiles.Where(p => p.OrganId == "G99.63"), .. SampleProfiles.Variants]);

    public async ValueTask DisposeAsync()
    {
        await pki!.DisposeAsync();
        Folder.Dispose();
    }

    /// <summary>Runs a command inside this process: the same code, without the start of a runtime.</summary>
    internal static async Task<Vbdt.Answer> RunAsync(params string[] words)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await Cli.CommandLine.RunAsync(words, output, error);
        return new Vbdt.Answer(code, output.ToString(), error.ToString());
    }

    internal Task<Vbdt.Answer> SignAsync(string input, string output, string key, params string[] more) =>
        RunAsync(["sign", input, "-o", output, "--key", key, "--password-file", Password, .. more]);

    internal Task<Vbdt.Answer> VerifyAsync(params string[] words) => RunAsync(["verify", .. words, "--trust", Trust, "--allow-sample-trust", "--json"]);
}
