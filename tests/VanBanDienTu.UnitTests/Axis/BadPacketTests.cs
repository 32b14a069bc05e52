using System.Text;
using VanBanDienTu.Axis;
using VanBanDienTu.Axis.Edxml;
using VanBanDienTu.Axis.Organs;

namespace VanBanDienTu.UnitTests.Axis;

public sealed class BadPacketTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private static string Packet => Encoding.UTF8.GetString(AxisSamples.Packet);

    public void Dispose() => folder.Dispose();

    [Fact]
    public void All_problems_are_listed_at_once_with_their_place()
    {
        var envelope = AxisSamples.Envelope
            .Replace("<edXML:OrganId>H09</edXML:OrganId>", "", StringComparison.Ordinal)
            .Replace("<edXML:CodeNumber>1234</edXML:CodeNumber>", "", StringComparison.Ordinal)
            .Replace("PromulgationDate>2024/11/21<", "PromulgationDate>21.11.24<", StringComparison.Ordinal)
            .Replace("PageAmount>1<", "PageAmount>một<", StringComparison.Ordinal)
            .Replace("BussinessDocType>0<", "BussinessDocType>9<", StringComparison.Ordinal);

        var reading = EdxmlReader.ReadEnvelope(AxisSamples.Bytes(envelope));

        Assert.Equal(
            [
                "N.MessageHeader.To.OrganId", "N.MessageHeader.Code.CodeNumber", "M.MessageHeader.PromulgationInfo.PromulgationDate",
                "T.TraceHeaderList.Bussiness.BussinessDocType", "T.MessageHeader.OtherInfo.PageAmount",
            ],
            reading.Problems.Select(p => p.Code));
        Assert.All(reading.Problems, p => Assert.True(p.Line > 1 && p.Vi.Length > 20 && p.En.Length > 20));
        Assert.Equal(4, reading.Problems.Count(p => p.IsError));
        var refused = Assert.Throws<AxisException>(reading.RequireDocument);
        Assert.Equal(AxisFault.InvalidContent, refused.Fault);
        Assert.Equal(5, refused.Problems.Count);
    }

    [Fact]
    public void A_text_that_is_too_long_is_a_warning_by_the_configured_table()
    {
        var document = AxisSamples.Document with { Subject = new string('á', 501) };

        Assert.Equal("R.MessageHeader.Subject", Assert.Single(EdxmlRules.Default.Check(document)).Code);
        Assert.Empty((EdxmlRules.Default with { MaxLengths = new Dictionary<string, int>(StringComparer.Ordinal) }).Check(document));
    }

    [Fact]
    public void A_receiver_given_twice_is_refused_when_read_and_when_written()
    {
        var document = AxisSamples.Document;
        var twice = AxisSamples.ProblemsOf(AxisSamples.Envelope.Replace("<edXML:OrganId>H09<", "<edXML:OrganId>G22<", StringComparison.Ordinal));

        Assert.Contains(twice, p => p is { Code: "D.MessageHeader.To.OrganId", IsError: true });
        Assert.Throws<AxisException>(() => EdxmlWriter.WriteEnvelope(document with { To = [document.To[0], document.To[0]] }));
    }

    [Fact]
    public void Nothing_is_written_that_peers_could_not_read()
    {
        var document = AxisSamples.Document with { To = [], DocumentId = " ", Subject = "chuông \u0007", Code = new EdxmlCode("", null) };

        var refused = Assert.Throws<AxisException>(() => EdxmlWriter.WriteEnvelope(document));

        Assert.Equal(
            ["N.MessageHeader.DocumentId", "N.MessageHeader.Code.CodeNumber", "M.MessageHeader.Subject", "N.MessageHeader.To"],
            refused.Problems.Where(p => p.IsError).Select(p => p.Code));
    }

    [Theory]
    [InlineData("Tối mật", null)]
    [InlineData("Công văn", "[MẬT] Về phương án phòng thủ")]
    [InlineData("Công văn", "TUYỆT MẬT - về phương án")]
    [InlineData("Công văn", "Về phương án (Mật)")]
    public void A_document_marked_secret_is_refused(string type, string? subject)
    {
        var document = AxisSamples.Document;
        document = document with { DocumentType = document.DocumentType! with { TypeName = type }, Subject = subject ?? document.Subject };

        Assert.Equal(AxisFault.SecretDocument, Assert.Throws<AxisException>(() => EdxmlWriter.WriteEnvelope(document)).Fault);
    }

    [Fact]
    public void A_packet_of_before_2016_is_named_as_such()
    {
        var old = AxisSamples.ProblemsOf("<edXML xmlns=\"http://www.e-doc.vn/Schema/\"/>");
        var soap = AxisSamples.ProblemsOf("<S:Envelope xmlns:S=\"http://schemas.xmlsoap.org/soap/envelope/\"/>");
        var other = AxisSamples.ProblemsOf("<html/>");

        Assert.Equal(AxisFault.OldNamespace, Assert.Single(old).Fault);
        Assert.Equal(AxisFault.OldNamespace, Assert.Single(soap).Fault);
        Assert.Equal(AxisFault.NotEdxml, Assert.Single(other).Fault);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("%PDF-1.7")]
    [InlineData("<edXML")]
    [InlineData("<edXML xmlns=\"http://www.mic.gov.vn/TBT/QCVN_102_2016\">")]
    public void What_is_not_xml_is_refused_in_one_sentence(string text)
    {
        Assert.Equal(AxisFault.NotXml, Assert.Single(AxisSamples.ProblemsOf(text)).Fault);
        Assert.Equal(AxisFault.NotXml, Assert.Single(AxisSamples.Unpack(folder, text).Problems).Fault);
    }

    [Fact]
    public void A_packet_cut_off_anywhere_is_refused_and_leaves_no_file()
    {
        for (var length = 0; length < AxisSamples.Packet.Length - 12; length += 61)
        {
            var packet = EdxmlPacket.Unpack(new MemoryStream(AxisSamples.Packet, 0, length), folder.Path);

            Assert.True(packet.HasErrors);
            Assert.Empty(Directory.GetFiles(folder.Path));
        }
    }

    [Theory]
    [InlineData("JVBERi0x", "JVBE*i0x")]
    [InlineData("JVBERi0x", "JVBE\uFFFDi0x")]
    [InlineData("JVBERi0x", "JVBER")]
    [InlineData("JVBERi0x", "JVB=Ri0x")]
    [InlineData("JSVFT0YK<", "JSVFT0YK=<")]
    [InlineData("JSVFT0YK<", "JSVFT0Y<")]
    [InlineData("JSVFT0YK<", "JSVFT0<")]
    public void Broken_base64_is_refused_and_leaves_no_file(string from, string to)
    {
        var packet = AxisSamples.Unpack(folder, Packet.Replace(from, to, StringComparison.Ordinal));

        Assert.Equal(AxisFault.AttachmentCorrupt, Assert.Single(packet.Problems).Fault);
        Assert.Empty(packet.Attachments);
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void Base64_in_lines_and_in_cdata_is_read()
    {
        var start = Packet.IndexOf("JVBERi0x", StringComparison.Ordinal);
        var broken = $"{Packet[..start]}\r\n{Packet[start..(start + 62)]}\r\n\t<![CDATA[{Packet[(start + 62)..(start + 70)]}]]>{Packet[(start + 70)..]}";

        var packet = AxisSamples.Unpack(folder, broken);

        Assert.Equal(AxisSamples.PdfSha256, Assert.Single(packet.Attachments).Sha256);
    }

    [Fact]
    public void A_missing_attachment_is_named_and_a_stray_one_is_a_warning()
    {
        const string declared = "cid:6f0c9a52-6a53-4d0e-9f3e-3b1f6d2a7c11</edXML:ContentId>";
        var packet = AxisSamples.Unpack(folder, Packet.Replace(declared, "cid:other</edXML:ContentId>", StringComparison.Ordinal));

        var missing = Assert.Single(packet.Problems, p => p.IsError);
        Assert.Equal((AxisFault.AttachmentMissing, "N.AttachmentEncoded.Attachment"), (missing.Fault, missing.Code));
        Assert.Contains("1234_BTNMT-KHTC_signed.pdf", missing.Vi, StringComparison.Ordinal);
        Assert.Contains(packet.Problems, p => p is { IsError: false, Code: "W.edXMLBody.edXMLManifest.Reference" });
    }

    [Fact]
    public void Packing_without_a_declared_attachment_writes_nothing()
    {
        using var output = new MemoryStream();

        var refused = Assert.Throws<AxisException>(() => EdxmlPacket.Pack(AxisSamples.Bytes(AxisSamples.Envelope), [], [], output));

        Assert.Equal(AxisFault.AttachmentMissing, refused.Fault);
        Assert.Equal(0, output.Length);
    }

    [Fact]
    public void Asking_for_the_other_kind_of_packet_says_so()
    {
        Assert.Equal(AxisFault.NotEdxml, Assert.Throws<AxisException>(EdxmlReader.ReadEnvelope(AxisSamples.Status).RequireDocument).Fault);
        Assert.Equal(AxisFault.NotEdxml, Assert.Throws<AxisException>(EdxmlReader.ReadEnvelope(AxisSamples.Bytes(AxisSamples.Envelope)).RequireStatus).Fault);
    }

    [Fact]
    public void A_status_that_points_to_no_document_or_has_no_known_code_is_refused()
    {
        var status = Encoding.UTF8.GetString(AxisSamples.Status);
        var pointless = AxisSamples.ProblemsOf(status
            .Replace("<edXML:DocumentId>G13,2024/11/21,1234/BTNMT-KHTC</edXML:DocumentId>", "", StringComparison.Ordinal)
            .Replace("<edXML:OrganId>G13</edXML:OrganId>", "", StringComparison.Ordinal));
        var unknown = AxisSamples.ProblemsOf(status.Replace("StatusCode>02<", "StatusCode>07<", StringComparison.Ordinal));

        Assert.Equal("N.MessageHeader.ResponseFor.DocumentId", Assert.Single(pointless).Code);
        Assert.Equal("T.MessageHeader.StatusCode", Assert.Single(unknown).Code);
    }

    [Fact]
    public void A_rejection_without_a_reason_is_sent_with_a_warning_only()
    {
        var status = EdxmlReader.ReadEnvelope(AxisSamples.Status).RequireStatus();

        Assert.Equal("N.MessageHeader.Description", Assert.Single(EdxmlRules.Default.Check(status with { Description = null })).Code);
        Assert.Empty(EdxmlRules.Default.Check(status with { Description = null, StatusCode = EdxmlStatusCode.Arrived, From = status.From with { OrganId = OrganId.Parse("H10") } }));
    }
}
