using VanBanDienTu.Axis.Organs;

namespace VanBanDienTu.Axis.Edxml;

/// <summary>Binds the business part of the trace list.</summary>
internal static class BussinessReading
{
    public static Bussiness Read(ElementReader bussiness)
    {
        var read = new Bussiness
        {
            Type = Type(bussiness),
            DocumentId = bussiness.Text("DocumentId"),
            Reason = bussiness.Text("BussinessDocReason"),
            Paper = bussiness.Flag("Paper"),
            Changes = bussiness.Children("BussinessDocumentInfo").Select(Change).ToList(),
            Replacements = Replacements(bussiness.Child("ReplacementInfoList")),
            Staff = DocumentReading.Staff(bussiness.Child("StaffInfo")),
        };
        bussiness.Done();
        return read;
    }

    private static BussinessType Type(ElementReader bussiness)
    {
        if (bussiness.Number("BussinessDocType", EdxmlSeverity.Error) is not { } number)
            return BussinessType.New;
        if (Enum.IsDefined((BussinessType)number))
            return (BussinessType)number;
        // Guessing here could turn a recall into a new document.
        bussiness.WrongType("BussinessDocType", number.ToString(), EdxmlSeverity.Error, "0, 1, 2, 3");
        return BussinessType.New;
    }

    private static BussinessDocumentInfo Change(ElementReader change)
    {
        var list = change.Child("ReceiverList");
        var receivers = list?.Children("Receiver").Select(Receiver).OfType<BussinessReceiver>().ToList() ?? [];
        list?.Done();
        var read = new BussinessDocumentInfo(change.Text("DocumentInfo"), change.Text("DocumentReceiver"), receivers);
        change.Done();
        return read;
    }

    private static BussinessReceiver? Receiver(ElementReader receiver)
    {
        var id = receiver.Organ("OrganId", EdxmlSeverity.Error);
        var type = receiver.Text("ReceiverType");
        receiver.Done();
        return id is null ? null : new BussinessReceiver(id, type);
    }

    private static List<ReplacementInfo> Replacements(ElementReader? list)
    {
        var replacements = list?.Children("ReplacementInfo").Select(Replacement).OfType<ReplacementInfo>().ToList() ?? [];
        list?.Done();
        return replacements;
    }

    private static ReplacementInfo? Replacement(ElementReader replacement)
    {
        var document = replacement.Text("DocumentId", EdxmlSeverity.Error);
        var list = replacement.Child("OrganIdList");
        var organs = list?.Children("OrganId").Select(o => o.OwnOrgan()).OfType<OrganId>().ToList() ?? [];
        list?.Done();
        replacement.Done();
        return document is null ? null : new ReplacementInfo(document, organs);
    }
}
