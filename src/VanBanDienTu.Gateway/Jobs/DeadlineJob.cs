using Microsoft.Extensions.Logging;
using Quartz;
using VanBanDienTu.Gateway.Config;
using VanBanDienTu.Relay;
using VanBanDienTu.Relay.Deadlines;

namespace VanBanDienTu.Gateway.Jobs;

/// <summary>Every few minutes: what should have been answered by now and was not is raised, once, by whichever node of the database is first.</summary>
[DisallowConcurrentExecution]
internal sealed partial class DeadlineJob(RelayNode relay, TimeProvider time, ILogger<DeadlineJob> log) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        var today = time.GetUtcNow().ToOffset(WorkingCalendar.Offset);
        if (today is { Hour: 7, Minute: < 5 } && Calendars.Missing(relay.Calendar, today) is { } year)
            LogNoHolidays(year);
        await relay.Deadlines.RaiseAsync(cancellationToken);
    }

    [LoggerMessage(EventId = 24, EventName = "NoHolidays", Level = LogLevel.Warning,
        Message = "Not all public holidays of {Year} are known: deadlines on them will be taken for overdue; name a file with them in calendar.holidays that says «{Year} complete»")]
    private partial void LogNoHolidays(int year);
}
