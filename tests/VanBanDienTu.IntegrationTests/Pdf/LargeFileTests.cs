using System.Globalization;
using System.Text;
using VanBanDienTu.Pdf;
using VanBanDienTu.TestKit;

namespace VanBanDienTu.IntegrationTests.Pdf;

/// <summary>A file of 5 GiB (a hole on disk, so it costs no space): offsets beyond 31 bits, and only a few windows of it are read.</summary>
public sealed class LargeFileTests
{
    private const long Hole = 5L << 30;
    private const long FewWindows = 1 << 20;

    [Fact]
    public void A_file_of_5_GiB_is_signed_and_read_through_a_few_windows()
    {
        using var folder = new TemporaryFolder();
        var path = folder["large.pdf"];
        WriteLarge(path);
        using (var file = PdfFile.Open(path))
        {
            Assert.False(file.Repaired);
            var prepared = new SignaturePlaceholder { ReservedBytes = 64 }.Prepare(file);
            prepared.Fill([0x30, 0x03, 0x02, 0x01, 0x05]);
            Assert.True(prepared.ByteRange[1] > Hole);
            using var append = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
            append.Write(prepared.Update.Span); // the bytes before it are the file's own
        }

        using var bytes = new CountingBytes(PdfBytes.Open(path));
        using var signed = PdfFile.Open(bytes);
        var field = Assert.Single(signed.SignatureFields);
        var gate = ByteRangeGate.Judge(signed, field);
        Assert.True(gate.Ok, gate.En);
        Assert.Equal(PdfCoverage.WholeFile, gate.Coverage);
        Assert.Equal(LaterChanges.Permitted, RevisionChanges.Compare(signed, signed.Revisions[0]).Verdict);
        Assert.InRange(bytes.Asked, 1, FewWindows);
    }

    private static void WriteLarge(string path)
    {
        using var output = new FileStream(path, FileMode.CreateNew);
        var offsets = new List<long>();
        Write(output, "%PDF-1.7\n");
        Object(output, offsets, $"<</Length {Hole}>>stream\n", open: true);
        output.Position += Hole;
        Write(output, "\nendstream\nendobj\n");
        Object(output, offsets, "<</Type/Catalog/Pages 3 0 R>>");
        Object(output, offsets, "<</Type/Pages/Kids[4 0 R]/Count 1/MediaBox[0 0 600 800]>>");
        Object(output, offsets, "<</Type/Page/Parent 3 0 R/Contents 1 0 R>>");
        var section = output.Position;
        Write(output, "xref\n0 5\n0000000000 65535 f\r\n");
        foreach (var offset in offsets)
            Write(output, string.Create(CultureInfo.InvariantCulture, $"{offset:D10} 00000 n\r\n"));
        Write(output, $"trailer\n<</Root 2 0 R/Size 5>>\nstartxref\n{section}\n%%EOF\n");
    }

    private static void Object(FileStream output, List<long> offsets, string body, bool open = false)
    {
        offsets.Add(output.Position);
        Write(output, $"{offsets.Count} 0 obj\n{body}{(open ? "" : "\nendobj\n")}");
    }

    private static void Write(FileStream output, string text) => output.Write(Encoding.ASCII.GetBytes(text));

    /// <summary>Counts what is asked of a file; pages that its cache holds count again.</summary>
    private sealed class CountingBytes(PdfBytes inner) : PdfBytes
    {
        public long Asked { get; private set; }

        public override long Length => inner.Length;

        public override int Read(long offset, Span<byte> into)
        {
            Asked += into.Length;
            return inner.Read(offset, into);
        }

        internal override ReadOnlyMemory<byte> Window(long offset, int length)
        {
            var part = inner.Window(offset, length);
            Asked += part.Length;
            return part;
        }

        protected override void Dispose(bool disposing) => inner.Dispose();
    }
}
