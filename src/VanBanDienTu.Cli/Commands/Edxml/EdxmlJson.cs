using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using VanBanDienTu.Axis.Edxml;
using VanBanDienTu.Axis.Organs;

namespace VanBanDienTu.Cli.Commands.Edxml;

/// <summary>Packets for machines: the model's own names in camelCase, agency codes as text, dates in ISO 8601.</summary>
internal static class EdxmlJson
{
    private static readonly JsonSerializerOptions Shape = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase), new OrganIdText() },
    };

    public static JsonObject Of(SeenPacket seen, bool full)
    {
        var (packet, reading) = (seen.Packet, seen.Packet.Reading);
        var json = new JsonObject
        {
            ["file"] = seen.File,
            ["ok"] = !packet.HasErrors,
            ["kind"] = reading.Document is not null ? "document" : reading.Status is not null ? "status" : null,
        };
        if (full)
        {
            json["document"] = JsonSerializer.SerializeToNode(reading.Document, Shape);
            json["status"] = JsonSerializer.SerializeToNode(reading.Status, Shape);
            json["attachments"] = new JsonArray(packet.Attachments.Select(Attachment).ToArray());
        }
        json["problems"] = new JsonArray(packet.Problems.Select(Problem).ToArray());
        return json;
    }

    private static JsonNode Attachment(UnpackedAttachment attachment) => new JsonObject
    {
        ["contentId"] = attachment.ContentId,
        ["name"] = attachment.Name,
        ["contentType"] = attachment.ContentType,
        ["description"] = attachment.Description,
        ["size"] = attachment.Size,
        ["sha256"] = attachment.Sha256,
        ["wasZipped"] = attachment.WasZipped,
    };

    private static JsonNode Problem(EdxmlProblem problem) => new JsonObject
    {
        ["code"] = problem.Code,
        ["severity"] = problem.IsError ? "error" : "warning",
        ["fault"] = problem.Fault.ToString(),
        ["line"] = problem.Line,
        ["column"] = problem.Column,
        ["text"] = new JsonObject { ["vi"] = problem.Vi, ["en"] = problem.En },
    };

    private sealed class OrganIdText : JsonConverter<OrganId>
    {
        public override OrganId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => OrganId.Parse(reader.GetString());

        public override void Write(Utf8JsonWriter writer, OrganId value, JsonSerializerOptions options) => writer.WriteStringValue(value.Text);
    }
}
