using Microsoft.Extensions.DependencyInjection;
using Quartz;

namespace VanBanDienTu.Gateway.Jobs;

/// <summary>
/// The calendar bells. What is due for a document lives in the relay's outbox, never here. They ring at every gateway; what only one of them
/// may do is done under a lease of the database (fenced, on its clock), by the first that takes it. So Quartz keeps its triggers in memory:
/// its own cluster tables would be a second lease beside that, on the clocks of the machines, for work that must be fenced anyway.
/// </summary>
internal static class JobSchedule
{
    // Deadlines and day boundaries are Vietnam's, whatever the server's zone.
    private static readonly TimeZoneInfo Vietnam = TimeZoneInfo.CreateCustomTimeZone("+07:00", TimeSpan.FromHours(7), "+07:00", "+07:00");

    public static void AddJobs(this IServiceCollection services, TimeProvider time)
    {
        services.AddQuartz(quartz =>
        {
            quartz.UseInMemoryStore();
            quartz.UseTimeProvider(time);
            quartz.ScheduleJob<CertificateExpiryJob>(trigger => trigger.WithIdentity("certificates at start").StartNow());
            quartz.ScheduleJob<CertificateExpiryJob>(trigger => trigger.WithIdentity("certificates daily")
                .WithCronSchedule("0 0 7 * * ?", cron => cron.InTimeZone(Vietnam)));
            quartz.ScheduleJob<CrlArchiveJob>(trigger => trigger.WithIdentity("CRLs at start").StartNow());
            quartz.ScheduleJob<CrlArchiveJob>(trigger => trigger.WithIdentity("CRLs hourly")
                .WithCronSchedule("0 20 * * * ?", cron => cron.InTimeZone(Vietnam)));
            quartz.ScheduleJob<DeadlineJob>(trigger => trigger.WithIdentity("deadlines at start").StartNow());
            quartz.ScheduleJob<DeadlineJob>(trigger => trigger.WithIdentity("deadlines every five minutes")
                .WithCronSchedule("1 0/5 * * * ?", cron => cron.InTimeZone(Vietnam)));
        });
        services.AddQuartzHostedService(options =>
        {
            options.WaitForJobsToComplete = true;
            options.AwaitApplicationStarted = true; // the node is ready before any bell rings
        });
    }
}
