namespace VanBanDienTu.Axis.Edxml;

/// <summary>A status packet (gói tin trạng thái): what became of a document at one unit.</summary>
public sealed record EdxmlStatus
{
    /// <summary>The unit that reports.</summary>
    public required EdxmlOrgan From { get; init; }

    /// <summary>The document; its OrganId is the unit the status goes to: the sender, but for 13 the receiver.</summary>
    public required ResponseFor ResponseFor { get; init; }

    public StaffInfo? Staff { get; init; }

    public required EdxmlStatusCode StatusCode { get; init; }

    /// <summary>Free text; the reason of 02, 13 and 16.</summary>
    public string? Description { get; init; }

    /// <summary>Whole seconds, Vietnam time (+07:00); null when the peer gave none.</summary>
    public DateTimeOffset? Timestamp { get; init; }
}

/// <summary>The nine statuses of the axis; the value is the code's number.</summary>
public enum EdxmlStatusCode
{
    /// <summary>01 đã đến.</summary>
    Arrived = 1,

    /// <summary>02 từ chối tiếp nhận.</summary>
    Rejected = 2,

    /// <summary>03 đã tiếp nhận.</summary>
    Accepted = 3,

    /// <summary>04 phân công.</summary>
    Assigned = 4,

    /// <summary>05 đang xử lý.</summary>
    InProgress = 5,

    /// <summary>06 hoàn thành.</summary>
    Finished = 6,

    /// <summary>13 lấy lại: the sender asks for the document back.</summary>
    TakeBack = 13,

    /// <summary>15 đồng ý cập nhật / lấy lại.</summary>
    ChangeAgreed = 15,

    /// <summary>16 từ chối cập nhật / lấy lại.</summary>
    ChangeRefused = 16,
}

/// <summary>The codes' written form and names.</summary>
public static class EdxmlStatusCodes
{
    /// <summary>Two digits, with the leading zero that peers expect.</summary>
    public static string Code(this EdxmlStatusCode status) => ((int)status).ToString("00");

    /// <summary>Reads <c>01</c>, and <c>1</c> as some peers write it.</summary>
    public static bool TryParse(string? text, out EdxmlStatusCode status)
    {
        status = default;
        if (text is not { Length: 1 or 2 } || !text.All(char.IsAsciiDigit))
            return false;
        status = (EdxmlStatusCode)int.Parse(text);
        return Enum.IsDefined(status);
    }

    public static string Vi(this EdxmlStatusCode status) => status switch
    {
        EdxmlStatusCode.Arrived => "đã đến",
        EdxmlStatusCode.Rejected => "từ chối tiếp nhận",
        EdxmlStatusCode.Accepted => "đã tiếp nhận",
        EdxmlStatusCode.Assigned => "phân công",
        EdxmlStatusCode.InProgress => "đang xử lý",
        EdxmlStatusCode.Finished => "hoàn thành",
        EdxmlStatusCode.TakeBack => "lấy lại",
        EdxmlStatusCode.ChangeAgreed => "đồng ý cập nhật / lấy lại",
        EdxmlStatusCode.ChangeRefused => "từ chối cập nhật / lấy lại",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "Not a status of the axis."),
    };

    public static string En(this EdxmlStatusCode status) => status switch
    {
        EdxmlStatusCode.Arrived => "arrived",
        EdxmlStatusCode.Rejected => "rejected",
        EdxmlStatusCode.Accepted => "accepted",
        EdxmlStatusCode.Assigned => "assigned",
        EdxmlStatusCode.InProgress => "in progress",
        EdxmlStatusCode.Finished => "finished",
        EdxmlStatusCode.TakeBack => "taken back by the sender",
        EdxmlStatusCode.ChangeAgreed => "update or recall agreed",
        EdxmlStatusCode.ChangeRefused => "update or recall refused",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "Not a status of the axis."),
    };
}
