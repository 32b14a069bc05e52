using System.IO.Compression;
using System.Text;
using VanBanDienTu.Axis;
using VanBanDienTu.Axis.Edxml;

namespace VanBanDienTu.UnitTests.Axis;

public sealed class HostilePacketTests : IDisposable
{
    private const string Ns = "http://www.mic.gov.vn/TBT/QCVN_102_2016";

    private readonly TemporaryFolder folder = new();

    private static string Packet => Encoding.UTF8.GetString(AxisSamples.Packet);

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Billion_laughs_is_refused_at_its_doctype()
    {
        var laughs = string.Concat(Enumerable.Range(1, 9).Select(i => $"<!ENTITY l{i} \"{string.Concat(Enumerable.Repeat($"&l{i - 1};", 10))}\">"));
        var packet = Packet.Replace("<edXML xmlns", $"<!DOCTYPE edXML [<!ENTITY l0 \"ha\">{laughs}]><edXML xmlns", StringComparison.Ordinal);

        Assert.Equal(AxisFault.DtdForbidden, Assert.Single(AxisSamples.Unpack(folder, packet).Problems).Fault);
        Assert.Equal(AxisFault.DtdForbidden, Assert.Single(AxisSamples.ProblemsOf(packet)).Fault);
    }

    [Fact]
    public void An_external_entity_is_never_read()
    {
        var secret = Path.Combine(folder.Path, "secret.txt");
        File.WriteAllText(secret, "mật khẩu");
        var packet = Packet
            .Replace("<edXML xmlns", $"<!DOCTYPE edXML [<!ENTITY x SYSTEM \"file://{secret}\">]><edXML xmlns", StringComparison.Ordinal)
            .Replace(">Hà Nội<", ">&x;<", StringComparison.Ordinal);

        var unpacked = AxisSamples.Unpack(folder, packet);

        Assert.Equal(AxisFault.DtdForbidden, Assert.Single(unpacked.Problems).Fault);
        Assert.Empty(unpacked.Envelope);
    }

    [Theory]
    [InlineData("<edXML:Subject>")]
    [InlineData("<AttachmentName>")]
    [InlineData("<AttachmentEncoded>")]
    public void Ten_thousand_nested_elements_are_refused(string inside)
    {
        var deep = string.Concat(Enumerable.Repeat("<a>", 10_000)) + string.Concat(Enumerable.Repeat("</a>", 10_000));

        var packet = AxisSamples.Unpack(folder, Packet.Replace(inside, inside + deep, StringComparison.Ordinal));

        Assert.True(inside == "<AttachmentName>" || packet.Problems.Any(p => p.Fault == AxisFault.LimitExceeded));
    }

    [Fact]
    public void Too_many_elements_are_refused()
    {
        var many = string.Concat(Enumerable.Repeat("<a/>", EdxmlLimits.Default.MaxElements));

        Assert.Equal(AxisFault.LimitExceeded, Assert.Single(AxisSamples.ProblemsOf($"<edXML xmlns=\"{Ns}\">{many}</edXML>")).Fault);
    }

    [Theory]
    [InlineData("<edXML:Subject>", "<edXML:Subject>")]
    [InlineData("<AttachmentName>", "<AttachmentName>")]
    [InlineData("<Attachment>", "<Attachment a=\"")]
    public void A_text_or_attribute_without_end_is_refused_within_bounded_memory(string at, string start)
    {
        var cut = Packet.IndexOf(at, StringComparison.Ordinal);
        using var endless = new EndlessStream(AxisSamples.Bytes(Packet[..cut] + start), (byte)'x');
        var before = GC.GetAllocatedBytesForCurrentThread();

        var packet = EdxmlPacket.Unpack(endless, folder.Path);

        Assert.Equal(AxisFault.LimitExceeded, Assert.Single(packet.Problems).Fault);
        Assert.InRange(endless.Served, 0, EdxmlLimits.Default.MaxEnvelopeBytes + (1 << 20));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 20L * EdxmlLimits.Default.MaxEnvelopeBytes);
    }

    [Fact]
    public void Base64_without_end_is_refused_at_the_limit_and_leaves_no_file()
    {
        var cut = Packet.IndexOf("JVBERi0x", StringComparison.Ordinal);
        using var endless = new EndlessStream(AxisSamples.Bytes(Packet[..cut]), (byte)'A');
        var before = GC.GetAllocatedBytesForCurrentThread();

        var packet = EdxmlPacket.Unpack(endless, folder.Path, new EdxmlLimits { MaxAttachmentBytes = 32 << 20 });

        Assert.Equal(AxisFault.LimitExceeded, Assert.Single(packet.Problems).Fault);
        Assert.Empty(Directory.GetFiles(folder.Path));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
    }

    [Fact]
    public void More_attachments_than_allowed_are_refused_and_leave_no_file()
    {
        var start = Packet.IndexOf("<Attachment>", StringComparison.Ordinal);
        var end = Packet.IndexOf("</AttachmentEncoded>", StringComparison.Ordinal);
        var packet = Packet[..start] + string.Concat(Enumerable.Repeat(Packet[start..end], 11)) + Packet[end..];

        var unpacked = AxisSamples.Unpack(folder, packet, new EdxmlLimits { MaxAttachments = 10 });

        Assert.Equal(AxisFault.LimitExceeded, Assert.Single(unpacked.Problems).Fault);
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void A_zip_bomb_is_refused_before_the_disk_is_full()
    {
        var bomb = Zip(("big.xlsx", new byte[250 << 20]));
        Assert.True(bomb.Length < 1 << 20);

        var packet = AxisSamples.Unpack(folder, WithZip(bomb));

        Assert.Equal(AxisFault.ArchiveRefused, Assert.Single(packet.Problems).Fault);
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void A_zip_entry_cannot_choose_where_it_is_written()
    {
        var packet = AxisSamples.Unpack(folder, WithZip(Zip(("../../evil.xlsx", "nội dung"u8.ToArray()))));

        var attachment = Assert.Single(packet.Attachments);
        Assert.Equal(Path.Combine(folder.Path, "1"), attachment.Path);
        Assert.Equal("nội dung", File.ReadAllText(attachment.Path));
        Assert.Single(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void A_zip_with_a_huge_directory_is_refused_before_it_is_read()
    {
        var zip = Zip(Enumerable.Range(0, 20_000).Select(i => ($"{i}", Array.Empty<byte>())).ToArray());

        Assert.Equal(AxisFault.ArchiveRefused, Assert.Single(AxisSamples.Unpack(folder, WithZip(zip)).Problems).Fault);
    }

    [Fact]
    public void A_damaged_zip_never_gives_a_file()
    {
        var zip = Zip(("a.xlsx", Encoding.UTF8.GetBytes(string.Join(' ', Enumerable.Range(0, 500)))));
        var accepted = 0;
        for (var at = 0; at < zip.Length; at += 7)
        {
            var damaged = zip.ToArray();
            damaged[at] ^= 0x55;
            using var here = new TemporaryFolder();
            var packet = AxisSamples.Unpack(here, WithZip(damaged));
            // Names and dates inside the ZIP mean nothing here; the content must be right or refused.
            if (packet.Attachments is [var attachment])
            {
                accepted++;
                Assert.Equal(string.Join(' ', Enumerable.Range(0, 500)), File.ReadAllText(attachment.Path));
            }
            else
            {
                Assert.Equal(AxisFault.ArchiveRefused, Assert.Single(packet.Problems).Fault);
                Assert.Empty(Directory.GetFiles(here.Path));
            }
        }
        Assert.InRange(accepted, 1, zip.Length / 7 / 2);
    }

    [Fact]
    public void Any_single_changed_byte_of_a_packet_is_read_or_refused_but_never_crashes()
    {
        for (var at = 0; at < AxisSamples.Packet.Length; at += 13)
        {
            var bytes = AxisSamples.Packet;
            bytes[at] ^= (byte)(1 << (at % 8));
            using var here = new TemporaryFolder();
            var packet = EdxmlPacket.Unpack(new MemoryStream(bytes), here.Path);
            Assert.Equal(packet.HasErrors, packet.Reading.Document is null && packet.Reading.Status is null);
            Assert.Equal(packet.Attachments.Count, Directory.GetFiles(here.Path).Length);
        }
    }

    private static string WithZip(byte[] zip)
    {
        var start = Packet.IndexOf("JVBERi0x", StringComparison.Ordinal);
        var end = Packet.IndexOf("</edXML:ContentTransferEncoded>", StringComparison.Ordinal);
        return (Packet[..start] + Convert.ToBase64String(zip) + Packet[end..])
            .Replace("1234_BTNMT-KHTC_signed.pdf", "Phụ lục.xlsx", StringComparison.Ordinal)
            .Replace("application/pdf", "application/zip", StringComparison.Ordinal);
    }

    private static byte[] Zip(params (string Name, byte[] Content)[] entries)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var (name, content) in entries)
            {
                using var entry = zip.CreateEntry(name).Open();
                entry.Write(content);
            }
        return bytes.ToArray();
    }

    /// <summary>A peer that never stops sending.</summary>
    private sealed class EndlessStream(byte[] start, byte then) : Stream
    {
        public long Served { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            for (var i = 0; i < count; i++, Served++)
                buffer[offset + i] = Served < start.Length ? start[Served] : then;
            return count;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
