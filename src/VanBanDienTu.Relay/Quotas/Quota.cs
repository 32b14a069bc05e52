namespace VanBanDienTu.Relay.Quotas;

/// <summary>What a quota counts of one organ.</summary>
public enum QuotaKind
{
    /// <summary>Submitted, and not with the next hop of every recipient yet (văn bản chờ gửi).</summary>
    Waiting,

    /// <summary>Arrived, and not fetched yet (văn bản chờ lấy).</summary>
    Unfetched,

    /// <summary>Submitted since midnight in Vietnam (văn bản gửi trong ngày).</summary>
    Daily,
}

/// <summary>How much of one kind there may be; 0 = no limit.</summary>
/// <param name="Bytes">Of the attachments, as they came.</param>
public sealed record QuotaLimit(long Documents, long Bytes)
{
    public bool Unlimited => Documents == 0 && Bytes == 0;

    internal bool Allows(QuotaLimit use) => !(Documents > 0 && use.Documents > Documents) && !(Bytes > 0 && use.Bytes > Bytes);
}

/// <summary>The limits of each organ of this node; what was accepted before they were set stays accepted.</summary>
/// <param name="Usual">Of organs that have none of their own; null = unlimited.</param>
/// <param name="Own">By organ.</param>
public sealed record OrganQuotas(IReadOnlyDictionary<QuotaKind, QuotaLimit>? Usual, IReadOnlyDictionary<string, IReadOnlyDictionary<QuotaKind, QuotaLimit>> Own)
{
    public static OrganQuotas None { get; } = new(null, new Dictionary<string, IReadOnlyDictionary<QuotaKind, QuotaLimit>>(StringComparer.Ordinal));

    /// <summary>Null when nothing of this kind is limited for the organ.</summary>
    public QuotaLimit? Of(string organ, QuotaKind kind) =>
        (Own.GetValueOrDefault(organ) ?? Usual)?.GetValueOrDefault(kind) is { Unlimited: false } limit ? limit : null;
}

/// <summary>What an organ uses of a quota now.</summary>
public sealed record QuotaUse(string Organ, QuotaKind Kind, QuotaLimit Used, QuotaLimit Limit)
{
    /// <summary>From 0; the larger share of the two counts.</summary>
    public double Share => Math.Max(
        Limit.Documents > 0 ? (double)Used.Documents / Limit.Documents : 0, Limit.Bytes > 0 ? (double)Used.Bytes / Limit.Bytes : 0);
}
