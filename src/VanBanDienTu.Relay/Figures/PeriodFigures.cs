using VanBanDienTu.Relay.Deadlines;

namespace VanBanDienTu.Relay.Figures;

/// <summary>What units sent and received within some days (số liệu văn bản đi, đến của một kỳ).</summary>
/// <param name="Received">Documents that arrived, recalls not counted.</param>
/// <param name="Receipt">Senders told of the receipt the same day (NĐ 30/2020, article 21.2c): deadlines that end within these days.</param>
/// <param name="Answer">Answers by the date that the sender named.</param>
public sealed record PeriodFigures(
    DateOnly From, DateOnly To, DateTimeOffset Counted, SentFigures Sent, DeliveryFigures Deliveries, long Received, DeadlineFigures Receipt, DeadlineFigures Answer);

/// <summary>Documents that units handed in, recalls not counted.</summary>
/// <param name="Issued">Signed, packed and queued for their recipients.</param>
/// <param name="ByOrganization">Of the issued: signed by the organisation.</param>
/// <param name="ByPerson">Of the issued: signed by the competent person too.</param>
/// <param name="NotRecorded">Of the issued: nobody here looked at the signatures (finished packets), or it was not written down.</param>
/// <param name="Preparing">Not signed and packed yet, or held.</param>
public sealed record SentFigures(long Issued, long ByOrganization, long ByPerson, long NotRecorded, long Preparing, long Refused);

/// <summary>Where the issued documents are: one document to one recipient counts once.</summary>
/// <param name="Delivered">The recipient said 01 to 06.</param>
/// <param name="Rejected">The recipient said 02.</param>
/// <param name="Open">On the way: neither arrived nor given up.</param>
public sealed record DeliveryFigures(long Delivered, long Rejected, long Recalled, long Failed, long Open)
{
    public long All => Delivered + Rejected + Recalled + Failed + Open;
}
