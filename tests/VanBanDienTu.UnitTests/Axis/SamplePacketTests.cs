using System.Text;
using System.Xml.Linq;
using VanBanDienTu.Axis.Documents;
using VanBanDienTu.Axis.Edxml;

namespace VanBanDienTu.UnitTests.Axis;

public sealed class SamplePacketTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_sample_document_reads_without_a_problem()
    {
        var packet = EdxmlPacket.Unpack(new MemoryStream(AxisSamples.Packet), folder.Path);

        Assert.Empty(packet.Problems);
        var document = packet.Reading.RequireDocument();
        Assert.Equal("G13", document.From.OrganId.Text);
        Assert.Equal("Bộ Tài nguyên và Môi trường", document.From.Name);
        Assert.Equal(["G22", "H09"], document.To.Select(t => t.OrganId.Text));
        Assert.Equal("G13,2024/11/21,1234/BTNMT-KHTC", document.DocumentId);
        Assert.Equal("1234/BTNMT-KHTC", document.Code.ToString());
        Assert.Equal(new DateOnly(2024, 11, 21), document.Promulgation.Date);
        Assert.Equal(new EdxmlDocumentType(2, 0, "Công văn"), document.DocumentType);
        Assert.Equal(new SignerInfo("KT. BỘ TRƯỞNG", "THỨ TRƯỞNG", "Nguyễn Văn A"), document.Signer);
        Assert.Equal(new DateOnly(2024, 12, 5), document.DueDate);
        Assert.Equal(Urgency.Urgent, Urgencies.FromPriority(document.Other!.Priority));
        Assert.False(document.Other.Direction);
        Assert.Equal(["Phụ lục số liệu quan trắc"], document.Other.Appendixes);
        Assert.Equal("8765/VPCP-NN", Assert.Single(document.ResponseFor).Code);
        Assert.Equal(["Như trên", "Lưu: VT, KHTC"], document.ToPlaces);
        Assert.Equal(BussinessType.New, document.Kind);
        Assert.Equal("Trần Thị B", document.Bussiness!.Staff!.Staff);
        var hop = Assert.Single(packet.Hops);
        Assert.Equal(new DateTimeOffset(2024, 11, 21, 9, 15, 30, TimeSpan.FromHours(7)), hop.Timestamp);
    }

    [Fact]
    public void The_samples_attachment_comes_out_byte_for_byte()
    {
        var packet = EdxmlPacket.Unpack(new MemoryStream(AxisSamples.Packet), folder.Path);

        var attachment = Assert.Single(packet.Attachments);
        Assert.Equal("6f0c9a52-6a53-4d0e-9f3e-3b1f6d2a7c11", attachment.ContentId);
        Assert.Equal("1234_BTNMT-KHTC_signed.pdf", attachment.Name);
        Assert.Equal((306, AxisSamples.PdfSha256, false), (attachment.Size, attachment.Sha256, attachment.WasZipped));
        Assert.Equal(306, new FileInfo(attachment.Path).Length);
        Assert.Equal(attachment.ContentId, Assert.Single(packet.Reading.RequireDocument().References).ContentId);
    }

    [Fact]
    public void The_sample_document_written_again_is_the_same_file()
    {
        var packet = EdxmlPacket.Unpack(new MemoryStream(AxisSamples.Packet), folder.Path);
        var envelope = EdxmlWriter.WriteEnvelope(packet.Reading.RequireDocument());
        var file = Assert.Single(packet.Attachments);
        using var output = new MemoryStream();

        EdxmlPacket.Pack(envelope, [], [new PacketAttachment(file.ContentId, file.Name!, file.Description, () => File.OpenRead(file.Path))], output);

        Assert.Equal(Encoding.UTF8.GetString(AxisSamples.Packet), Encoding.UTF8.GetString(output.ToArray()));
    }

    [Fact]
    public void The_sample_unpacked_and_packed_with_its_hop_is_the_same_file()
    {
        var packet = EdxmlPacket.Unpack(new MemoryStream(AxisSamples.Packet), folder.Path);
        var file = Assert.Single(packet.Attachments);
        using var output = new MemoryStream();

        EdxmlPacket.Pack(packet.Envelope, packet.Hops, [new PacketAttachment(file.ContentId, file.Name!, file.Description, () => File.OpenRead(file.Path))], output);

        Assert.True(XNode.DeepEquals(XDocument.Parse(Encoding.UTF8.GetString(AxisSamples.Packet)), XDocument.Parse(Encoding.UTF8.GetString(output.ToArray()))));
    }

    [Fact]
    public void The_sample_status_reads_and_is_written_again_as_the_same_file()
    {
        var reading = EdxmlReader.ReadEnvelope(AxisSamples.Status);

        Assert.Empty(reading.Problems);
        var status = reading.RequireStatus();
        Assert.Equal(EdxmlStatusCode.Rejected, status.StatusCode);
        Assert.Equal("H09", status.From.OrganId.Text);
        Assert.Equal("G13", status.ResponseFor.OrganId!.Text);
        Assert.Equal("G13,2024/11/21,1234/BTNMT-KHTC", status.ResponseFor.DocumentId);
        Assert.Equal(new DateTimeOffset(2024, 11, 21, 10, 5, 12, TimeSpan.FromHours(7)), status.Timestamp);
        Assert.Equal(Encoding.UTF8.GetString(AxisSamples.Status), Encoding.UTF8.GetString(EdxmlWriter.WriteStatus(status)));
    }

    [Fact]
    public void An_envelope_never_changes_on_the_way_and_hops_are_added_behind_each_other()
    {
        var envelope = EdxmlWriter.WriteEnvelope(AxisSamples.Document with { Trace = [], References = [] });
        var first = Hop("G13", 9);
        var second = Hop("H09.1", 10);

        var once = Through(envelope, [first]);
        var twice = Through(once.Envelope, [.. once.Hops, second]);

        Assert.Equal([first], once.Hops);
        Assert.Equal([first, second], twice.Hops);
        Assert.Equal(once.Envelope, twice.Envelope);
        Assert.Equal(Encoding.UTF8.GetString(envelope), Encoding.UTF8.GetString(twice.Envelope));
    }

    private static TraceHop Hop(string organ, int hour) => new(
        VanBanDienTu.Axis.Organs.OrganId.Parse(organ), new DateTimeOffset(2024, 11, 21, hour, 0, 0, TimeSpan.FromHours(7)));

    private UnpackedPacket Through(byte[] envelope, TraceHop[] hops)
    {
        using var packet = new MemoryStream();
        EdxmlPacket.Pack(envelope, hops, [], packet);
        packet.Position = 0;
        var unpacked = EdxmlPacket.Unpack(packet, folder.Path);
        Assert.Empty(unpacked.Problems);
        return unpacked;
    }
}
