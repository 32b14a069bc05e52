using VanBanDienTu.Axis.Organs;

namespace VanBanDienTu.Axis.Edxml;

/// <summary>
/// Binds a document's XML to the model. An error is what leaves it uncertain who sends, to whom, which document and what for;
/// everything else that is odd is a warning, so that nobody refuses a document over its page count.
/// </summary>
internal sealed class DocumentReading(ElementReader envelope, ElementReader header, ElementReader message, ProblemList problems)
{
    private const EdxmlSeverity Error = EdxmlSeverity.Error;
    private const EdxmlSeverity Warning = EdxmlSeverity.Warning;

    // Official packets carry an empty element when nothing is answered.
    private static readonly ResponseFor Nothing = new(null, null, null, null);

    /// <summary>Null only after an error was listed.</summary>
    public EdxmlDocument? Read()
    {
        var from = Organ(message.Child("From"), "From");
        var to = Receivers();
        var documentId = message.Text("DocumentId", Error);
        var code = Code();
        var promulgation = Promulgation();
        var subject = message.Text("Subject", Error);
        var (trace, bussiness) = Trace();
        var rest = new EdxmlDocument
        {
            From = from!,
            To = to,
            DocumentId = documentId!,
            Code = code!,
            Promulgation = promulgation!,
            DocumentType = Kind(),
            Subject = subject!,
            Content = message.Text("Content", Warning),
            Signer = Signer(),
            DueDate = message.Date("DueDate"),
            Other = Other(),
            ResponseFor = message.Children("ResponseFor").Select(ResponseFor).Where(r => r != Nothing).ToList(),
            SteeringType = message.Number("SteeringType"),
            TaskCodes = message.Texts("ResponseForTask", "TaskCode"),
            ApplicationType = message.Text("ApplicationType"),
            ToPlaces = message.Texts("ToPlaces", "Place"),
            Trace = trace,
            Bussiness = bussiness,
            References = References(),
            HasHeaderSignature = header.Element.Elements().Any(e => e.Name.LocalName == "Signature"),
        };
        message.Done();
        var complete = from is not null && to.Count > 0 && documentId is not null && code is not null && promulgation is not null && subject is not null;
        return complete ? rest : null;
    }

    public static EdxmlOrgan? ReadOrgan(ElementReader organ)
    {
        var id = organ.Organ("OrganId", Error);
        var read = new EdxmlOrgan
        {
            OrganId = id!,
            InCharge = organ.Text("OrganizationInCharge"),
            Name = organ.Text("OrganName"),
            Address = organ.Text("OrganAdd"),
            Email = organ.Text("Email"),
            Telephone = organ.Text("Telephone"),
            Fax = organ.Text("Fax"),
            Website = organ.Text("Website"),
        };
        organ.Done();
        return id is null ? null : read;
    }

    public static ResponseFor ResponseFor(ElementReader response)
    {
        var read = new ResponseFor(
            response.Organ("OrganId", null), response.Text("Code"), response.Text("DocumentId"), response.Date("PromulgationDate"));
        response.Done();
        return read;
    }

    public static StaffInfo? Staff(ElementReader? staff)
    {
        if (staff is null)
            return null;
        var read = new StaffInfo
        {
            Department = staff.Text("Department"),
            DepartmentId = staff.Text("DepartmentId"),
            StaffId = staff.Text("StaffId"),
            Staff = staff.Text("Staff"),
            Email = staff.Text("Email"),
            Mobile = staff.Text("Mobile"),
        };
        staff.Done();
        return read;
    }

    private EdxmlOrgan? Organ(ElementReader? organ, string name)
    {
        if (organ is not null)
            return ReadOrgan(organ);
        message.Missing(name, Error);
        return null;
    }

    private List<EdxmlOrgan> Receivers()
    {
        if (!message.Has("To"))
            message.Missing("To", Error);
        return message.Children("To").Select(ReadOrgan).OfType<EdxmlOrgan>().ToList();
    }

    private EdxmlCode? Code()
    {
        if (message.Child("Code") is not { } code)
        {
            message.Missing("Code", Error);
            return null;
        }
        var number = code.Text("CodeNumber", Error);
        var notation = code.Text("CodeNotation", Warning);
        code.Done();
        return number is null ? null : new EdxmlCode(number, notation);
    }

    private PromulgationInfo? Promulgation()
    {
        if (message.Child("PromulgationInfo") is not { } info)
        {
            message.Missing("PromulgationInfo", Error);
            return null;
        }
        var place = info.Text("Place", Warning);
        if (info.Text("PromulgationDate") is null)
            info.Missing("PromulgationDate", Error);
        var date = info.Date("PromulgationDate", Error);
        info.Done();
        return date is { } known ? new PromulgationInfo(place, known) : null;
    }

    private EdxmlDocumentType? Kind()
    {
        if (message.Child("DocumentType") is not { } kind)
        {
            message.Missing("DocumentType", Warning);
            return null;
        }
        var read = new EdxmlDocumentType(kind.Number("Type"), kind.Number("TypeDetail"), kind.Text("TypeName"));
        kind.Done();
        return read;
    }

    private SignerInfo? Signer()
    {
        if (message.Child("SignerInfo") is not { } signer)
        {
            message.Missing("SignerInfo", Warning);
            return null;
        }
        var read = new SignerInfo(signer.Text("Competence"), signer.Text("Position"), signer.Text("FullName"));
        signer.Done();
        return read;
    }

    private OtherInfo? Other()
    {
        if (message.Child("OtherInfo") is not { } other)
            return null;
        var read = new OtherInfo
        {
            Priority = other.Number("Priority"),
            SphereOfPromulgation = other.Text("SphereOfPromulgation"),
            TyperNotation = other.Text("TyperNotation"),
            PromulgationAmount = other.Number("PromulgationAmount"),
            PageAmount = other.Number("PageAmount"),
            ReplyFors = other.Text("ReplyFors"),
            Direction = other.Flag("Direction"),
            ReferenceCodes = other.Text("ReferenceCodes"),
            Appendixes = other.Texts("Appendixes", "Appendix"),
        };
        other.Done();
        return read;
    }

    private (IReadOnlyList<TraceHop> Trace, Bussiness? Bussiness) Trace()
    {
        var list = header.Child("TraceHeaderList");
        header.Has("Signature");
        header.Done();
        if (list is null)
            return ([], null);
        var hops = list.Children("TraceHeader").Select(Hop).ToList();
        var bussiness = list.Child("Bussiness") is { } found ? BussinessReading.Read(found) : null;
        list.Done();
        return (hops, bussiness);
    }

    private static TraceHop Hop(ElementReader hop)
    {
        // The axis writes the text «null» for hops it has no code for.
        var named = hop.Text("OrganId") is { } text && text != "null";
        var read = new TraceHop(named ? hop.Organ("OrganId", null) : null, hop.Time("Timestamp"));
        hop.Done();
        return read;
    }

    private List<EdxmlReference> References()
    {
        if (envelope.Child("edXMLBody") is not { } body)
        {
            envelope.Missing("edXMLBody", Warning);
            return [];
        }
        var manifest = body.Child("edXMLManifest");
        body.Done();
        envelope.Done();
        if (manifest is null)
        {
            body.Missing("edXMLManifest", Warning);
            return [];
        }
        var references = manifest.Children("Reference").Select(Reference).OfType<EdxmlReference>().ToList();
        manifest.Done();
        foreach (var twice in references.GroupBy(r => r.ContentId, StringComparer.Ordinal).Where(g => g.Skip(1).Any()))
            problems.Error(
                "D.edXMLBody.edXMLManifest.Reference.ContentId", AxisFault.InvalidContent,
                $"Tệp đính kèm «{EdxmlXml.Shown(twice.Key)}» được khai báo nhiều lần: mỗi tệp cần một ContentId riêng.",
                $"The attachment «{EdxmlXml.Shown(twice.Key)}» is declared more than once: each needs its own ContentId.");
        return references;
    }

    private static EdxmlReference? Reference(ElementReader reference)
    {
        var id = ContentIds.Read(reference.Text("ContentId", Error));
        var read = new EdxmlReference(
            id ?? "", reference.Text("ContentType"), reference.Text("Description"), reference.Text("AttachmentName", Warning));
        reference.Done();
        return id is null ? null : read;
    }
}

/// <summary>Content ids carry the prefix <c>cid:</c> in XML and lose it in the model.</summary>
internal static class ContentIds
{
    private const string Prefix = "cid:";

    public static string? Read(string? text)
    {
        var id = text?.Trim() is { } found && found.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)
            ? found[Prefix.Length..].Trim()
            : text?.Trim();
        return id is { Length: > 0 } ? id : null;
    }

    public static string Write(string id) => Prefix + id;
}
