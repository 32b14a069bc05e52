using System.Globalization;
using System.Text.Json;
using VanBanDienTu.Axis.Edxml;

namespace VanBanDienTu.Axis.Vxp;

/// <summary>Reads the protocol's JSON as tolerantly as its many writers need: any case of names, texts or numbers, fields that are missing.</summary>
public static class VxpReading
{
    /// <summary>The error that an answer states; null when it is OK.</summary>
    /// <exception cref="AxisException"><see cref="AxisFault.PeerUnreadable"/>: neither.</exception>
    public static VxpError? Error(JsonElement answer)
    {
        var status = Text(answer, "status");
        var stated = Number(answer, "ErrorCode");
        if (string.Equals(status, "OK", StringComparison.OrdinalIgnoreCase) && stated is null or 0)
            return null;
        if (status is null && stated is null)
            throw Unreadable("không có status và ErrorCode", "it has neither status nor ErrorCode");
        return stated is null or 0 && status is null
            ? null
            : new VxpError((VxpCode)(stated is null or 0 ? (int)VxpCode.InternalError : stated.Value), Text(answer, "ErrorDesc") ?? "");
    }

    /// <summary>The items of <c>data</c>; one that cannot be read is left out, so that it never hides the others.</summary>
    public static IReadOnlyList<T> List<T>(JsonElement answer, Func<JsonElement, T?> read)
        where T : class =>
        Find(answer, "data") is { ValueKind: JsonValueKind.Array } data ? [.. data.EnumerateArray().Select(read).OfType<T>()] : [];

    public static VxpAgency? Agency(JsonElement item) => Text(item, "code") is not { } code ? null : new VxpAgency(
        Text(item, "id") ?? code, Text(item, "pid"), code, Text(item, "name") ?? code, Text(item, "mail"),
        Text(item, "oldCode") ?? Text(item, "code102"), Number(item, "version") ?? 0, Text(item, "centerCode"), Truth(item, "deleted", false),
        Time(item, "modifyDate"), Truth(item, "isAgency", true));

    public static VxpReceived? Received(JsonElement item)
    {
        if (Text(item, "docId") is not { } docId)
            return null;
        _ = VxpWords.TryParse(Text(item, "messageType"), out VxpMessageType type);
        _ = VxpWords.TryParse(Text(item, "status"), out VxpAcknowledgement status);
        return new VxpReceived(
            docId, type, Text(item, "from") ?? "", Text(item, "to"), status, Text(item, "status_desc"), Time(item, "created_time"), Time(item, "updated_time"));
    }

    public static VxpSent? Sent(JsonElement item) => Text(item, "senderDocId") is not { } docId ? null : new VxpSent(
        docId, Text(item, "receiverDocId"), Text(item, "fromCode") ?? "", Text(item, "toCode") ?? "", Text(item, "title"), Text(item, "notation"),
        Time(item, "sentTime"), Time(item, "receivedTime"), Text(item, "sendStatus"), Text(item, "sendStatusDesc"), Text(item, "receiveStatus"),
        Text(item, "receiveStatusDesc"));

    public static VxpRegistration? Registration(JsonElement body) => Text(body, "code") is not { } code ? null : new VxpRegistration(
        Text(body, "id"), Text(body, "pcode"), code, Text(body, "name") ?? code, Text(body, "mail"), Text(body, "mobile"), Text(body, "fax"));

    /// <summary>A text or number by name; null when absent or empty.</summary>
    public static string? Text(JsonElement item, string name) => Find(item, name) switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString()!.Trim() is { Length: > 0 } found ? found : null,
        { ValueKind: JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False } other => other.GetRawText(),
        _ => null,
    };

    internal static AxisException Unreadable(string vi, string en, Exception? cause = null) => new(
        AxisFault.PeerUnreadable, $"Không đọc được trả lời của trục: {vi}.", $"The axis's answer cannot be read: {en}.", cause: cause);

    private static int? Number(JsonElement item, string name) =>
        int.TryParse(Text(item, name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static bool Truth(JsonElement item, string name, bool otherwise) => Text(item, name)?.ToLowerInvariant() switch
    {
        "true" or "1" or "y" or "yes" => true,
        "false" or "0" or "n" or "no" => false,
        _ => otherwise,
    };

    private static DateTimeOffset? Time(JsonElement item, string name)
    {
        if (Text(item, name) is not { } text)
            return null;
        if (EdxmlTime.TryReadTime(text, out var time, out _))
            return time;
        return text.Length is 13 && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)
            ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : null;
    }

    private static JsonElement? Find(JsonElement item, string name)
    {
        if (item.ValueKind != JsonValueKind.Object)
            return null;
        if (item.TryGetProperty(name, out var exact))
            return exact;
        foreach (var member in item.EnumerateObject())
        {
            if (string.Equals(member.Name, name, StringComparison.OrdinalIgnoreCase))
                return member.Value;
        }

        return null;
    }
}
