using VanBanDienTu.EndToEndTests.Commands;
using VanBanDienTu.TestKit;

namespace VanBanDienTu.EndToEndTests.Demo;

/// <summary>The demo, and what others say of what it leaves.</summary>
[Collection(DemoRun.Name)]
public sealed class DemoTests(DemoRun run)
{
    private string Out => run.Folder;

    [Fact]
    public void It_ends_well()
    {
        Assert.True(run.Answer.ExitCode == 0, run.Answer.ToString());
        Assert.DoesNotContain("✗", run.Answer.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void It_leaves_what_it_promises()
    {
        Assert.Equal(6, Directory.GetFiles(Path.Combine(Out, "signed"), "*.pdf").Length);
        Assert.Equal(6, Directory.GetFiles(Path.Combine(Out, "packets"), "*.edxml").Length);
        Assert.Equal(8, Directory.GetFiles(Path.Combine(Out, "reports"), "*.html").Length);
        Assert.Equal(8, Directory.GetFiles(Path.Combine(Out, "reports"), "*.json").Length);
        Assert.True(File.Exists(Path.Combine(Out, "trust", "root.pem")));
        Assert.Equal(3, Directory.GetFiles(Path.Combine(Out, "nodes"), "*.json").Length);
    }

    [Fact]
    public void Pdfsig_calls_every_signature_valid_and_the_last_one_total()
    {
        foreach (var pdf in Directory.GetFiles(Path.Combine(Out, "signed"), "*.pdf"))
        {
            var said = ExternalTool.Run("pdfsig", pdf).Output;
            var signatures = said.Split("Signature #", StringSplitOptions.RemoveEmptyEntries)[1..];
            Assert.Equal(2, signatures.Length);
            Assert.All(signatures, s => Assert.Contains("Signature is Valid", s, StringComparison.Ordinal));
            Assert.Contains("Total document signed", signatures[^1], StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Qpdf_finds_no_error()
    {
        foreach (var pdf in Directory.GetFiles(Path.Combine(Out, "signed"), "*.pdf"))
        {
            var answer = ExternalTool.Run("qpdf", "--check", pdf);
            Assert.True(answer.ExitCode == 0, answer.Output);
        }
    }

    [Fact]
    public void Openssl_verifies_every_receipt_and_notices_one_changed_byte()
    {
        using var changed = new TemporaryFolder();
        var receipts = Directory.GetFiles(Path.Combine(Out, "receipts"), "*.json");
        Assert.True(receipts.Length >= 40, $"{receipts.Length} receipts");
        foreach (var receipt in receipts)
        {
            Assert.Equal(0, Verify(receipt, receipt + ".p7s"));
            var bytes = File.ReadAllBytes(receipt);
            bytes[bytes.Length / 2] ^= 1;
            Assert.NotEqual(0, Verify(changed.Write("changed.json", bytes), receipt + ".p7s"));
        }
    }

    [Fact]
    public async Task Its_packets_are_whole_edxml()
    {
        foreach (var packet in Directory.GetFiles(Path.Combine(Out, "packets"), "*.edxml"))
        {
            var answer = await Vbdt.RunAsync("edxml", "check", packet);
            Assert.True(answer.ExitCode == 0, answer.ToString());
        }
    }

    [Fact]
    public async Task Another_demo_replaces_it_but_nothing_else()
    {
        using var folder = new TemporaryFolder();
        folder.Write("mine.txt", "not a demo's"u8);
        var answer = await Vbdt.RunAsync("demo", "--out", folder.Path);
        Assert.Equal(74, answer.ExitCode);
        Assert.True(File.Exists(folder["mine.txt"]));
    }

    private int Verify(string json, string signature) => ExternalTool.Run(
        "openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", signature, "-content", json,
        "-CAfile", Path.Combine(Out, "trust", "root.pem"), "-purpose", "any", "-out", "/dev/null").ExitCode;
}
