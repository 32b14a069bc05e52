using VanBanDienTu.Relay.Deadlines;
using VanBanDienTu.Relay.Outgoing;
using VanBanDienTu.Relay.Storage;

namespace VanBanDienTu.Relay.Figures;

/// <summary>The figures that units must report, counted from what is stored.</summary>
public sealed class UnitFigures
{
    /// <summary>A leap year.</summary>
    public const int MostDays = 366;

    private readonly Ground ground;

    internal UnitFigures(Ground ground) => this.ground = ground;

    /// <summary>Counts one state of the database.</summary>
    /// <param name="organ">Null = all units of this database.</param>
    /// <param name="from">First day, in Vietnam.</param>
    /// <param name="to">Last day; it counts whole.</param>
    /// <exception cref="RelayException"><see cref="RelayFault.InvalidField"/>: the days are the wrong way round, or more than <see cref="MostDays"/>.</exception>
    public async Task<PeriodFigures> ReadAsync(string? organ, DateOnly from, DateOnly to, CancellationToken ct)
    {
        if (to < from || to.DayNumber - from.DayNumber >= MostDays)
        {
            throw RelayException.For([new FieldProblem(
                "to_date", $"phải không trước ngày đầu ({from:yyyy-MM-dd}), tất cả không quá {MostDays} ngày.",
                $"must not be before the first day ({from:yyyy-MM-dd}), and at most {MostDays} days in all.")]);
        }

        var (begin, end) = (Midnight(from), Midnight(to).AddDays(1));
        return await ground.Database.ReadAsync(
            async tx => (await ReadAsync(tx, organ, begin, end, ct)) with { From = from, To = to, Counted = ground.Now }, ct);
    }

    /// <summary>The same of any instants; the days stay unsaid.</summary>
    internal static async Task<PeriodFigures> ReadAsync(DatabaseTransaction tx, string? organ, DateTimeOffset from, DateTimeOffset before, CancellationToken ct)
    {
        var (documents, deliveries, deadlines, received) = (new List<DocumentCount>(), new List<(DeliveryState, long)>(), new List<DeadlineFigures>(), 0L);
        foreach (var each in organ is null ? await FiguresTable.OrgansAsync(tx, ct) : [organ])
        {
            documents.AddRange(await FiguresTable.DocumentsAsync(tx, each, from, before, ct));
            deliveries.AddRange(await FiguresTable.DeliveriesAsync(tx, each, from, before, ct));
            deadlines.AddRange(await DeadlineTable.FiguresAsync(tx, each, from, before, ct));
            received += await FiguresTable.ReceivedAsync(tx, each, from, before, ct);
        }

        return new PeriodFigures(
            default, default, default, Sent(documents), Deliveries(deliveries), received,
            Sum(deadlines, DeadlineKind.Receipt), Sum(deadlines, DeadlineKind.Answer));
    }

    private static SentFigures Sent(List<DocumentCount> counted)
    {
        long Issued(Func<Signers?, bool> by) => counted.Where(c => c.State == DocumentState.Queued && by(c.SignedBy)).Sum(c => c.Count);
        return new SentFigures(
            Issued(_ => true), Issued(by => by is not null), Issued(by => by == Signers.OrganizationAndPerson), Issued(by => by is null),
            counted.Where(c => c.State is DocumentState.Received or DocumentState.Signing or DocumentState.Held).Sum(c => c.Count),
            counted.Where(c => c.State == DocumentState.Refused).Sum(c => c.Count));
    }

    private static DeliveryFigures Deliveries(List<(DeliveryState State, long Count)> counted)
    {
        long Of(params DeliveryState[] states) => counted.Where(c => states.Contains(c.State)).Sum(c => c.Count);
        return new DeliveryFigures(
            Of(DeliveryState.Arrived, DeliveryState.Accepted, DeliveryState.Assigned, DeliveryState.InProgress, DeliveryState.Finished),
            Of(DeliveryState.Rejected), Of(DeliveryState.Recalled), Of(DeliveryState.Failed), Of(DeliveryState.Queued, DeliveryState.Relayed));
    }

    private static DeadlineFigures Sum(List<DeadlineFigures> figures, DeadlineKind kind)
    {
        var of = figures.FindAll(f => f.Kind == kind);
        return new DeadlineFigures(kind, of.Sum(f => f.OnTime), of.Sum(f => f.Late), of.Sum(f => f.Overdue), of.Sum(f => f.Open));
    }

    private static DateTimeOffset Midnight(DateOnly day) => new(day.ToDateTime(TimeOnly.MinValue), WorkingCalendar.Offset);
}
