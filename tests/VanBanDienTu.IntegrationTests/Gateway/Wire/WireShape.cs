using System.Buffers.Binary;
using System.Collections;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using VanBanDienTu.Contracts.V1;

namespace VanBanDienTu.IntegrationTests.Gateway.Wire;

/// <summary>
/// Whether programs of the recorded version and of today understand each other: today's messages know every field that was sent, and
/// today's answer fills every field that the recorded one filled, with the same value where it does not depend on the day.
/// </summary>
internal static class WireShape
{
    private static readonly FileDescriptor[] Files =
    [
        AxisReflection.Descriptor, DirectoryReflection.Descriptor, AuditReflection.Descriptor, IncomingReflection.Descriptor, OutgoingReflection.Descriptor,
    ];

    // New at every node: what it makes up, signs or measures; how it cuts bytes into messages is its own affair.
    private static readonly HashSet<string> OfTheDay = new(StringComparer.Ordinal)
    {
        "document_id", "evidence_id", "json", "signature", "data", "offset", "crc32c", "version", "report_id", "attempts", "last_error",
    };

    // Elsewhere a message's id is what the caller gave it.
    private const string IdOfAnAnswer = "AnswerResponse.message_id";

    public static MethodDescriptor MethodOf(string path)
    {
        var (service, name) = (path[1..path.LastIndexOf('/')], path[(path.LastIndexOf('/') + 1)..]);
        return Files.SelectMany(f => f.Services).FirstOrDefault(s => s.FullName == service)?.FindMethodByName(name)
            ?? throw new InvalidOperationException($"{path} is no method any more.");
    }

    public static List<string> Problems(WireCall recorded, byte[] answer)
    {
        var method = MethodOf(recorded.Method);
        var problems = new List<string>();
        Understood(recorded.Request, method.InputType, problems);
        Understood(recorded.Response, method.OutputType, problems);
        var (was, now) = (Fields(recorded.Response, method.OutputType), Fields(answer, method.OutputType));
        foreach (var (path, values) in was)
        {
            if (!now.TryGetValue(path, out var today))
                problems.Add($"{recorded.Method}: {path} is not filled any more.");
            else if (!IsOfTheDay(path) && !values.SetEquals(today))
                problems.Add($"{recorded.Method}: {path} is {string.Join(", ", today)}, was {string.Join(", ", values)}");
        }

        return problems;
    }

    /// <summary>Today's program reads all of it: nothing is left over that it has no field for.</summary>
    private static void Understood(byte[] body, MessageDescriptor type, List<string> problems)
    {
        foreach (var frame in Frames(body))
        {
            var read = type.Parser.ParseFrom(frame);
            if (read.CalculateSize() != type.Parser.WithDiscardUnknownFields(true).ParseFrom(frame).CalculateSize())
                problems.Add($"{type.FullName}: a field of the recording is not known any more.");
        }
    }

    private static bool IsOfTheDay(string path)
    {
        var name = path[(path.LastIndexOf('.') + 1)..];
        return path == IdOfAnAnswer || OfTheDay.Contains(name) || name.EndsWith("_unix_ms", StringComparison.Ordinal) || path.Contains('{', StringComparison.Ordinal);
    }

    private static Dictionary<string, HashSet<string>> Fields(byte[] body, MessageDescriptor type)
    {
        var fields = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        foreach (var frame in Frames(body))
            Collect(type.Parser.ParseFrom(frame), type.Name, fields);
        return fields;
    }

    private static void Collect(IMessage message, string path, Dictionary<string, HashSet<string>> fields)
    {
        foreach (var field in message.Descriptor.Fields.InFieldNumberOrder())
        {
            var value = field.Accessor.GetValue(message);
            foreach (var one in field.IsRepeated ? ((IEnumerable)value).Cast<object>() : [value])
                Add(field, one, $"{path}.{field.Name}", fields);
        }
    }

    private static void Add(FieldDescriptor field, object? value, string path, Dictionary<string, HashSet<string>> fields)
    {
        switch (value)
        {
            case null or "" or 0 or 0L or 0u or 0ul or 0.0 or false or ByteString { IsEmpty: true }:
                return; // not on the wire
            case IMessage inner:
                fields.TryAdd(path, []);
                Collect(inner, path, fields);
                return;
            case ByteString json when field.Name == "json":
                using (var parsed = JsonDocument.Parse(json.Memory))
                    Members(parsed.RootElement, path, fields);
                return;
        }

        if (!fields.TryGetValue(path, out var values))
            fields[path] = values = new HashSet<string>(StringComparer.Ordinal);
        values.Add(value is ByteString bytes ? bytes.ToBase64() : value.ToString()!);
    }

    /// <summary>Evidence is read by other nodes too: what it states is part of what is said.</summary>
    private static void Members(JsonElement json, string path, Dictionary<string, HashSet<string>> fields)
    {
        if (json.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in json.EnumerateObject())
                Members(member.Value, $"{path}{{{member.Name}}}", fields);
        }
        else if (json.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in json.EnumerateArray())
                Members(item, path, fields);
        }
        else
        {
            fields.TryAdd(path, []);
        }
    }

    /// <summary>A byte that says «not compressed», the length, the message; again and again.</summary>
    private static IEnumerable<byte[]> Frames(byte[] body)
    {
        for (var at = 0; at < body.Length;)
        {
            Assert.Equal(0, body[at]);
            var length = BinaryPrimitives.ReadInt32BigEndian(body.AsSpan(at + 1));
            yield return body[(at + 5)..(at + 5 + length)];
            at += 5 + length;
        }
    }
}
