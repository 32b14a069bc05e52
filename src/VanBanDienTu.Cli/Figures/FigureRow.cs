using System.Globalization;
using VanBanDienTu.Contracts.V1;

namespace VanBanDienTu.Cli.Figures;

/// <summary>One line of the report.</summary>
/// <param name="Name">For machines; stable.</param>
/// <param name="Of">What the count is a share of; null = it stands for itself.</param>
internal sealed record FigureRow(string Section, string Name, string Vi, string En, long Count, long? Of = null)
{
    // As Vietnamese readers write numbers; the program runs without the cultures of the machine.
    private static readonly NumberFormatInfo Vietnamese = new() { NumberGroupSeparator = ".", NumberDecimalSeparator = "," };

    public string Number => Count.ToString("N0", Vietnamese);

    /// <summary>Per cent with one digit; empty when there is nothing to have a share of.</summary>
    public string Share => Of is > 0 and var of ? $"{(100m * Count / of).ToString("0.0", Vietnamese)}%" : "";

    /// <summary>The report as lines, in the order in which offices write it.</summary>
    public static IReadOnlyList<FigureRow> All(PeriodFigures figures)
    {
        const string sent = "VĂN BẢN ĐI", received = "VĂN BẢN ĐẾN", certificates = "CHỨNG THƯ SỐ CỦA ĐƠN VỊ";
        var (s, d, c) = (figures.Sent, figures.Deliveries, figures.Certificates);
        var deliveries = d.Delivered + d.Rejected + d.Recalled + d.Failed + d.Open;
        return
        [
            new(sent, "issued", "Văn bản đã phát hành qua nút", "documents issued", s.Issued),
            new(sent, "signed-by-organization", "có chữ ký số của cơ quan", "signed by the organisation", s.SignedByOrganization, s.Issued),
            new(sent, "signed-by-person", "có chữ ký số của người có thẩm quyền và của cơ quan", "signed by the competent person too", s.SignedByPerson, s.Issued),
            new(sent, "signatures-not-recorded", "nút không ghi nhận chữ ký (gói tin lập sẵn, văn bản cũ)", "signatures not recorded", s.NotRecorded, s.Issued),
            new(sent, "preparing", "Đang chuẩn bị, tạm giữ", "being prepared, held", s.Preparing),
            new(sent, "refused", "Bị từ chối ký, phát hành", "refused", s.Refused),
            new(sent, "deliveries", "Lượt gửi đến nơi nhận", "deliveries to recipients", deliveries),
            new(sent, "delivered", "đã đến nơi nhận", "delivered", d.Delivered, deliveries),
            new(sent, "rejected", "nơi nhận từ chối (02)", "rejected by the recipient", d.Rejected, deliveries),
            new(sent, "recalled", "đã lấy lại", "recalled", d.Recalled, deliveries),
            new(sent, "failed", "không chuyển được", "failed", d.Failed, deliveries),
            new(sent, "open", "đang chuyển", "still open", d.Open, deliveries),
            new(received, "received", "Văn bản đến", "documents received", figures.Received),
            .. Deadlines("receipt", "Báo nhận trong ngày (NĐ 30/2020 Đ21.2c): đã báo hoặc hết hạn", "receipt told the same day: done or over", figures.Receipt),
            .. Deadlines("answer", "Trả lời theo hạn nơi gửi nêu: đã trả lời hoặc hết hạn", "answered by the sender's date: done or over", figures.Answer),
            new(certificates, "certificates-in-force", "Đang hiệu lực lúc lập báo cáo", "in force when counted", c.InForce),
            new(certificates, "certificates-ending", "hết hạn trong 90 ngày", "end within 90 days", c.Ending, c.InForce),
        ];

        static FigureRow[] Deadlines(string name, string vi, string en, DeadlineFigures d)
        {
            var ended = d.OnTime + d.Late + d.Overdue;
            return
            [
                new(received, name, vi, en, ended),
                new(received, $"{name}-on-time", "đúng hạn", "on time", d.OnTime, ended),
                new(received, $"{name}-late", "muộn", "late", d.Late, ended),
                new(received, $"{name}-overdue", "quá hạn, chưa làm", "overdue", d.Overdue, ended),
                new(received, $"{name}-open", "Còn trong hạn", "still in time", d.Open),
            ];
        }
    }
}
