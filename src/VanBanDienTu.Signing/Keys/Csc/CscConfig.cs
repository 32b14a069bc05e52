using System.Globalization;
using System.Text.Json;

namespace VanBanDienTu.Signing.Keys.Csc;

/// <summary>
/// Where a key of a remote signing service (dịch vụ ký số từ xa) is, and what opens it: one JSON file, whose secrets are in files of
/// their own beside it. In an address it stands as <c>csc:NAME</c>: a path, or the name of a file in the folder for such files.
/// </summary>
public sealed record CscConfig
{
    /// <summary>What such an address begins with.</summary>
    public const string Scheme = "csc:";

    /// <summary>Names the folder of the files that are given by name alone; else <c>~/.config/vbdt/csc</c>.</summary>
    public const string FolderVariable = "VBDT_CSC";

    /// <summary>The service's base address, which ends in <c>/csc/v2</c>. Https, or http on loopback.</summary>
    public required Uri Service { get; init; }

    /// <summary>The credential's id at the service.</summary>
    public required string Credential { get; init; }

    /// <summary>A file holding an OAuth 2.0 access token; read again for every call, so another program may renew it.</summary>
    public string? TokenFile { get; init; }

    /// <summary>An OAuth 2.0 token endpoint, for the client credentials grant.</summary>
    public Uri? TokenUrl { get; init; }

    public string? ClientId { get; init; }

    public string? ClientSecretFile { get; init; }

    /// <summary>A file holding the credential's PIN, when the service asks for one.</summary>
    public string? PinFile { get; init; }

    /// <summary>What the service calls the PIN in its authorisation data.</summary>
    public string PinId { get; init; } = "PIN";

    /// <summary>For one call.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Whether a key's address is one of these.</summary>
    public static bool Is(string address) => address.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase);

    /// <summary>The file that an address means.</summary>
    /// <param name="address"><c>csc:NAME</c>.</param>
    /// <param name="baseFolder">What relative paths are relative to.</param>
    public static string FileOf(string address, string baseFolder)
    {
        var name = address[Scheme.Length..];
        if (name.Contains('/', StringComparison.Ordinal) || name.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
            return Path.GetFullPath(Path.Combine(baseFolder, name));
        var folder = Environment.GetEnvironmentVariable(FolderVariable)
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".config", "vbdt", "csc");
        return Path.Combine(folder, name + ".json");
    }

    /// <exception cref="SigningException"><see cref="SigningFault.KeyAddressInvalid"/>: no such file, or what in it is wrong.</exception>
    public static CscConfig Load(string path)
    {
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(path), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            return Read(json.RootElement, path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Bad(path, $"it cannot be read ({e.Message})", $"không đọc được ({e.Message})");
        }
        catch (JsonException e)
        {
            throw Bad(path, $"it is not valid JSON (line {e.LineNumber + 1})", $"không phải JSON hợp lệ (dòng {e.LineNumber + 1})");
        }
    }

    private static CscConfig Read(JsonElement root, string path)
    {
        if (root.ValueKind != JsonValueKind.Object)
            throw Bad(path, "it must be a JSON object", "phải là một đối tượng JSON");
        var known = new[] { "service", "credential", "tokenFile", "tokenUrl", "clientId", "clientSecretFile", "pinFile", "pinId", "timeout" };
        if (root.EnumerateObject().Select(m => m.Name).FirstOrDefault(n => !known.Contains(n, StringComparer.Ordinal)) is { } odd)
            throw Bad(path, $"\"{odd}\" is not a key of it; they are {string.Join(", ", known)}", $"không có khóa «{odd}»; các khóa: {string.Join(", ", known)}");
        var config = new CscConfig
        {
            Service = Address(root, "service", path) ?? throw Missing(path, "service"),
            Credential = Text(root, "credential", path) ?? throw Missing(path, "credential"),
            TokenFile = Beside(root, "tokenFile", path),
            TokenUrl = Address(root, "tokenUrl", path),
            ClientId = Text(root, "clientId", path),
            ClientSecretFile = Beside(root, "clientSecretFile", path),
            PinFile = Beside(root, "pinFile", path),
            PinId = Text(root, "pinId", path) ?? "PIN",
            Timeout = Text(root, "timeout", path) is not { } text ? TimeSpan.FromSeconds(60)
                : TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var span) && span > TimeSpan.Zero ? span
                : throw Bad(path, "timeout must be like \"00:01:00\"", "timeout phải có dạng \"00:01:00\""),
        };
        if (config.TokenUrl is not null && (config.ClientId is null || config.ClientSecretFile is null))
            throw Bad(path, "tokenUrl needs clientId and clientSecretFile", "tokenUrl cần có clientId và clientSecretFile");
        if ((config.TokenFile is null) == (config.TokenUrl is null))
            throw Bad(path, "give one of tokenFile and tokenUrl", "cần đúng một trong tokenFile và tokenUrl");
        return config;
    }

    private static Uri? Address(JsonElement root, string key, string path)
    {
        if (Text(root, key, path) is not { } text)
            return null;
        return Uri.TryCreate(text.TrimEnd('/') + "/", UriKind.Absolute, out var uri) && (uri.Scheme == "https" || (uri.Scheme == "http" && uri.IsLoopback)) ? uri
            : throw Bad(path, $"{key} must be an https address (http on loopback only)", $"{key} phải là địa chỉ https (http chỉ trên máy này)");
    }

    private static string? Beside(JsonElement root, string key, string path) =>
        Text(root, key, path) is { } name ? Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, name)) : null;

    private static string? Text(JsonElement root, string key, string path) => !root.TryGetProperty(key, out var value) ? null
        : value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text
        : throw Bad(path, $"{key} must be a text", $"{key} phải là chuỗi ký tự");

    private static SigningException Missing(string path, string key) => Bad(path, $"{key} is required", $"thiếu {key}");

    private static SigningException Bad(string path, string english, string vietnamese) => new(SigningFault.KeyAddressInvalid,
        $"The signing service's file {path} cannot be used: {english}.", $"Không dùng được tệp dịch vụ ký {path}: {vietnamese}.");
}
