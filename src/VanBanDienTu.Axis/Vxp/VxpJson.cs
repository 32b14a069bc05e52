using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using VanBanDienTu.Axis.Edxml;

namespace VanBanDienTu.Axis.Vxp;

/// <summary>Writes the protocol's JSON as the axis does: every value a text, <c>status</c>, <c>ErrorCode</c> and <c>ErrorDesc</c> first.</summary>
public static class VxpJson
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Ok(params ReadOnlySpan<(string Name, string? Value)> fields)
    {
        using var bytes = new MemoryStream();
        using (var json = Start(bytes, null))
        {
            Write(json, fields);
            json.WriteEndObject();
        }

        return bytes.ToArray();
    }

    public static byte[] Failed(VxpError error)
    {
        using var bytes = new MemoryStream();
        using (var json = Start(bytes, error))
            json.WriteEndObject();
        return bytes.ToArray();
    }

    /// <summary>An answer whose <c>data</c> is a list; written as it comes, so that a directory of any length costs no memory.</summary>
    public static async Task WriteListAsync<T>(Stream to, IAsyncEnumerable<T> items, Action<Utf8JsonWriter, T> write, CancellationToken ct)
    {
        await using var json = Start(to, null);
        json.WriteStartArray("data");
        await foreach (var item in items.WithCancellation(ct))
        {
            json.WriteStartObject();
            write(json, item);
            json.WriteEndObject();
            if (json.BytesPending > 32 * 1024)
                await json.FlushAsync(ct);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        await json.FlushAsync(ct);
    }

    /// <param name="synchronized">With the fields of getSynchronizeUnit.</param>
    public static void Write(Utf8JsonWriter json, VxpAgency agency, bool synchronized)
    {
        Write(json, ("id", agency.Id), ("pid", agency.ParentId), ("code", agency.Code), ("name", agency.Name), ("mail", agency.Mail),
            ("oldCode", agency.OldCode), ("code102", agency.OldCode));
        if (synchronized)
        {
            Write(json, ("version", agency.Version.ToString(CultureInfo.InvariantCulture)), ("centerCode", agency.CenterCode),
                ("deleted", agency.Deleted ? "true" : "false"), ("modifyDate", Time(agency.Modified)), ("isAgency", agency.IsAgency ? "true" : "false"));
        }
    }

    public static void Write(Utf8JsonWriter json, VxpReceived item) => Write(
        json, ("docId", item.DocId), ("serviceType", VxpNames.ServiceTypeValue), ("messageType", item.MessageType.Word()),
        ("created_time", Time(item.Created)), ("updated_time", Time(item.Updated)), ("from", item.From), ("to", item.To),
        ("status", item.Status.Word()), ("status_desc", item.StatusDescription));

    public static void Write(Utf8JsonWriter json, VxpSent item) => Write(
        json, ("senderDocId", item.SenderDocId), ("receiverDocId", item.ReceiverDocId), ("fromCode", item.FromCode), ("toCode", item.ToCode),
        ("title", item.Title), ("notation", item.Notation), ("sentTime", Time(item.Sent)), ("receivedTime", Time(item.Received)),
        ("sendStatus", item.SendStatus), ("sendStatusDesc", item.SendStatusDescription), ("receiveStatus", item.ReceiveStatus),
        ("receiveStatusDesc", item.ReceiveStatusDescription));

    /// <summary>The body of registerAgency.</summary>
    public static byte[] Write(VxpRegistration registration)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Options))
        {
            json.WriteStartObject();
            Write(json, ("id", registration.Id), ("pcode", registration.ParentCode), ("code", registration.Code), ("name", registration.Name),
                ("mail", registration.Mail), ("mobile", registration.Mobile), ("fax", registration.Fax));
            json.WriteEndObject();
        }

        return bytes.ToArray();
    }

    private static Utf8JsonWriter Start(Stream to, VxpError? error)
    {
        var json = new Utf8JsonWriter(to, Options);
        json.WriteStartObject();
        json.WriteString("status", error is null ? "OK" : "FAIL");
        json.WriteString("ErrorCode", ((int)(error?.Code ?? VxpCode.Ok)).ToString(CultureInfo.InvariantCulture));
        json.WriteString("ErrorDesc", error?.Description ?? "");
        return json;
    }

    private static void Write(Utf8JsonWriter json, params ReadOnlySpan<(string Name, string? Value)> fields)
    {
        foreach (var (name, value) in fields)
            json.WriteString(name, value ?? "");
    }

    private static string Time(DateTimeOffset? time) => time is { } at ? EdxmlTime.Write(at) : "";
}
