using Microsoft.Extensions.Logging;
using VanBanDienTu.Relay.Evidence;
using VanBanDienTu.Relay.Incoming;
using VanBanDienTu.Relay.Messages;
using VanBanDienTu.Relay.Nodes;

namespace VanBanDienTu.Relay.Deadlines;

/// <summary>
/// What is overdue is raised once, by one node: signed evidence, an event for those who watch, a line in the log. What is due lives in the
/// database; who rings the bell is the gateway's business.
/// </summary>
public sealed class DeadlineWatch
{
    private const int Batch = 100;
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(5);

    private readonly Ground ground;
    private readonly ILogger log;

    internal DeadlineWatch(Ground ground) => (this.ground, log) = (ground, ground.Log<DeadlineWatch>());

    /// <summary>Raises all that is overdue by now.</summary>
    /// <returns>How many this node raised; 0 also while another node does it.</returns>
    public async Task<int> RaiseAsync(CancellationToken ct)
    {
        var now = ground.Now;
        if ((await ground.Database.ReadAsync(tx => DeadlineTable.DueAsync(tx, now, 1, ct), ct)).Count == 0
            || await JobLease.TakeAsync(ground.Database, "deadlines", Lease) is not { } lease)
            return 0;
        var raised = 0;
        while (!ct.IsCancellationRequested)
        {
            var due = await ground.Database.ReadAsync(tx => DeadlineTable.DueAsync(tx, now, Batch, ct), ct);
            foreach (var overdue in due)
                raised += await RaiseAsync(overdue, lease) ? 1 : 0;
            if (due.Count < Batch)
                break;
        }

        await lease.EndAsync(ground.Database);
        return raised;
    }

    private async Task<bool> RaiseAsync(OverdueDeadline overdue, JobLease lease)
    {
        if (await ground.Database.ReadAsync(tx => IncomingTable.FindAsync(tx, overdue.Incoming, default)) is not { } incoming)
            return false;
        var reason = Why(overdue);
        var evidence = ground.Evidence.Sign(new EvidenceFacts(
            overdue.Kind == DeadlineKind.Receipt ? EvidenceEvent.AcceptanceRejectionExpiry : EvidenceEvent.AnswerOverdue)
        {
            From = incoming.From,
            To = [new Party(incoming.Organ)],
            EdxmlDocumentId = incoming.EdxmlDocumentId,
            MessageId = incoming.Id,
            Payloads = [.. incoming.Attachments.Select(a => (a.Name, a.Payload))],
            Reason = reason,
        });
        var won = await ground.Database.WriteAsync(async tx =>
        {
            await lease.DemandAsync(tx);
            if (!await DeadlineTable.RaiseAsync(tx, overdue, ground.Now, default))
                return false;
            await EvidenceLog.AppendAsync(tx, evidence, own: true, null, incoming.Id, default, $"overdue:{incoming.Id:D}:{overdue.Kind}");
            IncomingTable.Tell(tx, incoming, incoming.Acceptance.ToString(), incoming.Acceptance.ToString(), incoming.Request, ground.Now);
            return true;
        });
        if (won)
            log.LogWarning("Overdue at {Organ}: {Code} of {Sender} ({Incoming}): {Why}", incoming.Organ, incoming.Code, incoming.From.Organ, incoming.Id, reason.En);
        return won;
    }

    private static Reason Why(OverdueDeadline overdue)
    {
        var due = overdue.Due.ToOffset(WorkingCalendar.Offset);
        return overdue.Kind == DeadlineKind.Receipt
            ? new Reason(
                "RECEIPT_OVERDUE", $"Đến {due:HH:mm dd/MM/yyyy} đơn vị chưa báo cho nơi gửi là đã nhận (NĐ 30/2020 Đ21.2c).",
                $"The sender was not told of the receipt by {due:yyyy-MM-dd HH:mm} (NĐ 30/2020, article 21.2c).")
            : new Reason(
                "ANSWER_OVERDUE", $"Đã quá hạn trả lời {due:dd/MM/yyyy}.", $"The answer was due on {due:yyyy-MM-dd}.");
    }
}
