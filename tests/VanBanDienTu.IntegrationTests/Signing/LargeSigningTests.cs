using System.Globalization;
using System.Text;
using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Trust;
using VanBanDienTu.TestKit;

namespace VanBanDienTu.IntegrationTests.Signing;

/// <summary>A file beyond what is held in memory; with VBDT_LONG=1 one of 5 GiB, whose byte range passes 2^31.</summary>
public sealed class LargeSigningTests
{
    private static readonly long Hole = Environment.GetEnvironmentVariable("VBDT_LONG") is "1" ? 5L << 30 : 40L << 20;

    [Fact]
    public async Task A_large_file_is_signed_twice_and_verified()
    {
        var ct = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        Write(folder["large.pdf"]);
        var signer = new PdfSigner(TimeProvider.System);
        await signer.SignAsync(folder["large.pdf"], folder["once.pdf"], TestKeys.Rsa2048, new SignatureRequest(), ct);
        var twice = await signer.SignAsync(folder["once.pdf"], folder["twice.pdf"], TestKeys.P256, new SignatureRequest(), ct);

        var verdict = await new PdfVerifier(TrustSnapshot.Empty, null, TimeProvider.System).VerifyAsync(folder["twice.pdf"], cancellation: ct);
        Assert.Equal((2, twice.Sha256), (verdict.Signatures.Count, verdict.Sha256));
        Assert.All(verdict.Signatures, s => Assert.Equal(Integrity.Intact, s.Integrity));
        Assert.Equal([LaterChange.Permitted, LaterChange.None], verdict.Signatures.Select(s => s.LaterChanges));
        Assert.All(verdict.Signatures, s => Assert.InRange(s.ByteRange[1], Hole, Hole + (1 << 20)));
    }

    private static void Write(string path)
    {
        using var output = new FileStream(path, FileMode.CreateNew);
        var offsets = new List<long>();
        Text("%PDF-1.7\n");
        Begin($"<</Length {Hole}>>stream\n");
        output.Position += Hole;
        Text("\nendstream\nendobj\n");
        Begin("<</Type/Catalog/Pages 3 0 R>>\nendobj\n");
        Begin("<</Type/Pages/Kids[4 0 R]/Count 1/MediaBox[0 0 595 842]>>\nendobj\n");
        Begin("<</Type/Page/Parent 3 0 R/Contents 1 0 R>>\nendobj\n");
        var section = output.Position;
        Text("xref\n0 5\n0000000000 65535 f\r\n");
        foreach (var offset in offsets)
            Text(string.Create(CultureInfo.InvariantCulture, $"{offset:D10} 00000 n\r\n"));
        Text($"trailer\n<</Root 2 0 R/Size 5>>\nstartxref\n{section}\n%%EOF\n");

        void Begin(string body)
        {
            offsets.Add(output.Position);
            Text($"{offsets.Count} 0 obj\n{body}");
        }

        void Text(string text) => output.Write(Encoding.ASCII.GetBytes(text));
    }
}
