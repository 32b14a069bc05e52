using System.Xml;

namespace VanBanDienTu.Axis.Edxml;

/// <summary>The business part of the trace list; its staff stays last.</summary>
internal static class BussinessWriting
{
    public static void Write(XmlWriter xml, Bussiness bussiness)
    {
        xml.Open("Bussiness");
        xml.Put("DocumentId", bussiness.DocumentId);
        xml.Put("BussinessDocType", (int)bussiness.Type);
        xml.Put("BussinessDocReason", bussiness.Reason);
        xml.Put("Paper", bussiness.Paper switch { true => "1", false => "0", null => null });
        foreach (var change in bussiness.Changes)
            WriteChange(xml, change);
        WriteReplacements(xml, bussiness.Replacements);
        DocumentWriting.WriteStaff(xml, bussiness.Staff);
        xml.WriteEndElement();
    }

    private static void WriteChange(XmlWriter xml, BussinessDocumentInfo change)
    {
        xml.Open("BussinessDocumentInfo");
        xml.Put("DocumentInfo", change.DocumentInfo);
        xml.Put("DocumentReceiver", change.DocumentReceiver);
        if (change.Receivers.Count > 0)
        {
            xml.Open("ReceiverList");
            foreach (var receiver in change.Receivers)
            {
                xml.Open("Receiver");
                xml.Put("OrganId", receiver.OrganId.Text);
                xml.Put("ReceiverType", receiver.ReceiverType);
                xml.WriteEndElement();
            }
            xml.WriteEndElement();
        }
        xml.WriteEndElement();
    }

    private static void WriteReplacements(XmlWriter xml, IReadOnlyList<ReplacementInfo> replacements)
    {
        if (replacements.Count == 0)
            return;
        xml.Open("ReplacementInfoList");
        foreach (var replacement in replacements)
        {
            xml.Open("ReplacementInfo");
            xml.Put("DocumentId", replacement.DocumentId);
            xml.Put("OrganIdList", "OrganId", replacement.OrganIds.Select(o => o.Text).ToList());
            xml.WriteEndElement();
        }
        xml.WriteEndElement();
    }
}
