using System.Security.Cryptography;
using VanBanDienTu.Pdf;
using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Remote;
using VanBanDienTu.TestKit;

namespace VanBanDienTu.IntegrationTests.Signing.Appearances;

/// <summary>A signed picture looks as the PNG itself does to another program; and pictures go with every other way to sign.</summary>
public sealed class PictureOpinionTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly PdfSigner signer = new(TimeProvider.System);

    public void Dispose() => folder.Dispose();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0, 1, false)]
    [InlineData(0, 16, true)]
    [InlineData(2, 8, true)]
    [InlineData(2, 16, false)]
    [InlineData(3, 2, true)]
    [InlineData(3, 8, false)]
    [InlineData(4, 8, true)]
    [InlineData(6, 8, false)]
    [InlineData(6, 16, true)]
    public async Task Mupdf_draws_the_signed_picture_as_it_draws_the_file(int type, int depth, bool interlaced)
    {
        const int side = 64;
        var largest = (1 << depth) - 1;
        var maker = new PngMaker(side, side, type, depth, interlaced).Density(2835); // 72 dots an inch
        if (type == 3)
            maker.With("PLTE", [.. Enumerable.Range(0, 1 << depth).SelectMany(i => new[] { (byte)(i * 5 & 255), (byte)(255 - i), (byte)(i * 40 & 255) })]).With("tRNS", 0, 100, 255);
        var png = maker.Write((x, y, c) => (x / 8 * 3 + y / 8 * 5 + c * 7) * (largest / 20 + 1) & largest);
        folder.Write("picture.png", png);
        await signer.SignAsync(Samples.CongVan, folder["1.pdf"], TestKeys.P256, new SignatureRequest { Rect = new PdfRectangle(60, 20, 60 + side, 20 + side), Appearance = new() { Image = png } }, Ct);
        var (alone, page) = (Raster.Mupdf(folder["picture.png"]), Raster.Mupdf(folder["1.pdf"]));
        Assert.Equal((side, side), (alone.Width, alone.Height));
        for (var y = 4; y < side; y += 8)
        {
            for (var x = 4; x < side; x += 8) // the middles of the squares
                Assert.True(Near(alone.At(x, y), page.At(60 + x, page.Height - 20 - side + y)), $"{x},{y}: {alone.At(x, y)} and {page.At(60 + x, page.Height - 20 - side + y)}");
        }
    }

    [Fact]
    public async Task Over_a_hard_mask_the_page_still_shows_through()
    {
        // Three quarters transparent: what was green stays green.
        var green = new PngMaker(2, 2, 2, 8).Write((_, _, c) => c == 1 ? 255 : 0);
        var seal = new PngMaker(2, 2, 6, 8).Write((x, y, c) => c == 3 ? (x == 0 && y == 0 ? 255 : 40) : c == 0 ? 255 : 0);
        var place = new PdfRectangle(60, 20, 160, 120);
        await signer.SignAsync(Samples.CongVan, folder["1.pdf"], TestKeys.P256, new SignatureRequest { Rect = place, Appearance = new() { Image = green } }, Ct);
        await signer.SignAsync(folder["1.pdf"], folder["2.pdf"], TestKeys.P256, new SignatureRequest { Rect = place, Appearance = new() { Image = seal } }, Ct);
        foreach (var page in new[] { Raster.Poppler(folder["2.pdf"]), Raster.Mupdf(folder["2.pdf"]) })
        {
            Assert.True(Near((255, 0, 0), page.At(70, page.Height - 110)), page.At(70, page.Height - 110).ToString());
            Assert.True(Near((40, 215, 0), page.At(150, page.Height - 30)), page.At(150, page.Height - 30).ToString());
        }
    }

    [Fact]
    public async Task A_picture_is_kept_between_the_two_steps_of_remote_signing()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new System.Security.Cryptography.X509Certificates.CertificateRequest("CN=Người Ký Mẫu", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(99));
        var remote = new RemoteSigner(signer, TimeProvider.System);
        var signing = VanBanDienTu.Signing.Certificates.Certificate.Parse(certificate.RawData);
        var state = await remote.PrepareSignatureAsync(Samples.QuyetDinh, signing, [], new SignatureRequest { Appearance = new() { Image = Samples.Signature } }, Ct);
        await state.SaveAsync(folder["state"], Ct);
        var done = await remote.CompleteSignatureAsync(PendingSignature.Load(folder["state"]), key.SignHash(Convert.FromHexString(state.SignedAttributesHash)), folder["1.pdf"], Ct);
        Assert.Empty(done.Warnings);
        using var file = PdfFile.Open(folder["1.pdf"]);
        Assert.Equal((true, 2), (file.SignatureFields[0].Visible, file.SignatureFields[0].Page));
    }

    [Fact]
    public async Task An_unseen_signature_grows_the_file_by_no_more_than_2_KB_beside_its_value()
    {
        foreach (var sample in new[] { Samples.CongVan, Samples.QuyetDinh, Samples.BaoCao })
        {
            await signer.SignAsync(sample, folder["1.pdf"], TestKeys.Rsa2048, new SignatureRequest(), Ct);
            using var file = PdfFile.Open(folder["1.pdf"]);
            var value = file.SignatureFields[0].Signature!.ContentsSpan!.Value;
            Assert.InRange(new FileInfo(folder["1.pdf"]).Length - new FileInfo(sample).Length - value.Length, 1, 2048);
        }
    }

    private static bool Near((int R, int G, int B) a, (byte R, byte G, byte B) b) => Math.Abs(a.R - b.R) <= 3 && Math.Abs(a.G - b.G) <= 3 && Math.Abs(a.B - b.B) <= 3;

    private static bool Near((byte R, byte G, byte B) a, (byte R, byte G, byte B) b) => Near(((int)a.R, a.G, a.B), b);
}
