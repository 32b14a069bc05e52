using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace VanBanDienTu.Signing.Keys.Csc;

/// <summary>Calls a signing service: JSON over HTTPS with a bearer token. No secret ever gets into a message.</summary>
/// <remarks>Source: Cloud Signature Consortium, API v2.0.0.2, clauses 8 (authorisation), 10.1 (errors) and 11 (methods).</remarks>
internal sealed class CscClient : IDisposable
{
    private const int MaxAnswerBytes = 1 << 20;
    private const int LongestSentence = 300;

    private readonly CscConfig _config;
    private readonly HttpClient _http;
    private string? _token;

    public CscClient(CscConfig config)
    {
        _config = config;
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = config.Timeout, PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
        {
            Timeout = config.Timeout,
            MaxResponseContentBufferSize = MaxAnswerBytes,
        };
    }

    /// <summary>The service, for messages.</summary>
    public string Where => $"{_config.Service.Authority} ({_config.Credential})";

    /// <summary>Calls a method such as <c>signatures/signHash</c>.</summary>
    /// <exception cref="SigningException"><see cref="SigningFault.KeyFailed"/> (worth a retry), <see cref="SigningFault.WrongPin"/>, <see cref="SigningFault.PinLocked"/>.</exception>
    public async Task<JsonObject> CallAsync(string method, JsonObject body, CancellationToken cancellation)
    {
        var (status, answer) = await PostAsync(method, body, await TokenAsync(fresh: false, cancellation), cancellation);
        // A token that came from the token endpoint may have run out.
        if (status == HttpStatusCode.Unauthorized && _config.TokenUrl is not null)
            (status, answer) = await PostAsync(method, body, await TokenAsync(fresh: true, cancellation), cancellation);
        return status is HttpStatusCode.OK && answer is not null ? answer : throw Refused(method, status, answer);
    }

    /// <summary>The first line of a file that holds a secret.</summary>
    public static string Secret(string file)
    {
        try
        {
            using var reader = new StreamReader(file);
            return reader.ReadLine() ?? "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SigningException(SigningFault.KeyAddressInvalid, $"The file {file} of the signing service cannot be read: {e.Message}", $"Không đọc được tệp {file} của dịch vụ ký: {e.Message}", e);
        }
    }

    public void Dispose() => _http.Dispose();

    private Task<(HttpStatusCode, JsonObject?)> PostAsync(string method, JsonObject body, string token, CancellationToken cancellation)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_config.Service, method)) { Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body)) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return SendAsync(request, cancellation);
    }

    private async Task<string> TokenAsync(bool fresh, CancellationToken cancellation)
    {
        if (_config.TokenFile is { } file)
            return Secret(file);
        if (_token is not null && !fresh)
            return _token;
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["grant_type"] = "client_credentials", ["scope"] = "service", ["client_id"] = _config.ClientId!, ["client_secret"] = Secret(_config.ClientSecretFile!),
        });
        var (status, answer) = await SendAsync(new HttpRequestMessage(HttpMethod.Post, _config.TokenUrl!.ToString().TrimEnd('/')) { Content = form }, cancellation);
        return _token = status == HttpStatusCode.OK && Text(answer, "access_token") is { Length: > 0 } token ? token : throw Refused("oauth2/token", status, answer);
    }

    private async Task<(HttpStatusCode, JsonObject?)> SendAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        using var _ = request;
        try
        {
            using var response = await _http.SendAsync(request, cancellation);
            var body = await response.Content.ReadAsByteArrayAsync(cancellation);
            return (response.StatusCode, Parse(body));
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw Failed($"it did not answer within {_config.Timeout.TotalSeconds:0.#} s", $"không trả lời trong {_config.Timeout.TotalSeconds:0.#} giây", e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw Failed($"it could not be reached: {e.Message}", $"không kết nối được: {e.Message}", e);
        }
    }

    private static JsonObject? Parse(byte[] body)
    {
        try
        {
            return JsonNode.Parse(body, documentOptions: new JsonDocumentOptions { MaxDepth = 16 }) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private SigningException Refused(string method, HttpStatusCode status, JsonObject? answer)
    {
        var (code, said) = (Text(answer, "error") ?? "", Clean(Text(answer, "error_description") ?? ""));
        var what = $"{method}: HTTP {(int)status}" + (code.Length > 0 ? $" {Clean(code)}" : "") + (said.Length > 0 ? $", «{said}»" : "");
        return code switch
        {
            "invalid_pin" => new SigningException(SigningFault.WrongPin,
                $"The signing service {Where} refused the PIN ({what}). It will not be tried again, because a few wrong ones lock a credential; correct the PIN file.",
                $"Dịch vụ ký {Where} từ chối mã PIN ({what}). Không thử lại, vì nhập sai vài lần sẽ khóa; hãy sửa tệp chứa mã PIN."),
            "invalid_pin_locked" or "pin_locked" or "credential_locked" => new SigningException(SigningFault.PinLocked,
                $"The credential of the signing service {Where} is locked ({what}); ask the service to unlock it.",
                $"Khóa tại dịch vụ ký {Where} đang bị khóa ({what}); hãy đề nghị dịch vụ mở khóa."),
            _ when status == HttpStatusCode.OK => Failed($"its answer to {method} cannot be read", $"câu trả lời cho {method} không đọc được", null),
            _ => Failed($"it refused: {what}", $"từ chối: {what}", null),
        };
    }

    public SigningException Failed(string english, string vietnamese, Exception? inner) => new(SigningFault.KeyFailed,
        $"The signing service {Where} could not sign: {english}.", $"Dịch vụ ký {Where} không ký được: {vietnamese}.", inner);

    public static string? Text(JsonObject? answer, string key) => answer?[key] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    // A service may repeat what it was sent, and at any length.
    private string Clean(string text)
    {
        foreach (var file in new[] { _config.PinFile, _config.TokenFile, _config.ClientSecretFile }.OfType<string>().Where(File.Exists))
        {
            if (Secret(file) is { Length: > 0 } secret)
                text = text.Replace(secret, "•••", StringComparison.Ordinal);
        }
        text = string.Concat(text.Where(c => !char.IsControl(c)));
        return text.Length <= LongestSentence ? text : text[..LongestSentence] + "…";
    }
}
