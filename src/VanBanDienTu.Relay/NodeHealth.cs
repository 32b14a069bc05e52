using VanBanDienTu.Relay.Deadlines;
using VanBanDienTu.Relay.Messages;
using VanBanDienTu.Relay.Outgoing;
using VanBanDienTu.Relay.Quotas;
using VanBanDienTu.Relay.Restored;
using VanBanDienTu.Relay.Storage;

namespace VanBanDienTu.Relay;

/// <summary>How a node is doing.</summary>
/// <param name="Problems">One sentence for each thing that is wrong; empty = healthy.</param>
/// <param name="Preparing">Documents received and not yet signed and packed.</param>
/// <param name="Held">Documents waiting for an authority or a person.</param>
/// <param name="UnconfirmedIncoming">Arrived and not yet fetched by their unit.</param>
public sealed record HealthReport(
    IReadOnlyList<Reason> Problems, IReadOnlyList<DestinationHealth> Destinations, long Preparing, long Held, long UnconfirmedIncoming,
    long EvidenceCount, long FreeBytes, bool DiskFull, IReadOnlyList<QuotaUse> Quotas)
{
    public bool Healthy => Problems.Count == 0;
}

/// <summary>How one next hop is doing.</summary>
/// <param name="Breaker">Closed, Open or HalfOpen.</param>
/// <param name="ClockSkew">The peer's clock minus ours at the last receipt.</param>
public sealed record DestinationHealth(
    string Name, long Waiting, DateTimeOffset? Oldest, string Breaker, string? LastError, TimeSpan ClockSkew);

/// <summary>A message that could not be read or matched; its raw bytes are kept.</summary>
public sealed record QuarantinedMessage(string Id, DateTimeOffset Received, string Peer, Guid? MessageId, Reason Reason, ReadOnlyMemory<byte> Bytes);

/// <summary>Tells truly how a node is doing, from what is stored.</summary>
public sealed class NodeHealth
{
    private static readonly TimeSpan AllowedSkew = TimeSpan.FromMinutes(2);

    private const double NearlyUsed = 0.9;

    private readonly Ground ground;

    internal NodeHealth(Ground ground) => this.ground = ground;

    public async Task<HealthReport> ReportAsync(CancellationToken ct)
    {
        var (destinations, figures, evidence, overdue, restoring, differences) = await ground.Database.ReadAsync(
            async tx =>
            {
                var figures = await NodeFigures.ReadAsync(tx, ct);
                return (
                    await DestinationsAsync(tx, figures, ct), figures,
                    await tx.NumberAsync(
                        """
                        SELECT CAST(COALESCE((SELECT MAX(sequence) FROM evidence WHERE node = @node), 0)
                             - COALESCE((SELECT SUM(from_sequence - after_sequence - 1) FROM restoration WHERE node = @node), 0) AS bigint)
                        """, ct, ("node", ground.Options.Node)),
                    await DeadlineTable.OverdueAsync(tx, ct),
                    await ReconciliationTable.ListAsync(tx, ct), await tx.NumberAsync("SELECT COUNT(*) FROM difference", ct));
            }, ct);
        var full = ground.Reserve.IsFull();
        var problems = new List<Reason>();
        if (ground.Trust.IsEmpty)
            problems.Add(new("NO_TRUST_ANCHORS", "Không có chứng thư gốc tin cậy nào: không kết luận nào được xác nhận.", "There is no trust anchor: no verdict can be good."));
        if (full)
            problems.Add(new("DISK_FULL", "Ổ đĩa gần đầy: không nhận thêm văn bản mới.", "The disk is nearly full: no new documents are taken."));
        if (ground.Database.Trouble is { } trouble)
            problems.Add(new("DISK_FAILS", $"Ổ đĩa của cơ sở dữ liệu đã báo lỗi ({trouble}): hãy kiểm tra ổ đĩa, rồi khởi động lại nút.", $"The disk below the database has failed ({trouble}): check the disk, then start the node again."));
        if (ground.Payloads.Damaged is { Count: > 0 } damaged)
            problems.Add(new("PAYLOADS_DAMAGED", $"{damaged.Count} nội dung bị hỏng nơi lưu, trước hết: {damaged.First().Vi}", $"{damaged.Count} payloads are damaged where they are kept, first of all: {damaged.First().Message}"));
        problems.AddRange(destinations.Where(d => d.Breaker != nameof(BreakerMode.Closed)).Select(d => new Reason(
            "DESTINATION_DOWN", $"Không liên lạc được với «{d.Name}»: {d.LastError} ({d.Waiting} thông điệp chờ).", $"«{d.Name}» does not answer: {d.LastError} ({d.Waiting} messages wait).")));
        problems.AddRange(destinations.Where(d => d.ClockSkew.Duration() > AllowedSkew).Select(d => new Reason(
            "CLOCK_SKEW", $"Đồng hồ của «{d.Name}» lệch {d.ClockSkew.TotalSeconds:+0;-0} giây so với nút này: chỉnh một trong hai (NTP).",
            $"The clock of «{d.Name}» is {d.ClockSkew.TotalSeconds:+0;-0} seconds from ours: set one of them (NTP).")));
        var quotas = await ground.Quotas.UseAsync(ct);
        problems.AddRange(quotas.Where(q => q.Share >= NearlyUsed).Select(q => new Reason(
            q.Share >= 1 ? "QUOTA_EXCEEDED" : "QUOTA_NEARLY_USED",
            $"Cơ quan {q.Organ} {(q.Share >= 1 ? "đã hết" : "sắp hết")} hạn mức: {QuotaWords.Vi(q.Kind, q.Used, q.Limit)}.",
            $"Organ {q.Organ} is {(q.Share >= 1 ? "at" : "near")} its quota: {QuotaWords.En(q.Kind, q.Used, q.Limit)}.")));
        problems.AddRange(restoring.Where(r => r.State == ReconciliationState.Pending).Select(r => new Reason(
            "RESTORE_PENDING", $"Nút vừa được phục hồi và chưa hỏi được «{r.Link}» những gì đã xác nhận từ {r.Backup:u}: {r.Error ?? "đang hỏi"}.",
            $"The node was restored and has not learnt from «{r.Link}» what was acknowledged since {r.Backup:u}: {r.Error ?? "asking"}.")));
        if (differences > 0)
            problems.Add(new("RESTORE_DIFFERENCES", $"{differences} văn bản mà nút bên cạnh biết không phục hồi được: xem «vbdt reconcile».", $"{differences} messages that neighbours know could not be put back: see «vbdt reconcile»."));
        if (figures.Held is > 0 and var held)
            problems.Add(new("DOCUMENTS_HELD", $"{held} văn bản đang bị giữ lại chờ xử lý.", $"{held} documents are held."));
        if (figures.AnswersFailed is > 0 and var answers)
            problems.Add(new("ANSWERS_FAILED", $"{answers} trạng thái không gửi được tới nơi gửi.", $"{answers} statuses could not be delivered to their senders."));
        if (overdue > 0)
        {
            problems.Add(new(
                "DEADLINES_OVERDUE", $"{overdue} việc về văn bản đến đã quá hạn (báo nhận trong ngày, hạn trả lời): xem vbdt incoming list --overdue.",
                $"{overdue} deadlines of documents that arrived are over (receipt the same day, date of answer): see vbdt incoming list --overdue."));
        }

        return new HealthReport(
            problems, destinations, figures.Preparing, figures.Held, figures.Unconfirmed, evidence, ground.Reserve.FreeBytes, full, quotas);
    }

    /// <summary>Whether new documents are refused for want of room; asks the storage whether it is there, and costs nothing else.</summary>
    /// <exception cref="RelayException"><see cref="RelayFault.StorageUnavailable"/>.</exception>
    public async Task<bool> DiskFullAsync(CancellationToken ct)
    {
        await ground.Database.ReadAsync(tx => tx.NumberAsync("SELECT 1", ct), ct);
        return ground.Reserve.IsFull();
    }

    /// <summary>What could not be read or matched, newest first.</summary>
    public async Task<IReadOnlyList<QuarantinedMessage>> QuarantineAsync(int atMost, CancellationToken ct) =>
        await ground.Database.ReadAsync(tx => Quarantine.NewestAsync(tx, atMost, ct), ct);

    private async Task<List<DestinationHealth>> DestinationsAsync(DatabaseTransaction tx, NodeFigures figures, CancellationToken ct)
    {
        var destinations = new List<DestinationHealth>();
        foreach (var name in ground.Parts.Links.Keys.Append(Ground.LocalLink))
        {
            var row = await DestinationTable.FindAsync(tx, name, ct);
            var known = figures.Waiting.TryGetValue(name, out var backlog);
            destinations.Add(new DestinationHealth(
                name, known ? backlog.Count : 0, known ? backlog.Oldest : null, (row?.Breaker.Mode ?? BreakerMode.Closed).ToString(), row?.LastError,
                TimeSpan.FromMilliseconds(row?.ClockSkewMs ?? 0)));
        }

        return destinations;
    }
}
