using System.Security.Cryptography;
using System.Text.Json.Nodes;
using VanBanDienTu.Signing.Certificates;

namespace VanBanDienTu.Signing.Keys.Csc;

/// <summary>A key at a remote signing service (ký số từ xa) that speaks the Cloud Signature Consortium's API v2. Safe for many threads.</summary>
/// <remarks>
/// Every value that comes back is verified with the credential's certificate before it is used. The authorisation is asked for each
/// hash, bound to it; a PIN that was refused is never sent again.
/// </remarks>
public sealed class CscKey : ISigningKey, IDisposable
{
    private readonly CscConfig _config;
    private readonly CscClient _client;
    private readonly IReadOnlySet<string> _offered;
    private readonly string _mode;
    private SigningException? _refused;

    private CscKey(CscConfig config, CscClient client, JsonObject info)
    {
        (_config, _client) = (config, client);
        var certificates = Certificates(info["cert"] as JsonObject);
        Certificate = certificates[0];
        Chain = KeyChain.Order(Certificate, [.. certificates.Skip(1)]);
        var key = info["key"] as JsonObject;
        _offered = (key?["algo"] as JsonArray)?.Select(a => a?.GetValue<string>()).OfType<string>().ToHashSet(StringComparer.Ordinal) ?? [];
        // v1 services say authMode, v2 auth.mode.
        _mode = CscClient.Text(info["auth"] as JsonObject, "mode") ?? CscClient.Text(info, "authMode") ?? "implicit";
        if (CscClient.Text(key, "status") is "disabled")
            throw client.Failed("the credential is disabled there", "khóa đang bị tắt tại dịch vụ", null);
        if (Certificate.PublicKey is not ({ AlgorithmName: "RSA", Size: >= 2048 and <= 16384 } or { AlgorithmName: "ECDSA" }))
            throw new SigningException(SigningFault.KeyUnsupported, $"The key at {client.Where} is not one we sign with; use RSA of at least 2048 bits or ECDSA.", $"Khóa tại {client.Where} không dùng để ký được; hãy dùng RSA từ 2048 bit hoặc ECDSA.");
        if (_mode == "explicit" && config.PinFile is null)
            throw new SigningException(SigningFault.KeyAddressInvalid, $"The signing service {client.Where} wants a PIN; add pinFile to its file.", $"Dịch vụ ký {client.Where} cần mã PIN; hãy thêm pinFile.");
    }

    /// <inheritdoc/>
    public Certificate Certificate { get; }

    /// <inheritdoc/>
    public IReadOnlyList<Certificate> Chain { get; }

    /// <inheritdoc/>
    public string KeyAlgorithm => Certificate.PublicKey.AlgorithmName == "RSA" ? "RSA" : "ECDSA";

    /// <summary>Asks the service for the credential's certificates.</summary>
    /// <exception cref="SigningException"><see cref="SigningFault.KeyFailed"/> (worth a retry), <see cref="SigningFault.NoCertificate"/>,
    /// <see cref="SigningFault.KeyUnsupported"/>, <see cref="SigningFault.KeyAddressInvalid"/>.</exception>
    public static async Task<CscKey> OpenAsync(CscConfig config, CancellationToken cancellation = default)
    {
        var client = new CscClient(config);
        try
        {
            var info = await client.CallAsync("credentials/info", new JsonObject
            {
                ["credentialID"] = config.Credential, ["certificates"] = "chain", ["certInfo"] = true, ["authInfo"] = true,
            }, cancellation);
            return new CscKey(config, client, info);
        }
        catch (Exception e)
        {
            var failure = e is InvalidOperationException or FormatException ? client.Failed("its answer to credentials/info cannot be read", "câu trả lời cho credentials/info không đọc được", e) : null;
            client.Dispose();
            if (failure is not null)
                throw failure;
            throw;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="SigningException">Also <see cref="SigningFault.ValueDoesNotVerify"/>, <see cref="SigningFault.WrongPin"/>, <see cref="SigningFault.KeyUnsupported"/>.</exception>
    public async ValueTask<byte[]> SignHashAsync(ReadOnlyMemory<byte> hash, HashAlgorithmName algorithm, SignaturePadding padding, CancellationToken cancellation)
    {
        if (_refused is not null)
            throw _refused;
        var base64 = Convert.ToBase64String(hash.Span);
        var request = new JsonObject { ["credentialID"] = _config.Credential, ["hashes"] = new JsonArray(base64), ["operationMode"] = "S" };
        if (!CscAlgorithm.Write(request, _offered, KeyAlgorithm == "RSA", algorithm, padding))
            throw new SigningException(SigningFault.KeyUnsupported, $"The signing service {_client.Where} does not sign this way; try another digest, or without --pss.", $"Dịch vụ ký {_client.Where} không ký theo cách này; hãy thử thuật toán băm khác hoặc bỏ --pss.");
        try
        {
            if (await AuthorizeAsync(base64, (string)request["hashAlgorithmOID"]!, cancellation) is { } authorized)
                request["SAD"] = authorized;
            var answer = await _client.CallAsync("signatures/signHash", request, cancellation);
            return Value(answer, hash.Span, algorithm, padding);
        }
        catch (SigningException e) when (e.Fault is SigningFault.WrongPin or SigningFault.PinLocked)
        {
            _refused = e;
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    // In the OAuth modes the token itself authorises the credential; else the service gives signature activation data for this hash.
    private async Task<string?> AuthorizeAsync(string hash, string digest, CancellationToken cancellation)
    {
        if (_mode.StartsWith("oauth2", StringComparison.Ordinal))
            return null;
        var request = new JsonObject { ["credentialID"] = _config.Credential, ["numSignatures"] = 1, ["hashes"] = new JsonArray(hash), ["hashAlgorithmOID"] = digest };
        if (_config.PinFile is { } pin)
            request["authData"] = new JsonArray(new JsonObject { ["id"] = _config.PinId, ["value"] = CscClient.Secret(pin) });
        var answer = await _client.CallAsync("credentials/authorize", request, cancellation);
        return CscClient.Text(answer, "SAD") ?? throw _client.Failed("it gave no authorisation (SAD)", "không cấp quyền ký (SAD)", null);
    }

    private byte[] Value(JsonObject answer, ReadOnlySpan<byte> hash, HashAlgorithmName algorithm, SignaturePadding padding)
    {
        var text = answer["signatures"] is JsonArray { Count: 1 } list && list[0] is JsonValue only && only.TryGetValue<string>(out var value) ? value : "";
        var bytes = new byte[text.Length];
        if (!Convert.TryFromBase64String(text, bytes, out var length) || length == 0)
            throw _client.Failed("its answer to signatures/signHash holds no signature", "câu trả lời không có chữ ký", null);
        return ForeignValue.Accept(Certificate, bytes[..length], hash, algorithm, padding) ?? throw new SigningException(SigningFault.ValueDoesNotVerify,
            $"The signature value of the signing service {_client.Where} does not verify with the certificate of {Certificate.CommonName}; it was not used.",
            $"Giá trị chữ ký của dịch vụ ký {_client.Where} không khớp với chứng thư số của {Certificate.CommonName}; không dùng giá trị này.");
    }

    private List<Certificate> Certificates(JsonObject? cert)
    {
        try
        {
            var all = (cert?["certificates"] as JsonArray)?.Select(c => Signing.Certificates.Certificate.Parse(Convert.FromBase64String(c?.GetValue<string>() ?? ""))).ToList() ?? [];
            if (all.Count > 0)
                return all;
        }
        catch (Exception e) when (e is SigningException or FormatException or InvalidOperationException)
        {
            throw new SigningException(SigningFault.NoCertificate, $"The certificate at {_client.Where} cannot be read.", $"Chứng thư số tại {_client.Where} không đọc được.", e);
        }
        throw new SigningException(SigningFault.NoCertificate, $"The signing service {_client.Where} gave no certificate.", $"Dịch vụ ký {_client.Where} không cho chứng thư số.");
    }
}
