namespace VanBanDienTu.Axis.Documents;

/// <summary>How urgent a document is (độ khẩn). Source: NĐ 30/2020/NĐ-CP, Phụ lục I.</summary>
public enum Urgency
{
    /// <summary>Thường.</summary>
    Normal = 0,

    /// <summary>Khẩn.</summary>
    Urgent = 1,

    /// <summary>Thượng khẩn.</summary>
    VeryUrgent = 2,

    /// <summary>Hỏa tốc.</summary>
    Express = 3,

    /// <summary>Hỏa tốc hẹn giờ.</summary>
    ExpressAtHour = 4,
}

/// <summary>Urgency's names and its number in a packet (OtherInfo/Priority).</summary>
public static class Urgencies
{
    /// <summary>
    /// The urgency of a packet's number. Unknown numbers and null are <see cref="Urgency.Normal"/>: one table in use has 5 for it.
    /// </summary>
    public static Urgency FromPriority(int? priority) =>
        priority is { } p && Enum.IsDefined((Urgency)p) ? (Urgency)p : Urgency.Normal;

    /// <summary>The number that a packet carries.</summary>
    public static int Priority(this Urgency urgency) => (int)urgency;

    public static string Vi(this Urgency urgency) => urgency switch
    {
        Urgency.Urgent => "Khẩn",
        Urgency.VeryUrgent => "Thượng khẩn",
        Urgency.Express => "Hỏa tốc",
        Urgency.ExpressAtHour => "Hỏa tốc hẹn giờ",
        _ => "Thường",
    };

    public static string En(this Urgency urgency) => urgency switch
    {
        Urgency.Urgent => "urgent",
        Urgency.VeryUrgent => "very urgent",
        Urgency.Express => "express",
        Urgency.ExpressAtHour => "express at a fixed hour",
        _ => "ordinary",
    };
}
