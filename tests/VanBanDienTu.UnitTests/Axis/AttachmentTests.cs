using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using VanBanDienTu.Axis.Edxml;

namespace VanBanDienTu.UnitTests.Axis;

public sealed class AttachmentTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("a.pdf", "application/pdf", false)]
    [InlineData("A.PDF", "application/pdf", false)]
    [InlineData("a.doc", "application/doc", false)]
    [InlineData("a.docx", "application/docx", false)]
    [InlineData("a.xsl", "application/xsl", false)]
    [InlineData("a.xslx", "application/xslx", false)]
    [InlineData("a.zip", "application/zip", false)]
    [InlineData("a.xls", "application/zip", true)]
    [InlineData("a.xlsx", "application/zip", true)]
    [InlineData("a.png", "application/zip", true)]
    [InlineData("noextension", "application/zip", true)]
    public void A_file_travels_as_the_official_library_carries_its_kind(string name, string contentType, bool wrapped)
    {
        Assert.Equal(contentType, AttachmentEncoding.ContentTypeOf(name));
        Assert.Equal(wrapped, AttachmentEncoding.IsWrapped(name));
    }

    [Fact]
    public void Files_of_all_kinds_and_sizes_come_out_as_they_went_in_and_the_packet_is_the_same_each_time()
    {
        var files = new[] { ("a.pdf", 0), ("b.pdf", 1), ("c.pdf", 49_151), ("d.docx", 49_152), ("e.zip", 98_305), ("Phụ lục.xlsx", 300_000), ("f", 5) }
            .Select((f, i) => (Id: $"id-{i}", Name: f.Item1, Bytes: Noise(f.Item2, i))).ToList();
        var document = AxisSamples.Document with
        {
            References = files.Select(f => new EdxmlReference(f.Id, AttachmentEncoding.ContentTypeOf(f.Name), null, f.Name)).ToList(),
        };
        var envelope = EdxmlWriter.WriteEnvelope(document);

        var packet = Pack(envelope, files);
        var unpacked = EdxmlPacket.Unpack(new MemoryStream(packet), folder.Path);

        Assert.Empty(unpacked.Problems);
        Assert.Equal(packet, Pack(envelope, files));
        Assert.Equal(
            files.Select(f => (f.Id, f.Name, f.Bytes.LongLength, Convert.ToHexStringLower(SHA256.HashData(f.Bytes)))),
            unpacked.Attachments.Select(a => (a.ContentId, a.Name!, a.Size, a.Sha256)));
        Assert.All(unpacked.Attachments.Zip(files), pair => Assert.Equal(pair.Second.Bytes, File.ReadAllBytes(pair.First.Path)));
        Assert.Equal(["Phụ lục.xlsx", "f"], unpacked.Attachments.Where(a => a.WasZipped).Select(a => a.Name));
        Assert.Equal(
            Encoding.UTF8.GetString(EdxmlWriter.WriteEnvelope(document with { Trace = [] })), Encoding.UTF8.GetString(unpacked.Envelope));
    }

    [Fact]
    public void Attachments_are_matched_by_their_id_not_by_their_place()
    {
        var files = new[] { (Id: "một", Name: "1.pdf", Bytes: Noise(10, 1)), (Id: "hai", Name: "2.pdf", Bytes: Noise(20, 2)) };
        var document = AxisSamples.Document with { References = files.Select(f => new EdxmlReference(f.Id, null, null, f.Name)).Reverse().ToList() };
        var xml = XDocument.Load(new MemoryStream(Pack(EdxmlWriter.WriteEnvelope(document), files)));
        var encoded = xml.Root!.Elements().Last();
        encoded.Remove();
        xml.Root.AddFirst(encoded); // and before the envelope

        var unpacked = AxisSamples.Unpack(folder, xml.ToString());

        Assert.Empty(unpacked.Problems);
        Assert.Equal([("một", 10L), ("hai", 20L)], unpacked.Attachments.Select(a => (a.ContentId, a.Size)));
    }

    [Fact]
    public void A_large_attachment_passes_both_ways_without_being_held_in_memory()
    {
        const int size = 24 << 20;
        var envelope = EdxmlWriter.WriteEnvelope(AxisSamples.Document with { References = [new EdxmlReference("big", null, null, "big.pdf")] });
        var source = Path.Combine(folder.Path, "big.pdf");
        File.WriteAllBytes(source, Noise(size, 3));
        var packed = Path.Combine(folder.Path, "big.edxml");
        var before = GC.GetAllocatedBytesForCurrentThread();

        using (var output = File.Create(packed))
            EdxmlPacket.Pack(envelope, [], [new PacketAttachment("big", "big.pdf", null, () => File.OpenRead(source))], output);
        using var input = File.OpenRead(packed);
        var unpacked = EdxmlPacket.Unpack(input, folder.Path);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(source))), Assert.Single(unpacked.Attachments).Sha256);
    }

    private static byte[] Pack(byte[] envelope, IEnumerable<(string Id, string Name, byte[] Bytes)> files)
    {
        using var output = new MemoryStream();
        EdxmlPacket.Pack(envelope, [], files.Select(f => new PacketAttachment(f.Id, f.Name, null, () => new MemoryStream(f.Bytes))).ToList(), output);
        return output.ToArray();
    }

    private static byte[] Noise(int size, int seed)
    {
        var bytes = new byte[size];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
