using Microsoft.Extensions.Logging;
using Quartz;
using VanBanDienTu.Gateway.Hosting;

namespace VanBanDienTu.Gateway.Jobs;

/// <summary>Once a day: says in the log which of the node's own certificates end within 30 days, or have ended.</summary>
[DisallowConcurrentExecution]
internal sealed partial class CertificateExpiryJob(OwnCertificates own, TimeProvider time, ILogger<CertificateExpiryJob> log) : IJob
{
    private static readonly TimeSpan WarnBefore = TimeSpan.FromDays(30);

    public ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        var now = time.GetUtcNow();
        foreach (var (use, certificate) in own.All)
        {
            var left = certificate.NotAfter - now;
            if (left < TimeSpan.Zero)
                LogEnded(use, certificate.Subject.ToString(), certificate.NotAfter);
            else if (left < WarnBefore)
                LogEnds(use, certificate.Subject.ToString(), certificate.NotAfter, left.Days);
        }

        return ValueTask.CompletedTask;
    }

    [LoggerMessage(EventId = 20, EventName = "CertificateEnds", Level = LogLevel.Warning,
        Message = "Certificate for {Use} ({Subject}) ends on {NotAfter:yyyy-MM-dd}, in {Days} days: order its successor now")]
    private partial void LogEnds(string use, string subject, DateTimeOffset notAfter, int days);

    [LoggerMessage(EventId = 21, EventName = "CertificateEnded", Level = LogLevel.Error,
        Message = "Certificate for {Use} ({Subject}) ended on {NotAfter:yyyy-MM-dd}: nothing can be signed with it")]
    private partial void LogEnded(string use, string subject, DateTimeOffset notAfter);
}
