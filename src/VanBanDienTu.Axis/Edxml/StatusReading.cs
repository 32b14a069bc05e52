namespace VanBanDienTu.Axis.Edxml;

/// <summary>Binds a status packet's XML to the model.</summary>
internal static class StatusReading
{
    /// <summary>Null only after an error was listed.</summary>
    public static EdxmlStatus? Read(ElementReader message)
    {
        var from = message.Child("From") is { } organ ? DocumentReading.ReadOrgan(organ) : null;
        if (!message.Has("From"))
            message.Missing("From", EdxmlSeverity.Error);
        var about = About(message);
        var code = Code(message);
        var read = new EdxmlStatus
        {
            From = from!,
            ResponseFor = about!,
            Staff = DocumentReading.Staff(message.Child("StaffInfo")),
            StatusCode = code ?? default,
            Description = message.Text("Description"),
            Timestamp = message.Time("Timestamp"),
        };
        if (read.Timestamp is null)
            message.Missing("Timestamp", EdxmlSeverity.Warning);
        message.Done();
        return from is not null && about is not null && code is not null ? read : null;
    }

    // Enough to find the document: its id, or its sender with number and date.
    private static ResponseFor? About(ElementReader message)
    {
        if (message.Child("ResponseFor") is not { } found)
        {
            message.Missing("ResponseFor", EdxmlSeverity.Error);
            return null;
        }
        var about = DocumentReading.ResponseFor(found);
        if (about.DocumentId is not null || about is { OrganId: not null, Code: not null, PromulgationDate: not null })
            return about;
        found.Missing("DocumentId", EdxmlSeverity.Error);
        return null;
    }

    private static EdxmlStatusCode? Code(ElementReader message)
    {
        if (message.Text("StatusCode", EdxmlSeverity.Error) is not { } text)
            return null;
        if (EdxmlStatusCodes.TryParse(text, out var code))
            return code;
        message.WrongType("StatusCode", text, EdxmlSeverity.Error, "01, 02, 03, 04, 05, 06, 13, 15, 16");
        return null;
    }
}
