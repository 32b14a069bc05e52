using VanBanDienTu.Relay.Storage;

namespace VanBanDienTu.Relay.Restored;

/// <summary>
/// Closed towards every neighbour that a restored node has not asked yet: what may be old is not acknowledged, sent or answered a second time
/// before. Who calls is told to come again.
/// </summary>
internal sealed class RestoreGate(Func<string, string?> linkTo)
{
    /// <summary>How far clocks may differ.</summary>
    public static readonly TimeSpan Slack = TimeSpan.FromMinutes(15);

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    private volatile IReadOnlyDictionary<string, DateTimeOffset> pending = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);

    /// <summary>Some neighbour has not been asked.</summary>
    public bool Closed => pending.Count > 0;

    /// <summary>The node was put back to an older state at some time.</summary>
    public bool Restored { get; private set; }

    public async Task LoadAsync(Database database, CancellationToken ct) =>
        Set(await database.ReadAsync(tx => ReconciliationTable.ListAsync(tx, ct), ct));

    private void Set(IReadOnlyList<Reconciled> all)
    {
        Restored = all.Count > 0;
        pending = all.Where(r => r.State == ReconciliationState.Pending).ToDictionary(r => r.Link, r => r.Restored, StringComparer.Ordinal);
    }

    /// <summary>Whether the neighbour on the way to an organ has not been asked.</summary>
    public bool Blocks(string organ) => Closed && linkTo(organ) is { } link && pending.ContainsKey(link);

    /// <exception cref="RelayException"><see cref="RelayFault.Reconciling"/>.</exception>
    public void Demand(IEnumerable<string> organs)
    {
        if (Closed && organs.FirstOrDefault(Blocks) is { } organ)
            throw NotYet(organ);
    }

    /// <summary>Of a message that is not known here: one from after the restore cannot have been acknowledged before it.</summary>
    /// <exception cref="RelayException"><see cref="RelayFault.Reconciling"/>.</exception>
    public void DemandFrom(string peer, DateTimeOffset created)
    {
        if (Closed && linkTo(peer) is { } link && pending.TryGetValue(link, out var restored) && created <= restored + Slack)
            throw NotYet(peer);
    }

    private static RelayException NotYet(string organ) => new(
        RelayFault.Reconciling,
        $"Nút này vừa được phục hồi từ bản sao lưu và đang hỏi lại nút phía {organ} những gì đã xác nhận từ lúc sao lưu: hãy gửi lại sau.",
        $"This node was restored from a backup and is asking the node towards {organ} what was acknowledged since: try again later.") { RetryAfter = RetryAfter };
}
