using System.Security.Cryptography;
using VanBanDienTu.Pdf;
using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Keys;
using VanBanDienTu.TestKit;

namespace VanBanDienTu.IntegrationTests.Signing;

/// <summary>What others say of our signatures: pdfsig, qpdf, openssl.</summary>
public sealed class PdfSignerToolsTests
{
    public static TheoryData<string, string, string> Files => new()
    {
        { Samples.CongVan, "rsa2048", "p256" },
        { Samples.QuyetDinh, "p256", "rsa3072" },
        { Samples.BaoCao, "p384", "rsa2048" },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Two_signatures_one_after_another_are_both_valid_for_pdfsig_and_the_file_is_sound_for_qpdf(string sample, string first, string second)
    {
        using var folder = new TemporaryFolder();
        using var person = TestKeys.Leaf(first);
        using var organization = TestKeys.Leaf(second, name: "CN=UBND tỉnh, O=UBND tỉnh");
        var signer = new PdfSigner(TimeProvider.System);
        await signer.SignAsync(sample, folder["1.pdf"], person, new SignatureRequest { Rect = new PdfRectangle(60, 60, 260, 120) }, TestContext.Current.CancellationToken);
        var done = await signer.SignAsync(folder["1.pdf"], folder["2.pdf"], organization, new SignatureRequest { Role = SignatureRole.Organization, Digest = HashAlgorithmName.SHA384 }, TestContext.Current.CancellationToken);

        Assert.Equal(2, done.Signatures);
        var opinion = ExternalTool.Run("pdfsig", "-nocert", folder["2.pdf"]).Output;
        Assert.Equal(2, Count(opinion, "Signature Validation: Signature is Valid."));
        Assert.Equal(2, Count(opinion, "Signature Type: ETSI.CAdES.detached"));
        Assert.Equal(1, Count(opinion, "Total document signed"));
        Assert.True(opinion.LastIndexOf("Total document signed", StringComparison.Ordinal) > opinion.IndexOf("Signature #2", StringComparison.Ordinal), opinion);
        var sound = ExternalTool.Run("qpdf", "--check", folder["2.pdf"]);
        Assert.True(sound.ExitCode == 0, sound.Output);
    }

    [Theory]
    [InlineData("rsa2048", "SHA256", false)]
    [InlineData("rsa4096", "SHA512", true)]
    [InlineData("p256", "SHA256", false)]
    [InlineData("p384", "SHA384", false)]
    public async Task Openssl_verifies_the_cms_over_the_byte_range(string type, string digest, bool pss)
    {
        using var folder = new TemporaryFolder();
        using var key = TestKeys.Leaf(type);
        var request = new SignatureRequest { Digest = new HashAlgorithmName(digest), Padding = pss ? SignaturePadding.Pss : SignaturePadding.Pkcs1 };
        await new PdfSigner(TimeProvider.System).SignAsync(Samples.CongVan, folder["1.pdf"], key, request, TestContext.Current.CancellationToken);

        using var file = PdfFile.Open(folder["1.pdf"]);
        var signature = file.SignatureFields.Single().Signature!;
        var whole = await File.ReadAllBytesAsync(folder["1.pdf"], TestContext.Current.CancellationToken);
        var (gapStart, gapEnd) = ((int)signature.ByteRange[1], (int)signature.ByteRange[2]);
        folder.Write("content", [.. whole[..gapStart], .. whole[gapEnd..]]);
        folder.Write("cms", signature.Cms.Span);
        folder.Write("root.pem", System.Text.Encoding.ASCII.GetBytes(TestKeys.Root.ExportCertificatePem()));
        var answer = ExternalTool.Run("openssl", "cms", "-verify", "-binary", "-cades", "-inform", "DER", "-in", folder["cms"], "-content", folder["content"], "-CAfile", folder["root.pem"], "-purpose", "any", "-out", "/dev/null");
        Assert.True(answer.ExitCode == 0, answer.Output);
    }

    [Fact]
    public async Task A_full_disk_leaves_no_output_and_no_temporary_file()
    {
        using var folder = new TemporaryFolder();
        var small = Directory.CreateDirectory(folder["small"]).FullName;
        Assert.SkipUnless(ExternalTool.Run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", small).ExitCode == 0, "A small file system can be mounted by root only.");
        try
        {
            var refused = await Assert.ThrowsAsync<SigningException>(() =>
                new PdfSigner(TimeProvider.System).SignAsync(Samples.CongVan, Path.Combine(small, "out.pdf"), TestKeys.P256, new SignatureRequest(), TestContext.Current.CancellationToken));
            Assert.Equal(SigningFault.OutputNotWritten, refused.Fault);
            Assert.Empty(Directory.GetFiles(small));
        }
        finally
        {
            ExternalTool.Run("umount", small);
        }
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;
}
