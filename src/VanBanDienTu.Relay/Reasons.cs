using VanBanDienTu.Relay.Messages;

namespace VanBanDienTu.Relay;

/// <summary>Reasons that travel between nodes; the codes are those of <c>protos/README.md</c>.</summary>
internal static class Reasons
{
    public static Reason RouteUnknown(string organ) => new(
        "ROUTE_UNKNOWN",
        $"Không có đường tới cơ quan {organ}: kiểm tra mã định danh, hoặc khai báo tuyến tại nút này.",
        $"There is no route to organ {organ}: check the code, or add a route at this node.");

    public static Reason OrganLocked(string organ) => new(
        "ORGAN_LOCKED",
        $"Cơ quan {organ} đang bị khóa hoặc hết hạn tham gia: hỏi đơn vị quản lý trục.",
        $"Organ {organ} is locked, or its membership is over: ask who runs the axis.");

    public static Reason Loop(string organ) => new(
        "LOOP",
        $"Văn bản đã đi qua {organ} rồi: các tuyến đang trỏ vòng.",
        $"The message has passed {organ} before: routes point in a circle.");

    public static Reason EnvelopeInvalid(string vi, string en) => new("ENVELOPE_INVALID", vi, en);

    public static Reason MessageIdReused(Guid id) => new(
        "MESSAGE_ID_REUSED",
        $"Mã {id:D} đã dùng cho một thông điệp khác: giữ nguyên bản đầu.",
        $"The id {id:D} was used for another message; the first one stays.");

    public static Reason HorizonOver(string destination, string? lastError) => new(
        "HORIZON_OVER",
        $"Hết thời hạn gửi tới «{destination}»: {lastError ?? "không có trả lời"}.",
        $"The time for sending to «{destination}» is over: {lastError ?? "no answer"}.");
}
