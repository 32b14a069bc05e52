using System.Xml;

namespace VanBanDienTu.Axis.Edxml;

/// <summary>The header and manifest of a document, in the official builder's order.</summary>
internal static class DocumentWriting
{
    public static void Write(XmlWriter xml, EdxmlDocument document)
    {
        xml.Open("edXMLHeader");
        xml.Open("MessageHeader");
        WriteMessageHeader(xml, document);
        xml.WriteEndElement();
        if (document.Trace.Count > 0 || document.Bussiness is not null)
            WriteTrace(xml, document);
        xml.WriteEndElement();
        WriteManifest(xml, document.References);
    }

    public static void WriteOrgan(XmlWriter xml, string name, EdxmlOrgan organ)
    {
        xml.Open(name);
        xml.Put("OrganId", organ.OrganId.Text);
        xml.Put("OrganizationInCharge", organ.InCharge);
        xml.Put("OrganName", organ.Name);
        xml.Put("OrganAdd", organ.Address);
        xml.Put("Email", organ.Email);
        xml.Put("Telephone", organ.Telephone);
        xml.Put("Fax", organ.Fax);
        xml.Put("Website", organ.Website);
        xml.WriteEndElement();
    }

    public static void WriteResponseFor(XmlWriter xml, ResponseFor response)
    {
        xml.Open("ResponseFor");
        xml.Put("OrganId", response.OrganId?.Text);
        xml.Put("Code", response.Code);
        xml.Put("DocumentId", response.DocumentId);
        xml.Put("PromulgationDate", response.PromulgationDate);
        xml.WriteEndElement();
    }

    public static void WriteStaff(XmlWriter xml, StaffInfo? staff)
    {
        if (staff is null)
            return;
        xml.Open("StaffInfo");
        xml.Put("Department", staff.Department);
        xml.Put("DepartmentId", staff.DepartmentId);
        xml.Put("StaffId", staff.StaffId);
        xml.Put("Staff", staff.Staff);
        xml.Put("Email", staff.Email);
        xml.Put("Mobile", staff.Mobile);
        xml.WriteEndElement();
    }

    private static void WriteMessageHeader(XmlWriter xml, EdxmlDocument document)
    {
        WriteOrgan(xml, "From", document.From);
        foreach (var to in document.To)
            WriteOrgan(xml, "To", to);
        xml.Put("DocumentId", document.DocumentId);
        xml.Open("Code");
        xml.Put("CodeNumber", document.Code.Number);
        xml.Put("CodeNotation", document.Code.Notation);
        xml.WriteEndElement();
        xml.Open("PromulgationInfo");
        xml.Put("Place", document.Promulgation.Place);
        xml.Put("PromulgationDate", document.Promulgation.Date);
        xml.WriteEndElement();
        WriteKind(xml, document.DocumentType);
        xml.Put("Subject", document.Subject);
        xml.Put("Content", document.Content);
        WriteSigner(xml, document.Signer);
        xml.Put("DueDate", document.DueDate);
        WriteOther(xml, document.Other);
        foreach (var response in document.ResponseFor)
            WriteResponseFor(xml, response);
        xml.Put("SteeringType", document.SteeringType);
        xml.Put("ResponseForTask", "TaskCode", document.TaskCodes);
        xml.Put("ApplicationType", document.ApplicationType);
        xml.Put("ToPlaces", "Place", document.ToPlaces);
    }

    private static void WriteKind(XmlWriter xml, EdxmlDocumentType? kind)
    {
        if (kind is null)
            return;
        xml.Open("DocumentType");
        xml.Put("Type", kind.Type);
        xml.Put("TypeDetail", kind.TypeDetail);
        xml.Put("TypeName", kind.TypeName);
        xml.WriteEndElement();
    }

    private static void WriteSigner(XmlWriter xml, SignerInfo? signer)
    {
        if (signer is null)
            return;
        xml.Open("SignerInfo");
        xml.Put("Competence", signer.Competence);
        xml.Put("Position", signer.Position);
        xml.Put("FullName", signer.FullName);
        xml.WriteEndElement();
    }

    private static void WriteOther(XmlWriter xml, OtherInfo? other)
    {
        if (other is null)
            return;
        xml.Open("OtherInfo");
        xml.Put("Priority", other.Priority);
        xml.Put("SphereOfPromulgation", other.SphereOfPromulgation);
        xml.Put("TyperNotation", other.TyperNotation);
        xml.Put("PromulgationAmount", other.PromulgationAmount);
        xml.Put("PageAmount", other.PageAmount);
        xml.Put("ReplyFors", other.ReplyFors);
        xml.Put("Direction", other.Direction switch { true => "true", false => "false", null => null });
        xml.Put("ReferenceCodes", other.ReferenceCodes);
        xml.Put("Appendixes", "Appendix", other.Appendixes);
        xml.WriteEndElement();
    }

    private static void WriteTrace(XmlWriter xml, EdxmlDocument document)
    {
        xml.Open("TraceHeaderList");
        foreach (var hop in document.Trace)
        {
            xml.Open("TraceHeader");
            xml.Put("OrganId", hop.OrganId?.Text);
            xml.Put("Timestamp", hop.Timestamp);
            xml.WriteEndElement();
        }
        if (document.Bussiness is { } bussiness)
            BussinessWriting.Write(xml, bussiness);
        xml.WriteEndElement();
    }

    private static void WriteManifest(XmlWriter xml, IReadOnlyList<EdxmlReference> references)
    {
        xml.Open("edXMLBody");
        xml.Open("edXMLManifest");
        xml.WriteAttributeString("version", "1.0");
        foreach (var reference in references)
        {
            xml.Open("Reference");
            xml.Put("ContentId", ContentIds.Write(reference.ContentId));
            xml.Put("ContentType", reference.ContentType);
            xml.Put("Description", reference.Description);
            xml.Put("AttachmentName", reference.AttachmentName);
            xml.WriteEndElement();
        }
        xml.WriteEndElement();
        xml.WriteEndElement();
    }
}
