using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace VanBanDienTu.Signing.Reports;

/// <summary>The report as JSON, by the frozen schema verdict.schema.json.</summary>
public static class ReportJson
{
    private static readonly ReportJsonContext Indented = new(Options(indented: true));
    private static readonly ReportJsonContext Compact = new(Options(indented: false));

    /// <summary>The JSON Schema (draft 2020-12) that every report keeps to.</summary>
    public static byte[] Schema
    {
        get
        {
            using var stream = typeof(ReportJson).Assembly.GetManifestResourceStream("verdict.schema.json")!;
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return bytes;
        }
    }

    /// <summary>The whole report as UTF-8 JSON.</summary>
    public static byte[] Utf8(VerificationReport report, bool indented = true) =>
        JsonSerializer.SerializeToUtf8Bytes(report, (indented ? Indented : Compact).VerificationReport);

    /// <summary>The whole report as text.</summary>
    public static string Text(VerificationReport report, bool indented = true) => Encoding.UTF8.GetString(Utf8(report, indented));

    /// <summary>Writes the whole report; of its files only a few are in memory at a time.</summary>
    public static void Write(Stream target, VerificationReport report) => JsonSerializer.Serialize(target, report, Indented.VerificationReport);

    /// <summary>One verdict alone, on one line.</summary>
    public static byte[] LineOf(FileVerdict verdict) => JsonSerializer.SerializeToUtf8Bytes(verdict, Compact.FileVerdict);

    /// <summary>Reads back a verdict that <see cref="LineOf"/> wrote.</summary>
    /// <exception cref="JsonException">It is not such a verdict.</exception>
    public static FileVerdict ReadLine(ReadOnlySpan<byte> utf8) =>
        JsonSerializer.Deserialize(utf8, Compact.FileVerdict) ?? throw new JsonException("The verdict is null.");

    /// <summary>Reads back a report that <see cref="Utf8"/> wrote.</summary>
    /// <exception cref="JsonException">It is not such a report.</exception>
    public static VerificationReport Read(ReadOnlySpan<byte> utf8) =>
        JsonSerializer.Deserialize(utf8, Compact.VerificationReport) ?? throw new JsonException("The report is null.");

    private static JsonSerializerOptions Options(bool indented) => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = indented,
        IndentSize = 1,
        NewLine = "\n",
        // Vietnamese and «+07:00» stay readable. The text is a JSON file, never a part of a web page.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new VietnamTime() },
    };

    /// <summary>Instants as ISO 8601 with Vietnam's fixed offset, whatever the server's zone.</summary>
    private sealed class VietnamTime : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            DateTimeOffset.Parse(reader.GetString()!, CultureInfo.InvariantCulture);

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToOffset(TimeSpan.FromHours(7)).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture));
    }
}

[JsonSourceGenerationOptions(UseStringEnumConverter = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(VerificationReport))]
[JsonSerializable(typeof(FileVerdict))]
internal sealed partial class ReportJsonContext : JsonSerializerContext;
