using System.Xml;

namespace VanBanDienTu.Axis.Edxml;

/// <summary>The header of a status packet.</summary>
internal static class StatusWriting
{
    public static void Write(XmlWriter xml, EdxmlStatus status)
    {
        xml.Open("edXMLHeader");
        xml.Open("MessageHeader");
        DocumentWriting.WriteOrgan(xml, "From", status.From);
        DocumentWriting.WriteResponseFor(xml, status.ResponseFor);
        DocumentWriting.WriteStaff(xml, status.Staff);
        xml.Put("StatusCode", status.StatusCode.Code());
        xml.Put("Description", status.Description);
        xml.Put("Timestamp", status.Timestamp);
        xml.WriteEndElement();
        xml.WriteEndElement();
    }
}
