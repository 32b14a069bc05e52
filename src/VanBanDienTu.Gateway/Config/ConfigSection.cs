using System.Globalization;
using System.Text.Json;

namespace VanBanDienTu.Gateway.Config;

/// <summary>Reads one JSON object by its keys and remembers every problem, so that a person mends a file once.</summary>
internal sealed class ConfigSection
{
    private readonly Dictionary<string, JsonElement> members = new(StringComparer.Ordinal);
    private readonly HashSet<string> known = new(StringComparer.Ordinal);
    private readonly List<ConfigProblem> problems;
    private readonly string path;

    public ConfigSection(JsonElement element, string path, List<ConfigProblem> problems)
    {
        this.path = path;
        this.problems = problems;
        if (element.ValueKind != JsonValueKind.Object)
        {
            Report(path, "phải là một đối tượng JSON { … }", "must be a JSON object { … }");
            return;
        }

        foreach (var member in element.EnumerateObject())
            if (!members.TryAdd(member.Name, member.Value))
                Report(At(member.Name), "khoá này được viết hai lần; hãy bỏ một", "this key is written twice; remove one");
    }

    public string At(string key) => path.Length == 0 ? key : path + "." + key;

    public void Report(string at, string vi, string en) => problems.Add(new ConfigProblem(at, vi, en));

    /// <summary>Call last: a key that nobody asked for is a spelling mistake.</summary>
    public void RefuseUnknown()
    {
        foreach (var name in members.Keys.Where(name => !known.Contains(name)))
            Report(At(name), $"không có khoá này; các khoá được dùng: {string.Join(", ", known)}",
                $"is not a key of this file; keys here are {string.Join(", ", known)}");
    }

    public string Required(string key)
    {
        if (Find(key) is { } value)
            return TextOf(value, At(key)) ?? "";
        Report(At(key), "bắt buộc phải có", "is required");
        return "";
    }

    public string? Optional(string key) => Find(key) is { } value ? TextOf(value, At(key)) : null;

    public bool Flag(string key)
    {
        if (Find(key) is not { } value)
            return false;
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
            return value.GetBoolean();
        Report(At(key), "phải là true hoặc false", "must be true or false");
        return false;
    }

    public long Number(string key, long fallback, long least, long most)
    {
        if (Find(key) is not { } value)
            return fallback;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) && number >= least && number <= most)
            return number;
        Report(At(key), $"phải là số nguyên từ {least} đến {most}", $"must be a whole number from {least} to {most}");
        return fallback;
    }

    public TimeSpan Duration(string key, TimeSpan fallback)
    {
        if (Optional(key) is not { } text)
            return fallback;
        if (TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var span) && span > TimeSpan.Zero)
            return span;
        Report(At(key), "phải là khoảng thời gian dương dạng [ngày.]giờ:phút:giây, ví dụ \"00:00:05\" hoặc \"5.00:00:00\"",
            "must be a positive time span like \"00:00:05\" or \"5.00:00:00\" ([days.]hours:minutes:seconds)");
        return fallback;
    }

    public DateTimeOffset? Instant(string key)
    {
        if (Optional(key) is not { } text)
            return null;
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant))
            return instant;
        Report(At(key), "phải là thời điểm ISO 8601, ví dụ \"2026-11-22T08:00:00+07:00\"",
            "must be an ISO 8601 time like \"2026-11-22T08:00:00+07:00\"");
        return null;
    }

    public T Choice<T>(string key, T fallback)
        where T : struct, Enum => Optional(key) is { } text ? ChoiceOf(text, At(key), fallback) : fallback;

    public IReadOnlyList<T> Choices<T>(string key)
        where T : struct, Enum => [.. Texts(key).Select((text, i) => ChoiceOf(text, $"{At(key)}[{i}]", default(T)))];

    public IReadOnlyList<string> Texts(string key) =>
        [.. Items(key).Select((item, i) => TextOf(item, $"{At(key)}[{i}]")).OfType<string>()];

    public IReadOnlyList<T> Sections<T>(string key, Func<ConfigSection, T> read) =>
        [.. Items(key).Select((item, i) => Bind(item, $"{At(key)}[{i}]", read))];

    public T? Section<T>(string key, Func<ConfigSection, T> read)
        where T : class => Find(key) is { } value ? Bind(value, At(key), read) : null;

    public T RequiredSection<T>(string key, Func<ConfigSection, T> read)
    {
        if (Find(key) is { } value)
            return Bind(value, At(key), read);
        Report(At(key), "bắt buộc phải có", "is required");
        return read(new ConfigSection(EmptyObject, At(key), []));
    }

    private static readonly JsonElement EmptyObject = JsonElement.Parse("{}");

    private T Bind<T>(JsonElement element, string at, Func<ConfigSection, T> read)
    {
        var section = new ConfigSection(element, at, problems);
        var bound = read(section);
        section.RefuseUnknown();
        return bound;
    }

    private T ChoiceOf<T>(string text, string at, T fallback)
        where T : struct, Enum
    {
        foreach (var value in Enum.GetValues<T>())
            if (string.Equals(value.ToString(), text, StringComparison.OrdinalIgnoreCase))
                return value;
        var words = string.Join(", ", Enum.GetNames<T>().Select(name => name.ToLowerInvariant()));
        Report(at, $"«{text}» không hợp lệ; chọn một trong: {words}", $"\"{text}\" is not one of {words}");
        return fallback;
    }

    private IEnumerable<JsonElement> Items(string key)
    {
        if (Find(key) is not { } value)
            return [];
        if (value.ValueKind == JsonValueKind.Array)
            return value.EnumerateArray();
        Report(At(key), "phải là một danh sách [ … ]", "must be a list [ … ]");
        return [];
    }

    private string? TextOf(JsonElement value, string at)
    {
        if (value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text)
            return text;
        Report(at, "phải là chuỗi ký tự không rỗng", "must be a text that is not empty");
        return null;
    }

    // null is the same as absent: the file may name every key.
    private JsonElement? Find(string key)
    {
        known.Add(key);
        return members.TryGetValue(key, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
    }
}
