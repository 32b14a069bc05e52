using System.Globalization;

namespace VanBanDienTu.Relay.Quotas;

/// <summary>Quotas in sentences for people.</summary>
internal static class QuotaWords
{
    public static string Vi(QuotaKind kind, QuotaLimit used, QuotaLimit limit)
    {
        var what = kind switch
        {
            QuotaKind.Waiting => "đang chờ gửi",
            QuotaKind.Unfetched => "đã đến mà chưa lấy",
            _ => "gửi trong ngày",
        };
        return $"{what} {Amount(used, limit, "văn bản")}";
    }

    public static string En(QuotaKind kind, QuotaLimit used, QuotaLimit limit)
    {
        var what = kind switch
        {
            QuotaKind.Waiting => "waiting to be sent",
            QuotaKind.Unfetched => "arrived and not fetched",
            _ => "sent today",
        };
        return $"{what}: {Amount(used, limit, "documents")}";
    }

    public static string AdviceVi(QuotaKind kind) => kind switch
    {
        QuotaKind.Waiting => "Hãy chờ các văn bản trước đi hết rồi gửi lại, hoặc đề nghị đơn vị quản lý nút nâng hạn mức (limits.quotas).",
        QuotaKind.Unfetched => "Nơi nhận phải lấy văn bản về; nơi gửi không phải làm gì, nút trước sẽ tự gửi lại.",
        _ => "Hãy gửi lại vào ngày mai, hoặc đề nghị đơn vị quản lý nút nâng hạn mức (limits.quotas).",
    };

    public static string AdviceEn(QuotaKind kind) => kind switch
    {
        QuotaKind.Waiting => "Send again when the earlier ones have left, or ask the node's operator for more (limits.quotas).",
        QuotaKind.Unfetched => "The recipient has to fetch them; the previous node tries again by itself.",
        _ => "Send again tomorrow, or ask the node's operator for more (limits.quotas).",
    };

    private static string Amount(QuotaLimit used, QuotaLimit limit, string documents) => string.Join(", ", new[]
    {
        limit.Documents > 0 ? $"{used.Documents}/{limit.Documents} {documents}" : null,
        limit.Bytes > 0 ? $"{Mebibytes(used.Bytes)}/{Mebibytes(limit.Bytes)} MiB" : null,
    }.OfType<string>());

    private static string Mebibytes(long bytes) => (bytes / 1048576.0).ToString("0.#", CultureInfo.InvariantCulture);
}
