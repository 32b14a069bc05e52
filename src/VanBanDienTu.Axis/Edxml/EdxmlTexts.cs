namespace VanBanDienTu.Axis.Edxml;

/// <summary>All texts of a packet with their paths, for the checks that are the same for each.</summary>
internal static class EdxmlTexts
{
    public static IEnumerable<(string Path, string? Text, bool Required)> Of(EdxmlDocument document)
    {
        const string m = "MessageHeader.";
        return
        [
            .. Of(m + "From", document.From),
            .. document.To.SelectMany(to => Of(m + "To", to)),
            (m + "DocumentId", document.DocumentId, true),
            (m + "Code.CodeNumber", document.Code.Number, true),
            (m + "Code.CodeNotation", document.Code.Notation, false),
            (m + "PromulgationInfo.Place", document.Promulgation.Place, false),
            (m + "DocumentType.TypeName", document.DocumentType?.TypeName, false),
            (m + "Subject", document.Subject, true),
            (m + "Content", document.Content, false),
            (m + "SignerInfo.Competence", document.Signer?.Competence, false),
            (m + "SignerInfo.Position", document.Signer?.Position, false),
            (m + "SignerInfo.FullName", document.Signer?.FullName, false),
            (m + "OtherInfo.SphereOfPromulgation", document.Other?.SphereOfPromulgation, false),
            (m + "OtherInfo.TyperNotation", document.Other?.TyperNotation, false),
            (m + "OtherInfo.ReplyFors", document.Other?.ReplyFors, false),
            (m + "OtherInfo.ReferenceCodes", document.Other?.ReferenceCodes, false),
            .. (document.Other?.Appendixes ?? []).Select(a => (m + "OtherInfo.Appendixes.Appendix", (string?)a, false)),
            .. document.ResponseFor.SelectMany(Of),
            .. document.TaskCodes.Select(t => (m + "ResponseForTask.TaskCode", (string?)t, false)),
            (m + "ApplicationType", document.ApplicationType, false),
            .. document.ToPlaces.Select(p => (m + "ToPlaces.Place", (string?)p, false)),
            .. Of(document.Bussiness),
            .. document.References.SelectMany(Of),
        ];
    }

    public static IEnumerable<(string Path, string? Text, bool Required)> Of(EdxmlStatus status) =>
    [
        .. Of("MessageHeader.From", status.From),
        .. Of(status.ResponseFor),
        .. Of("MessageHeader.StaffInfo", status.Staff),
        ("MessageHeader.Description", status.Description, false),
    ];

    private static IEnumerable<(string, string?, bool)> Of(string path, EdxmlOrgan organ) =>
    [
        (path + ".OrganizationInCharge", organ.InCharge, false), (path + ".OrganName", organ.Name, false),
        (path + ".OrganAdd", organ.Address, false), (path + ".Email", organ.Email, false),
        (path + ".Telephone", organ.Telephone, false), (path + ".Fax", organ.Fax, false), (path + ".Website", organ.Website, false),
    ];

    private static IEnumerable<(string, string?, bool)> Of(ResponseFor response) =>
    [
        ("MessageHeader.ResponseFor.Code", response.Code, false), ("MessageHeader.ResponseFor.DocumentId", response.DocumentId, false),
    ];

    private static IEnumerable<(string, string?, bool)> Of(string path, StaffInfo? staff) => staff is null
        ? []
        :
        [
            (path + ".Department", staff.Department, false), (path + ".DepartmentId", staff.DepartmentId, false),
            (path + ".StaffId", staff.StaffId, false), (path + ".Staff", staff.Staff, false),
            (path + ".Email", staff.Email, false), (path + ".Mobile", staff.Mobile, false),
        ];

    private static IEnumerable<(string, string?, bool)> Of(Bussiness? bussiness)
    {
        const string path = "TraceHeaderList.Bussiness";
        return bussiness is null
            ? []
            :
            [
                (path + ".DocumentId", bussiness.DocumentId, false), (path + ".BussinessDocReason", bussiness.Reason, false),
                .. bussiness.Changes.SelectMany(c => new (string, string?, bool)[]
                {
                    (path + ".BussinessDocumentInfo.DocumentInfo", c.DocumentInfo, false),
                    (path + ".BussinessDocumentInfo.DocumentReceiver", c.DocumentReceiver, false),
                }),
                .. bussiness.Changes.SelectMany(c => c.Receivers)
                    .Select(r => (path + ".BussinessDocumentInfo.ReceiverList.Receiver.ReceiverType", r.ReceiverType, false)),
                .. bussiness.Replacements.Select(r => (path + ".ReplacementInfoList.ReplacementInfo.DocumentId", (string?)r.DocumentId, true)),
                .. Of(path + ".StaffInfo", bussiness.Staff),
            ];
    }

    private static IEnumerable<(string, string?, bool)> Of(EdxmlReference reference)
    {
        const string path = "edXMLBody.edXMLManifest.Reference";
        return
        [
            (path + ".ContentId", reference.ContentId, true), (path + ".ContentType", reference.ContentType, false),
            (path + ".Description", reference.Description, false), (path + ".AttachmentName", reference.AttachmentName, false),
        ];
    }
}
