using VanBanDienTu.Relay.Quotas;

namespace VanBanDienTu.Gateway.Config;

/// <summary>One organ's quotas, or every other one's; 0 = no limit. Bytes are those of attachments.</summary>
public sealed record QuotaConfig
{
    /// <summary>"*" = all organs that have no entry of their own.</summary>
    public required string Organ { get; init; }

    /// <summary>Submitted, and not with the next hop of every recipient yet.</summary>
    public long WaitingDocuments { get; init; }

    public long WaitingBytes { get; init; }

    /// <summary>Arrived, and not fetched yet; what comes beyond waits at the node before.</summary>
    public long UnfetchedDocuments { get; init; }

    public long UnfetchedBytes { get; init; }

    /// <summary>Submitted since midnight in Vietnam.</summary>
    public long DailyDocuments { get; init; }

    public long DailyBytes { get; init; }

    internal static QuotaConfig Read(ConfigSection s) => new()
    {
        Organ = s.Required("organ"),
        WaitingDocuments = s.Number("waitingDocuments", 0, 0, long.MaxValue),
        WaitingBytes = s.Number("waitingBytes", 0, 0, long.MaxValue),
        UnfetchedDocuments = s.Number("unfetchedDocuments", 0, 0, long.MaxValue),
        UnfetchedBytes = s.Number("unfetchedBytes", 0, 0, long.MaxValue),
        DailyDocuments = s.Number("dailyDocuments", 0, 0, long.MaxValue),
        DailyBytes = s.Number("dailyBytes", 0, 0, long.MaxValue),
    };

    internal static void Check(LimitsConfig limits, List<ConfigProblem> problems)
    {
        for (var i = 0; i < limits.Quotas.Count; i++)
        {
            var organ = limits.Quotas[i].Organ;
            if (organ != "*")
                NodeConfigRules.CheckOrgan(organ, $"limits.quotas[{i}].organ", problems);
            if (limits.Quotas.Take(i).Any(earlier => string.Equals(earlier.Organ, organ, StringComparison.Ordinal)))
                problems.Add(new($"limits.quotas[{i}].organ", $"«{organ}» được khai hai lần", $"\"{organ}\" is listed twice"));
        }
    }

    internal static OrganQuotas ToRelay(IReadOnlyList<QuotaConfig> quotas) => new(
        quotas.FirstOrDefault(q => q.Organ == "*")?.Limits(),
        quotas.Where(q => q.Organ != "*").ToDictionary(q => q.Organ, q => q.Limits(), StringComparer.Ordinal));

    private IReadOnlyDictionary<QuotaKind, QuotaLimit> Limits() => new Dictionary<QuotaKind, QuotaLimit>
    {
        [QuotaKind.Waiting] = new(WaitingDocuments, WaitingBytes),
        [QuotaKind.Unfetched] = new(UnfetchedDocuments, UnfetchedBytes),
        [QuotaKind.Daily] = new(DailyDocuments, DailyBytes),
    };
}
