using System.Buffers;
using VanBanDienTu.Pdf;
using VanBanDienTu.Signing;
using VanBanDienTu.TestKit;

namespace VanBanDienTu.UnitTests.Signing.Signer;

public sealed class MemorySigningTests
{
    private static readonly SignatureRequest AtOneTime = new() { Time = new DateTimeOffset(2026, 11, 22, 9, 0, 0, TimeSpan.FromHours(7)) };

    private readonly PdfSigner _signer = new(TimeProvider.System);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_document_in_memory_becomes_what_a_file_becomes()
    {
        using var folder = new TemporaryFolder();
        var output = new ArrayBufferWriter<byte>();
        var inMemory = await _signer.SignAsync(await File.ReadAllBytesAsync(Samples.BaoCao, Ct), output, TestKeys.Rsa2048, AtOneTime, Ct);
        var onDisk = await _signer.SignAsync(Samples.BaoCao, folder["out.pdf"], TestKeys.Rsa2048, AtOneTime, Ct);

        Assert.Equal(await File.ReadAllBytesAsync(folder["out.pdf"], Ct), output.WrittenSpan.ToArray());
        Assert.Equal((onDisk.Sha256, onDisk.Size, ""), (inMemory.Sha256, inMemory.Size, inMemory.Path));
    }

    [Fact]
    public async Task What_is_refused_leaves_nothing_in_the_output()
    {
        var output = new ArrayBufferWriter<byte>();
        var refused = await Assert.ThrowsAsync<SigningException>(() => _signer.SignAsync("Kính gửi"u8.ToArray(), output, TestKeys.P256, new SignatureRequest(), Ct));
        Assert.Equal((SigningFault.PdfUnreadable, 0), (refused.Fault, output.WrittenCount));
    }

    [Fact]
    public void A_small_file_may_change_once_it_is_open()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("in.pdf", File.ReadAllBytes(Samples.CongVan));
        using var file = PdfFile.Open(path);
        File.WriteAllBytes(path, new byte[10]);
        Assert.Equal(new FileInfo(Samples.CongVan).Length, file.Bytes.Length);
        Assert.NotEmpty(file.At(file.Newest).Pages.All);
    }
}
