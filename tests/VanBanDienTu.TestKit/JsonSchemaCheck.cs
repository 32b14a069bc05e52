using System.Text.Json;
using System.Text.RegularExpressions;

namespace VanBanDienTu.TestKit;

/// <summary>
/// Checks JSON against the few words of JSON Schema that our schemas use: type, enum, const, properties, required,
/// additionalProperties, items, minItems, maxItems, pattern, $ref to $defs. An unknown word is a problem, not ignored.
/// </summary>
public static class JsonSchemaCheck
{
    private static readonly string[] Known =
        ["$schema", "$id", "$defs", "$ref", "title", "description", "type", "enum", "properties", "required", "additionalProperties", "items", "minItems", "maxItems", "pattern", "minimum"];

    public static IReadOnlyList<string> Problems(JsonElement value, ReadOnlySpan<byte> schema)
    {
        using var document = JsonDocument.Parse(schema.ToArray());
        var problems = new List<string>();
        Check(value, document.RootElement, document.RootElement, "$", problems);
        return problems;
    }

    private static void Check(JsonElement value, JsonElement schema, JsonElement root, string at, List<string> problems)
    {
        if (schema.TryGetProperty("$ref", out var reference))
        {
            Check(value, root.GetProperty("$defs").GetProperty(reference.GetString()!["#/$defs/".Length..]), root, at, problems);
            return;
        }
        foreach (var word in schema.EnumerateObject().Where(w => !Known.Contains(w.Name, StringComparer.Ordinal)))
            problems.Add($"{at}: the schema's word {word.Name} is not known here");
        if (schema.TryGetProperty("type", out var type) && !TypeFits(value, type))
        {
            problems.Add($"{at}: {value.ValueKind} instead of {type}");
            return;
        }
        if (schema.TryGetProperty("enum", out var words) && !words.EnumerateArray().Any(w => JsonElement.DeepEquals(w, value)))
            problems.Add($"{at}: {value} is none of {words}");
        if (schema.TryGetProperty("minimum", out var minimum) && value.ValueKind == JsonValueKind.Number && value.GetDouble() < minimum.GetDouble())
            problems.Add($"{at}: {value} is below {minimum}");
        if (schema.TryGetProperty("pattern", out var pattern) && value.ValueKind == JsonValueKind.String && !Regex.IsMatch(value.GetString()!, pattern.GetString()!, RegexOptions.None, TimeSpan.FromSeconds(1)))
            problems.Add($"{at}: {value} does not match {pattern}");
        if (value.ValueKind == JsonValueKind.Object)
            CheckObject(value, schema, root, at, problems);
        if (value.ValueKind == JsonValueKind.Array)
            CheckArray(value, schema, root, at, problems);
    }

    private static void CheckObject(JsonElement value, JsonElement schema, JsonElement root, string at, List<string> problems)
    {
        var properties = schema.TryGetProperty("properties", out var p) ? p : default;
        foreach (var member in value.EnumerateObject())
        {
            if (properties.ValueKind == JsonValueKind.Object && properties.TryGetProperty(member.Name, out var inner))
                Check(member.Value, inner, root, $"{at}.{member.Name}", problems);
            else if (schema.TryGetProperty("additionalProperties", out var more) && more.ValueKind == JsonValueKind.False)
                problems.Add($"{at}: {member.Name} is not in the schema");
        }
        if (schema.TryGetProperty("required", out var required))
            problems.AddRange(required.EnumerateArray().Where(r => !value.TryGetProperty(r.GetString()!, out _)).Select(r => $"{at}: {r} is missing"));
    }

    private static void CheckArray(JsonElement value, JsonElement schema, JsonElement root, string at, List<string> problems)
    {
        var length = value.GetArrayLength();
        if ((schema.TryGetProperty("minItems", out var least) && length < least.GetInt32()) || (schema.TryGetProperty("maxItems", out var most) && length > most.GetInt32()))
            problems.Add($"{at}: {length} items");
        if (!schema.TryGetProperty("items", out var items))
            return;
        var index = 0;
        foreach (var item in value.EnumerateArray())
            Check(item, items, root, $"{at}[{index++}]", problems);
    }

    private static bool TypeFits(JsonElement value, JsonElement type) => type.ValueKind == JsonValueKind.Array
        ? type.EnumerateArray().Any(t => TypeFits(value, t))
        : type.GetString() switch
        {
            "object" => value.ValueKind == JsonValueKind.Object,
            "array" => value.ValueKind == JsonValueKind.Array,
            "string" => value.ValueKind == JsonValueKind.String,
            "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
            "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
            "number" => value.ValueKind == JsonValueKind.Number,
            "null" => value.ValueKind == JsonValueKind.Null,
            _ => false,
        };
}
