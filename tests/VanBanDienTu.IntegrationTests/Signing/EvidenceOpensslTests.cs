using System.Text;
using VanBanDienTu.Signing.Evidence;
using VanBanDienTu.TestKit;

namespace VanBanDienTu.IntegrationTests.Signing;

/// <summary>A receipt must be checkable by anyone with openssl, without this program.</summary>
public sealed class EvidenceOpensslTests
{
    [Theory]
    [InlineData("p256")]
    [InlineData("p384")]
    [InlineData("rsa2048")]
    [InlineData("rsa3072")]
    public void Openssl_accepts_our_evidence_and_refuses_it_when_one_byte_changes(string keyType)
    {
        using var folder = new TemporaryFolder();
        using var key = TestKeys.Leaf(keyType);
        var receipt = Encoding.UTF8.GetBytes("{\"event\":\"Đã chuyển\"}\n\r\n");
        var root = folder.Write("root.pem", Encoding.ASCII.GetBytes(TestKeys.Root.ExportCertificatePem()));
        var p7s = folder.Write("R.json.p7s", new EvidenceSigner(key).Sign(receipt));
        var content = folder.Write("R.json", receipt);

        var answer = Verify(p7s, content, root);
        Assert.True(answer.ExitCode == 0, answer.Output);

        receipt[5] ^= 1;
        folder.Write("R.json", receipt);
        Assert.NotEqual(0, Verify(p7s, content, root).ExitCode);
    }

    private static ToolAnswer Verify(string p7s, string content, string root) =>
        ExternalTool.Run("openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", p7s, "-content", content, "-CAfile", root, "-purpose", "any");
}
