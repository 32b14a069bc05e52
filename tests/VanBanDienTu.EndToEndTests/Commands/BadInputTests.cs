using System.Net;
using System.Net.Sockets;
using VanBanDienTu.TestKit;

namespace VanBanDienTu.EndToEndTests.Commands;

/// <summary>Bad input gets one clear sentence in each language, the right exit code, and leaves nothing half done.</summary>
public sealed class BadInputTests(SamplePki pki) : IClassFixture<SamplePki>
{
    public static TheoryData<string> BadKeys => ["expired", "not-yet-valid", "revoked"];

    [Fact]
    public async Task What_is_not_a_pdf_is_not_signed() => await RefusedAsync(pki.Folder.Write("not.pdf", "hello"u8), pki.Person, 65);

    [Fact]
    public async Task A_truncated_pdf_is_not_signed()
    {
        var whole = await File.ReadAllBytesAsync(Samples.CongVan);
        await RefusedAsync(pki.Folder.Write("cut.pdf", whole.AsSpan(0, whole.Length / 2)), pki.Person, 65);
    }

    [Fact]
    public async Task An_encrypted_pdf_is_not_signed()
    {
        var locked = pki.Folder["locked.pdf"];
        Assert.Equal(0, ExternalTool.Run("qpdf", "--encrypt", "user", "owner", "256", "--", Samples.CongVan, locked).ExitCode);
        await RefusedAsync(locked, pki.Person, 65);
    }

    [Fact]
    public async Task A_wrong_password_is_said()
    {
        var wrong = pki.Folder.Write("wrong", "not the password"u8);
        var output = pki.Folder["wrong-password.pdf"];
        var answer = await SamplePki.RunAsync("sign", Samples.CongVan, "-o", output, "--key", pki.Person, "--password-file", wrong);
        Assert.Equal(65, answer.ExitCode);
        Assert.Contains("password", answer.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("not the password", answer.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(output));
    }

    [Theory]
    [MemberData(nameof(BadKeys))]
    public async Task A_certificate_that_recipients_would_refuse_does_not_sign(string key) =>
        await RefusedAsync(Samples.CongVan, pki.Authority.KeyFile(key), 65, "--trust", pki.Trust, "--allow-sample-trust");

    [Fact]
    public async Task A_missing_file_is_66_and_named()
    {
        var answer = await SamplePki.RunAsync("sign", "/nowhere/a.pdf", "-o", pki.Folder["x.pdf"], "--key", pki.Person, "--password-file", pki.Password);
        Assert.Equal(66, answer.ExitCode);
        Assert.Contains("/nowhere/a.pdf", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_in_use_is_said_by_pki_serve_in_one_sentence()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var folder = pki.Folder["taken-port"];
        Assert.Equal(0, (await SamplePki.RunAsync("pki", "init", folder, "--url", $"http://127.0.0.1:{port}")).ExitCode);
        var answer = await SamplePki.RunAsync("pki", "serve", folder);
        Assert.NotEqual(0, answer.ExitCode);
        OneSentenceEach(answer);
        Assert.Contains(port.ToString(), answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_that_is_not_there_is_69()
    {
        var answer = await SamplePki.RunAsync(
            "outgoing", "list", "--node", "https://127.0.0.1:1", "--cert", pki.Authority.KeyFile("system-G99.63"),
            "--password-file", pki.Password, "--trust", pki.Trust, "--allow-sample-trust");
        Assert.Equal(69, answer.ExitCode);
        OneSentenceEach(answer);
    }

    private async Task RefusedAsync(string input, string key, int exitCode, params string[] more)
    {
        var output = pki.Folder[$"refused-{Guid.NewGuid():N}.pdf"];
        var answer = await pki.SignAsync(input, output, key, more);
        Assert.Equal(exitCode, answer.ExitCode);
        OneSentenceEach(answer);
        Assert.Empty(Directory.GetFiles(pki.Folder.Path, Path.GetFileName(output) + "*"));
    }

    /// <summary>Vietnamese, then English; no stack trace.</summary>
    private static void OneSentenceEach(Vbdt.Answer answer)
    {
        var lines = answer.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.True(lines.Length == 2 && lines[0].StartsWith("vbdt: ", StringComparison.Ordinal), answer.ToString());
        Assert.DoesNotContain("   at ", answer.Error, StringComparison.Ordinal);
    }
}
