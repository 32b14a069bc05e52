using System.Text;
using VanBanDienTu.Axis.Edxml;

namespace VanBanDienTu.UnitTests.Axis;

public sealed class ReadingTolerancesTests
{
    [Fact]
    public void Elements_are_read_in_any_order_and_under_any_prefix()
    {
        const string ns = "http://www.mic.gov.vn/TBT/QCVN_102_2016";
        var reading = EdxmlReader.ReadEnvelope(AxisSamples.Bytes($"""
            <q:edXML xmlns:q="{ns}"><edXMLEnvelope xmlns="{ns}">
            <edXMLBody><edXMLManifest version="1.0"/></edXMLBody>
            <edXMLHeader><MessageHeader>
              <Subject>  Thử nghiệm  </Subject><SteeringType/><Code><CodeNotation>UBND-VP</CodeNotation><CodeNumber>07</CodeNumber></Code>
              <To><OrganId>H09</OrganId></To><PromulgationInfo><PromulgationDate>2026/11/22</PromulgationDate></PromulgationInfo>
              <DocumentId>0b6c5a0e-52b1-4cf9-9a55-6f4d3a1de001</DocumentId><From><OrganName>A</OrganName><OrganId>28.22.H17</OrganId></From>
            </MessageHeader></edXMLHeader></edXMLEnvelope></q:edXML>
            """));

        var document = reading.RequireDocument();
        Assert.Equal("Thử nghiệm", document.Subject);
        Assert.Equal("07/UBND-VP", document.Code.ToString());
        Assert.Equal("0b6c5a0e-52b1-4cf9-9a55-6f4d3a1de001", document.DocumentId);
        Assert.Equal("28.22.H17", document.From.OrganId.Text);
        Assert.Null(document.SteeringType);
        Assert.Contains(reading.Problems, p => p.Code == "W.MessageHeader.From.OrganId");
        Assert.Contains(reading.Problems, p => p.Code == "T.MessageHeader.SteeringType");
        Assert.DoesNotContain(reading.Problems, p => p.IsError);
    }

    [Theory]
    [InlineData("<edXML:OrganId>null</edXML:OrganId>")]
    [InlineData("<edXML:OrganId/>")]
    [InlineData("")]
    public void A_hop_without_a_code_is_kept_as_a_hop(string organId)
    {
        var envelope = AxisSamples.Envelope.Replace(
            "<edXML:TraceHeaderList>",
            $"<edXML:TraceHeaderList><edXML:TraceHeader>{organId}<edXML:Timestamp>2024/11/21 09:16:00</edXML:Timestamp></edXML:TraceHeader>",
            StringComparison.Ordinal);

        var reading = EdxmlReader.ReadEnvelope(AxisSamples.Bytes(envelope));

        Assert.Empty(reading.Problems);
        Assert.Equal([null, "G13"], reading.RequireDocument().Trace.Select(h => h.OrganId?.Text));
    }

    [Theory]
    [InlineData("1", EdxmlStatusCode.Arrived)]
    [InlineData("01", EdxmlStatusCode.Arrived)]
    [InlineData(" 06 ", EdxmlStatusCode.Finished)]
    [InlineData("13", EdxmlStatusCode.TakeBack)]
    public void A_status_code_may_lack_its_zero(string text, EdxmlStatusCode expected)
    {
        var status = Encoding.UTF8.GetString(AxisSamples.Status).Replace("StatusCode>02<", $"StatusCode>{text}<", StringComparison.Ordinal);

        Assert.Equal(expected, EdxmlReader.ReadEnvelope(AxisSamples.Bytes(status)).RequireStatus().StatusCode);
    }

    [Fact]
    public void A_byte_order_mark_and_utf_16_are_read()
    {
        byte[] marked = [.. Encoding.UTF8.GetPreamble(), .. AxisSamples.Status];
        byte[] wide = [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(Encoding.UTF8.GetString(AxisSamples.Status).Replace("UTF-8", "UTF-16", StringComparison.Ordinal))];

        Assert.Empty(EdxmlReader.ReadEnvelope(marked).Problems);
        Assert.Empty(EdxmlReader.ReadEnvelope(new MemoryStream(wide)).Problems);
    }

    [Theory]
    [InlineData("2024-11-21", true)]
    [InlineData("2024/11/21 00:00:00", true)]
    [InlineData("2024/1/2", true)]
    [InlineData("21/11/2024", false)]
    [InlineData("2024/02/30", false)]
    [InlineData("hôm qua", false)]
    public void A_date_that_the_official_parser_would_lose_is_never_silent(string text, bool readable)
    {
        var reading = EdxmlReader.ReadEnvelope(AxisSamples.Bytes(AxisSamples.Envelope.Replace(
            "PromulgationDate>2024/11/21<", $"PromulgationDate>{text}<", StringComparison.Ordinal)));

        var problem = Assert.Single(reading.Problems, p => p.Code == "M.MessageHeader.PromulgationInfo.PromulgationDate");
        Assert.Equal(readable, !problem.IsError);
        Assert.Equal(readable, reading.Document is not null);
    }

    [Fact]
    public void A_misspelt_element_is_named_with_the_right_spelling()
    {
        var problems = AxisSamples.ProblemsOf(AxisSamples.Envelope.Replace("edXML:Subject>", "edXML:subject>", StringComparison.Ordinal));

        Assert.Contains(problems, p => p is { Code: "N.MessageHeader.Subject", IsError: true });
        Assert.Contains("write Subject", Assert.Single(problems, p => p.Code == "W.MessageHeader.subject").En, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unsigned_or_dummy_signed_header_is_accepted_and_the_signature_is_noted()
    {
        var signed = AxisSamples.Envelope.Replace(
            "</edXML:edXMLHeader>", "<Signature xmlns=\"http://www.w3.org/2000/09/xmldsig#\"><SignedInfo/></Signature></edXML:edXMLHeader>", StringComparison.Ordinal);

        var reading = EdxmlReader.ReadEnvelope(AxisSamples.Bytes(signed));

        Assert.Empty(reading.Problems);
        Assert.True(reading.RequireDocument().HasHeaderSignature);
        Assert.False(AxisSamples.Document.HasHeaderSignature);
    }

    [Fact]
    public void Empty_elements_are_nothing()
    {
        var envelope = AxisSamples.Envelope.Replace("<edXML:SteeringType>0</edXML:SteeringType>", "<edXML:ResponseFor/><edXML:ResponseFor><edXML:Code/></edXML:ResponseFor><edXML:ApplicationType/>", StringComparison.Ordinal);

        var reading = EdxmlReader.ReadEnvelope(AxisSamples.Bytes(envelope));

        Assert.Empty(reading.Problems);
        Assert.Single(reading.RequireDocument().ResponseFor);
        Assert.Null(reading.RequireDocument().ApplicationType);
    }

    [Fact]
    public void A_recall_an_update_and_a_replacement_say_what_they_are_about()
    {
        var update = Business("""
            <edXML:DocumentId>G13,2024/11/21,1234/BTNMT-KHTC</edXML:DocumentId><edXML:BussinessDocType>2</edXML:BussinessDocType>
            <edXML:BussinessDocReason>Sửa nơi nhận</edXML:BussinessDocReason><edXML:Paper>1</edXML:Paper>
            <edXML:BussinessDocumentInfo><edXML:DocumentInfo>1</edXML:DocumentInfo><edXML:DocumentReceiver>1</edXML:DocumentReceiver>
            <edXML:ReceiverList><edXML:Receiver><edXML:OrganId>H41</edXML:OrganId><edXML:ReceiverType>0</edXML:ReceiverType></edXML:Receiver></edXML:ReceiverList>
            </edXML:BussinessDocumentInfo>
            """);
        var replace = Business("""
            <edXML:BussinessDocType>3</edXML:BussinessDocType><edXML:BussinessDocReason>Thay thế</edXML:BussinessDocReason>
            <edXML:ReplacementInfoList><edXML:ReplacementInfo><edXML:DocumentId>cũ-1</edXML:DocumentId>
            <edXML:OrganIdList><edXML:OrganId>H41</edXML:OrganId><edXML:OrganId>H14</edXML:OrganId></edXML:OrganIdList></edXML:ReplacementInfo></edXML:ReplacementInfoList>
            """);
        var recall = Business("<edXML:BussinessDocType>1</edXML:BussinessDocType><edXML:BussinessDocReason>Gửi nhầm</edXML:BussinessDocReason>");

        Assert.Equal((BussinessType.Update, "G13,2024/11/21,1234/BTNMT-KHTC", true), (update.Type, update.DocumentId, update.Paper));
        Assert.Equal("H41", Assert.Single(Assert.Single(update.Changes).Receivers).OrganId.Text);
        Assert.Equal(["H41", "H14"], Assert.Single(replace.Replacements).OrganIds.Select(o => o.Text));
        Assert.Equal((BussinessType.Recall, "Gửi nhầm"), (recall.Type, recall.Reason));
    }

    private static Bussiness Business(string inside)
    {
        var envelope = AxisSamples.Envelope;
        var from = envelope.IndexOf("<edXML:Bussiness>", StringComparison.Ordinal);
        var to = envelope.IndexOf("</edXML:Bussiness>", StringComparison.Ordinal);
        var reading = EdxmlReader.ReadEnvelope(AxisSamples.Bytes($"{envelope[..from]}<edXML:Bussiness>{inside}{envelope[to..]}"));
        Assert.Empty(reading.Problems);
        return reading.RequireDocument().Bussiness!;
    }
}
