namespace VanBanDienTu.Cli.Client;

/// <summary>The states of the wire contract in the words of văn thư.</summary>
internal static class StateWords
{
    public static string Vi(string state) => state switch
    {
        "Received" => "đã nhận yêu cầu",
        "Signing" => "đang kiểm tra và ký",
        "Held" => "tạm giữ, chờ",
        "Queued" => "chờ chuyển",
        "Refused" => "bị từ chối",
        "Relayed" => "đã chuyển đi",
        "Arrived" => "đã đến (01)",
        "Accepted" => "đã tiếp nhận (03)",
        "Assigned" => "đã phân công (04)",
        "InProgress" => "đang xử lý (05)",
        "Finished" => "đã hoàn thành (06)",
        "Rejected" => "bị từ chối (02)",
        "Failed" => "không chuyển được",
        "Recalled" => "đã lấy lại",
        "Verifying" => "đang kiểm tra",
        _ => state,
    };

    public static string Request(string request) => request switch
    {
        "" => "",
        "recall:open" => "đang đề nghị lấy lại (13)",
        "recall:agreed" => "đồng ý lấy lại (15)",
        "recall:refused" => "từ chối lấy lại (16)",
        "update:open" => "đang đề nghị cập nhật",
        "update:agreed" => "đồng ý cập nhật (15)",
        "update:refused" => "từ chối cập nhật (16)",
        "replace:open" => "đang đề nghị thay thế",
        "replace:agreed" => "đồng ý thay thế (15)",
        "replace:refused" => "từ chối thay thế (16)",
        "recall:failed" => "không chuyển được đề nghị lấy lại",
        "update:failed" => "không chuyển được bản cập nhật",
        "replace:failed" => "không chuyển được bản thay thế",
        _ => request,
    };

    /// <summary>What a document does to an earlier one; empty for a new one.</summary>
    public static string Business(int type) => type switch
    {
        1 => "thu hồi",
        2 => "cập nhật",
        3 => "thay thế",
        _ => "",
    };

    public static bool Overdue(Contracts.V1.Deadline deadline) => deadline is { MetUnixMs: 0, RaisedUnixMs: > 0 };

    public static string Deadline(Contracts.V1.Deadline deadline) =>
        $"{(deadline.Kind == "Receipt" ? "báo đã nhận trước" : "trả lời trước")} {VietnamTime.Text(deadline.DueUnixMs)}";

    public static string Status(string code) => code switch
    {
        "01" => "đã đến",
        "02" => "từ chối nhận",
        "03" => "đã tiếp nhận",
        "04" => "đã phân công",
        "05" => "đang xử lý",
        "06" => "đã hoàn thành",
        "13" => "lấy lại",
        "15" => "đồng ý lấy lại, cập nhật",
        "16" => "từ chối lấy lại, cập nhật",
        _ => code,
    };
}
