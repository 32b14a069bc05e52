using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace VanBanDienTu.TestKit.Csc;

/// <summary>
/// A signing service with a real key on a free loopback port, by the Cloud Signature Consortium's API v2: it wants a token, gives
/// activation data that is good once and for one hash, locks after three wrong PINs, and can be told to lie.
/// </summary>
public sealed class CscServer : IAsyncDisposable
{
    public const string Credential = "ky-so-01";
    public const string Pin = "80421973";
    public const string ClientSecret = "bi-mat-cua-ung-dung";

    private readonly WebApplication _app;
    private readonly X509Certificate2 _leaf;
    private readonly IReadOnlyList<byte[]> _chain;
    private readonly ConcurrentDictionary<string, string> _sads = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _requests = [];
    private int _wrongPins;

    private CscServer(X509Certificate2 leaf, IEnumerable<byte[]> issuers, int port)
    {
        (_leaf, _chain) = (leaf, [leaf.RawData, .. issuers]);
        Address = $"http://127.0.0.1:{port}/csc/v2";
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        _app = builder.Build();
        _app.MapPost("/csc/v2/{area}/{method}", HandleAsync);
        _app.MapPost("/oauth2/token", TokenAsync);
    }

    /// <summary>The service's base address.</summary>
    public string Address { get; }

    public string TokenUrl => Address.Replace("/csc/v2", "/oauth2/token", StringComparison.Ordinal);

    /// <summary>The access token that is good now.</summary>
    public string Token { get; private set; } = "token-0";

    /// <summary>«explicit» (PIN), «implicit», «oauth2code» (the token alone authorises).</summary>
    public string Mode { get; set; } = "explicit";

    public CscLie Lie { get; set; }

    /// <summary>Algorithms that credentials/info names.</summary>
    public IReadOnlyList<string> Algorithms { get; set; } = [];

    /// <summary>ECDSA values as r and s side by side.</summary>
    public bool SideBySide { get; set; }

    /// <summary>Method names asked for since the start.</summary>
    public IReadOnlyList<string> Requests => [.. _requests];

    public static async Task<CscServer> StartAsync(X509Certificate2 leaf, IEnumerable<byte[]> issuers)
    {
        var server = new CscServer(leaf, issuers, FreePort.Take());
        await server._app.StartAsync();
        return server;
    }

    /// <summary>The token runs out; the token endpoint gives another.</summary>
    public void Renew() => Token = "token-" + Guid.NewGuid().ToString("n");

    /// <summary>Writes the file that <c>csc:</c> names, with its secrets beside it.</summary>
    public string WriteConfig(TemporaryFolder folder, string name = "dich-vu.json", string pin = Pin, bool oauth = false, string timeout = "00:01:00")
    {
        File.WriteAllText(folder["csc-pin"], pin + "\n");
        File.WriteAllText(folder["csc-token"], Token + "\n");
        File.WriteAllText(folder["csc-secret"], ClientSecret + "\n");
        var access = oauth ? $"\"tokenUrl\": \"{TokenUrl}\", \"clientId\": \"vbdt\", \"clientSecretFile\": \"csc-secret\"" : "\"tokenFile\": \"csc-token\"";
        File.WriteAllText(folder[name], $"{{ \"service\": \"{Address}\", \"credential\": \"{Credential}\", {access}, \"pinFile\": \"csc-pin\", \"timeout\": \"{timeout}\" }}");
        return folder[name];
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TokenAsync(HttpContext context)
    {
        _requests.Enqueue("oauth2/token");
        var form = await context.Request.ReadFormAsync();
        if (form["grant_type"] == "client_credentials" && form["client_id"] == "vbdt" && form["client_secret"] == ClientSecret)
            await context.Response.WriteAsJsonAsync(new JsonObject { ["access_token"] = Token, ["token_type"] = "Bearer", ["expires_in"] = 3600 });
        else
            await RefuseAsync(context, 401, "invalid_client", "unknown client");
    }

    private async Task HandleAsync(HttpContext context)
    {
        var method = $"{context.Request.RouteValues["area"]}/{context.Request.RouteValues["method"]}";
        _requests.Enqueue(method);
        var body = (JsonObject)(await JsonNode.ParseAsync(context.Request.Body))!;
        if (Lie == CscLie.Down)
            context.Response.StatusCode = 503;
        else if (context.Request.Headers.Authorization != "Bearer " + Token)
            await RefuseAsync(context, 401, "invalid_token", "the access token has expired");
        else if ((string?)body["credentialID"] != Credential)
            await RefuseAsync(context, 400, "invalid_request", "Invalid parameter credentialID");
        else if (Lie == CscLie.EchoesSecrets && method != "credentials/info")
            await RefuseAsync(context, 400, "invalid_request", $"got {body.ToJsonString()} with {Token}");
        else
            await (method switch
            {
                "credentials/info" => InfoAsync(context),
                "credentials/authorize" => AuthorizeAsync(context, body),
                "signatures/signHash" => SignAsync(context, body),
                _ => RefuseAsync(context, 404, "invalid_request", "no such method"),
            });
    }

    private Task InfoAsync(HttpContext context)
    {
        var info = new JsonObject
        {
            ["key"] = new JsonObject { ["status"] = "enabled", ["algo"] = new JsonArray([.. Algorithms.Select(a => (JsonNode)a)]), ["len"] = 2048 },
            ["cert"] = new JsonObject { ["status"] = "valid", ["certificates"] = new JsonArray([.. _chain.Select(c => (JsonNode)Convert.ToBase64String(c))]) },
            ["auth"] = new JsonObject { ["mode"] = Mode },
            ["SCAL"] = "2",
            ["multisign"] = 1,
        };
        return context.Response.WriteAsJsonAsync(info);
    }

    private Task AuthorizeAsync(HttpContext context, JsonObject body)
    {
        if (Mode == "explicit")
        {
            if (_wrongPins >= 3)
                return RefuseAsync(context, 400, "pin_locked", "too many wrong PINs");
            if ((string?)body["authData"]?[0]?["id"] != "PIN" || (string?)body["authData"]?[0]?["value"] != Pin)
            {
                _wrongPins++;
                return RefuseAsync(context, 400, "invalid_pin", "The PIN is invalid");
            }
        }
        var sad = Guid.NewGuid().ToString("n");
        _sads[sad] = (string)body["hashes"]![0]!;
        return context.Response.WriteAsJsonAsync(new JsonObject { ["SAD"] = sad, ["expiresIn"] = 300 });
    }

    private async Task SignAsync(HttpContext context, JsonObject body)
    {
        var hash = (string)body["hashes"]![0]!;
        if (Mode is "explicit" or "implicit" && !(_sads.TryRemove((string?)body["SAD"] ?? "", out var bound) && bound == hash))
        {
            await RefuseAsync(context, 400, "invalid_request", "Invalid parameter SAD");
            return;
        }
        switch (Lie)
        {
            case CscLie.ServerError:
                context.Response.StatusCode = 500;
                return;
            case CscLie.Silent:
                await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
                return;
            case CscLie.Garbage:
                await context.Response.WriteAsync("<html>bảo trì</html>");
                return;
            case CscLie.Empty:
                await context.Response.WriteAsJsonAsync(new JsonObject { ["signatures"] = new JsonArray() });
                return;
            case CscLie.Endless:
                while (!context.RequestAborted.IsCancellationRequested)
                    await context.Response.Body.WriteAsync(new byte[65536], CancellationToken.None);
                return;
        }
        var value = Sign(body, Convert.FromBase64String(hash));
        await context.Response.WriteAsJsonAsync(new JsonObject { ["signatures"] = new JsonArray(Convert.ToBase64String(value)) });
    }

    private byte[] Sign(JsonObject body, byte[] hash)
    {
        if (Lie == CscLie.AnotherHash)
            hash[0] ^= 1;
        var algorithm = (string)body["hashAlgorithmOID"]! switch { "2.16.840.1.101.3.4.2.1" => HashAlgorithmName.SHA256, "2.16.840.1.101.3.4.2.2" => HashAlgorithmName.SHA384, _ => HashAlgorithmName.SHA512 };
        var pss = (string)body["signAlgo"]! == "1.2.840.113549.1.1.10" && body["signAlgoParams"] is not null;
        using var rsa = _leaf.GetRSAPrivateKey();
        using var ecdsa = _leaf.GetECDsaPrivateKey();
        var value = rsa?.SignHash(hash, algorithm, pss ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1)
            ?? ecdsa!.SignHash(hash, SideBySide ? DSASignatureFormat.IeeeP1363FixedFieldConcatenation : DSASignatureFormat.Rfc3279DerSequence);
        if (Lie == CscLie.WrongValue)
            value[^1] ^= 1;
        return value;
    }

    private static Task RefuseAsync(HttpContext context, int status, string error, string description)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(new JsonObject { ["error"] = error, ["error_description"] = description });
    }
}
