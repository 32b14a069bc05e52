using System.Globalization;
using VanBanDienTu.Gateway.Hosting;
using VanBanDienTu.Relay;
using VanBanDienTu.Relay.Figures;
using VanBanDienTu.Signing.Certificates;
using Proto = VanBanDienTu.Contracts.V1;

namespace VanBanDienTu.Gateway.Grpc;

/// <summary>The figures of a period, from the relay's records to the contract's messages.</summary>
internal static class FiguresShapes
{
    private static readonly TimeSpan EndsSoon = TimeSpan.FromDays(90);

    /// <exception cref="RelayException"><see cref="RelayFault.InvalidField"/>, naming both when both are wrong.</exception>
    public static (DateOnly From, DateOnly To) Days(this Proto.GetFiguresRequest request)
    {
        var problems = new List<FieldProblem>();
        var (from, to) = (Day(request.FromDate, "from_date", problems), Day(request.ToDate, "to_date", problems));
        return problems.Count == 0 ? (from, to) : throw RelayException.For(problems);
    }

    /// <param name="organ">Null = all organs of the node.</param>
    /// <param name="own">All certificates of the node.</param>
    public static Proto.PeriodFigures ToProto(
        this PeriodFigures figures, string node, string? organ, IEnumerable<(string Use, Certificate Certificate)> own) => new()
    {
        Node = node,
        OrganId = organ ?? "",
        FromDate = Text(figures.From),
        ToDate = Text(figures.To),
        TimeUnixMs = figures.Counted.ToUnixTimeMilliseconds(),
        Sent = new Proto.SentFigures
        {
            Issued = figures.Sent.Issued, SignedByOrganization = figures.Sent.ByOrganization, SignedByPerson = figures.Sent.ByPerson,
            NotRecorded = figures.Sent.NotRecorded, Preparing = figures.Sent.Preparing, Refused = figures.Sent.Refused,
        },
        Deliveries = new Proto.DeliveryFigures
        {
            Delivered = figures.Deliveries.Delivered, Rejected = figures.Deliveries.Rejected, Recalled = figures.Deliveries.Recalled,
            Failed = figures.Deliveries.Failed, Open = figures.Deliveries.Open,
        },
        Received = figures.Received,
        Receipt = ToProto(figures.Receipt),
        Answer = ToProto(figures.Answer),
        Certificates = Certificates([.. own.Where(c => organ is null || c.Use == OwnCertificates.SigningUse(organ))], figures.Counted),
    };

    private static Proto.DeadlineFigures ToProto(Relay.Deadlines.DeadlineFigures figures) => new()
    {
        OnTime = figures.OnTime, Late = figures.Late, Overdue = figures.Overdue, Open = figures.Open,
    };

    private static Proto.CertificateFigures Certificates(IReadOnlyList<(string Use, Certificate Certificate)> own, DateTimeOffset now)
    {
        var inForce = own.Where(c => c.Certificate.NotBefore <= now && now <= c.Certificate.NotAfter).ToList();
        var shown = new Proto.CertificateFigures { InForce = inForce.Count, Ending = inForce.Count(c => c.Certificate.NotAfter - now <= EndsSoon) };
        shown.Certificates.Add(own.OrderBy(c => c.Certificate.NotAfter).Select(c => new Proto.CertificateStatus
        {
            Use = c.Use, Subject = c.Certificate.Subject.ToString(), NotAfterUnixMs = c.Certificate.NotAfter.ToUnixTimeMilliseconds(),
        }));
        return shown;
    }

    private static DateOnly Day(string text, string field, List<FieldProblem> problems)
    {
        if (!DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            problems.Add(new FieldProblem(field, "phải là ngày dạng yyyy-MM-dd.", "must be a date yyyy-MM-dd."));
        return day;
    }

    private static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
