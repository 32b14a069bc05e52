using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using VanBanDienTu.Signing.Authority;
using VanBanDienTu.Signing.Certificates;
using VanBanDienTu.Signing.Keys;
using VanBanDienTu.Signing.Revocation;
using VanBanDienTu.Signing.Trust;

namespace VanBanDienTu.TestKit.Pki;

/// <summary>
/// A real sample authority in a temporary folder, served over HTTP on a free loopback port, that can be told to lie.
/// </summary>
public sealed class TestPki : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<string> _requests = [];

    private int _openTimestamps;
    private int _askedTimestamps;
    private byte[]? _huge;
    private byte[] _lastListed = [];

    private TestPki(TemporaryFolder folder, SampleAuthority authority, TimeProvider time)
    {
        _folder = folder;
        Authority = authority;
        Time = time;
        Trust = TrustSnapshot.Load(authority.TrustFolder, allowSample: true);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, new Uri(authority.BaseUrl).Port));
        _app = builder.Build();
        _app.MapPost("/ocsp", OcspAsync);
        _app.MapGet("/crl/{name}.crl", CrlAsync);
        _app.MapGet("/ca/{name}.cer", IssuerAsync);
        _app.MapPost("/tsa", TimestampAsync);
    }

    public SampleAuthority Authority { get; }

    public TimeProvider Time { get; }

    /// <summary>The root as the only anchor, sample trust allowed.</summary>
    public TrustSnapshot Trust { get; }

    /// <summary>Its folder, as <c>vbdt pki init</c> would have made it.</summary>
    public string Folder => Authority.Folder;

    public PkiLie OcspLie { get; set; }

    public PkiLie CrlLie { get; set; }

    public PkiLie TimestampLie { get; set; }

    /// <summary>What is behind the caIssuers addresses.</summary>
    public PkiLie IssuerLie { get; set; }

    public IssuerFormat IssuerFormat { get; set; }

    /// <summary>The serial of the last entry of a <see cref="PkiLie.Huge"/> list; set before it is first asked for.</summary>
    public void ListLast(Certificate certificate) => _lastListed = certificate.SerialRaw.ToArray();

    /// <summary>How long the line of a <see cref="PkiLie.Huge"/> list takes for a MiB.</summary>
    public TimeSpan HugePause { get; set; }

    /// <summary>How many timestamp requests came in, answered or not.</summary>
    public int TimestampsAsked => Volatile.Read(ref _askedTimestamps);

    /// <summary>What the timestamp authority waits for before each answer.</summary>
    public Task TimestampGate { get; set; } = Task.CompletedTask;

    /// <summary>How long the timestamp authority thinks about each answer.</summary>
    public TimeSpan TimestampDelay { get; set; }

    /// <summary>The most timestamp requests that were open at the same time.</summary>
    public int MostTimestampsAtOnce { get; private set; }

    /// <summary>Paths asked for since the start: what reached the far side.</summary>
    public IReadOnlyList<string> Requests => [.. _requests];

    /// <summary>Starts a PKI with these profiles (none: only the authorities, which is fastest).</summary>
    /// <param name="validity">How long its authorities last; null: ten years.</param>
    public static async Task<TestPki> StartAsync(IReadOnlyList<SampleProfile>? profiles = null, TimeProvider? time = null, TimeSpan? validity = null)
    {
        time ??= TimeProvider.System;
        var folder = new TemporaryFolder();
        var authority = SampleAuthority.Init(folder["pki"], new SampleAuthorityOptions
        {
            BaseUrl = $"http://127.0.0.1:{FreePort.Take()}",
            Profiles = profiles ?? [],
            AuthorityKey = SampleKeyType.P256,
            AuthorityValidity = validity ?? new SampleAuthorityOptions().AuthorityValidity,
        }, time);
        var pki = new TestPki(folder, authority, time);
        await pki._app.StartAsync();
        return pki;
    }

    /// <summary>A signer's key made now: <c>pki.Signer("expired", p =&gt; p with { … })</c>.</summary>
    public SampleKey Signer(string name, Func<SampleProfile, SampleProfile>? change = null)
    {
        var profile = SampleProfiles.Person(name) with { Key = SampleKeyType.P256 };
        return Authority.Issue(change is null ? profile : change(profile));
    }

    public Pkcs12Key Open(SampleKey key) => Pkcs12Key.Load(key.File, Authority.Password);

    /// <summary>The authority that issued this certificate.</summary>
    public Certificate IssuerOf(Certificate certificate) =>
        Authority.Issuers.Append(Authority.Root).First(i => i.Subject.Equals(certificate.Issuer));

    /// <summary>A checker with its own caches that may ask this PKI.</summary>
    public RevocationChecker Checker(RevocationOptions? options = null)
    {
        options ??= new RevocationOptions();
        return new RevocationChecker(RevocationHttp.CreateClient(options), Time, options);
    }

    /// <summary>The authority no longer knows that it issued this certificate: OCSP says «unknown».</summary>
    public void Forget(Certificate certificate) => File.Delete(Path.Combine(Folder, "authority", "issued", certificate.SerialHex + ".cer"));

    /// <summary>From now on nobody answers; the folder stays.</summary>
    public Task StopServingAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _folder.Dispose();
    }

    private async Task OcspAsync(HttpContext context)
    {
        var request = await ReadAsync(context);
        var answer = OcspLie switch
        {
            PkiLie.WrongNonce or PkiLie.AnotherCertificate => AuthorityAt(TimeSpan.Zero).AnswerOcsp(Lies.Request(request, OcspLie)),
            PkiLie.TryLater => [0x30, 3, 0x0a, 1, 3],
            PkiLie.AnotherResponder => Lies.ByAnotherResponder(Authority, request),
            _ => AuthorityAt(Shift(OcspLie)).AnswerOcsp(request),
        };
        await LieAsync(context, answer, OcspLie);
    }

    private Task CrlAsync(HttpContext context)
    {
        var name = (string)context.Request.RouteValues["name"]!;
        var crl = CrlLie == PkiLie.Huge && name == "officials" ? _huge ??= HugeCrl.Build(Folder, name, Authority.AuthorityCertificate(name)!, _lastListed, Time.GetUtcNow())
            : AuthorityAt(Shift(CrlLie)).CurrentCrl(name)!;
        return LieAsync(context, crl, CrlLie);
    }

    private Task IssuerAsync(HttpContext context)
    {
        var certificate = Authority.AuthorityCertificate((string)context.Request.RouteValues["name"]!)!;
        return LieAsync(context, IssuerFormat switch
        {
            IssuerFormat.Pem => System.Text.Encoding.ASCII.GetBytes(certificate.ToPem()),
            IssuerFormat.Bundle => new System.Security.Cryptography.X509Certificates.X509Certificate2Collection { certificate.ToX509(), Authority.Root.ToX509() }
                .Export(System.Security.Cryptography.X509Certificates.X509ContentType.Pkcs7)!,
            IssuerFormat.Another => Authority.Root.Der.ToArray(),
            _ => certificate.Der.ToArray(),
        }, IssuerLie);
    }

    private async Task TimestampAsync(HttpContext context)
    {
        var request = await ReadAsync(context);
        var answer = TimestampLie switch
        {
            PkiLie.WrongNonce or PkiLie.WrongImprint or PkiLie.Refusal => Authority.AnswerTimestamp(Lies.TimestampRequest(request, TimestampLie)),
            PkiLie.ExpiredCertificate => Lies.ByExpiredTimestampAuthority(Authority, Time, request),
            _ => AuthorityAt(Shift(TimestampLie)).AnswerTimestamp(request),
        };
        Interlocked.Increment(ref _askedTimestamps);
        var open = Interlocked.Increment(ref _openTimestamps);
        MostTimestampsAtOnce = Math.Max(MostTimestampsAtOnce, open);
        if (TimestampDelay > TimeSpan.Zero)
            await Task.Delay(TimestampDelay, context.RequestAborted);
        await TimestampGate;
        Interlocked.Decrement(ref _openTimestamps);
        await LieAsync(context, answer, TimestampLie);
    }

    private async Task LieAsync(HttpContext context, byte[] honest, PkiLie lie)
    {
        switch (lie)
        {
            case PkiLie.WrongSignature:
                await SendAsync(context, Lies.WrongSignature(honest));
                break;
            case PkiLie.ServerError:
                _requests.Enqueue(context.Request.Path);
                context.Response.StatusCode = StatusCodes.Status500InternalServerError;
                break;
            case PkiLie.Silent:
                _requests.Enqueue(context.Request.Path);
                await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
                break;
            case PkiLie.Garbage:
                await SendAsync(context, "<html>tạm dừng phục vụ</html>"u8.ToArray());
                break;
            case PkiLie.Huge:
                _requests.Enqueue(context.Request.Path);
                context.Response.ContentLength = honest.Length;
                for (var at = 0; at < honest.Length; at += 1 << 20, await Task.Delay(HugePause, context.RequestAborted))
                    await context.Response.Body.WriteAsync(honest.AsMemory(at, Math.Min(1 << 20, honest.Length - at)), context.RequestAborted);
                break;
            case PkiLie.CutOff:
                await SendAsync(context, honest[..(honest.Length / 2)]);
                break;
            case PkiLie.Endless:
                _requests.Enqueue(context.Request.Path);
                while (!context.RequestAborted.IsCancellationRequested)
                    await context.Response.Body.WriteAsync(new byte[65536], CancellationToken.None);
                break;
            default:
                await SendAsync(context, honest);
                break;
        }
    }

    private async Task SendAsync(HttpContext context, byte[] body)
    {
        _requests.Enqueue(context.Request.Path);
        context.Response.ContentLength = body.Length;
        context.Response.ContentType = context.Request.Path.StartsWithSegments("/ocsp", StringComparison.Ordinal) ? "application/ocsp-response"
            : context.Request.Path.StartsWithSegments("/tsa", StringComparison.Ordinal) ? "application/timestamp-reply" : "application/octet-stream";
        await context.Response.Body.WriteAsync(body);
    }

    private static async Task<byte[]> ReadAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        return body.ToArray();
    }

    private static TimeSpan Shift(PkiLie lie) => lie switch
    {
        PkiLie.Stale => TimeSpan.FromDays(-2),
        PkiLie.FromTheFuture => TimeSpan.FromDays(1),
        _ => TimeSpan.Zero,
    };

    private SampleAuthority AuthorityAt(TimeSpan shift) =>
        shift == TimeSpan.Zero ? Authority : SampleAuthority.Open(Authority.Folder, new ShiftedTime(Time, shift));

    private sealed class ShiftedTime(TimeProvider inner, TimeSpan shift) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => inner.GetUtcNow() + shift;
    }
}

/// <summary>How an authority's certificate is served.</summary>
public enum IssuerFormat
{
    Der,
    Pem,

    /// <summary>A «certs-only» CMS (.p7c) with its issuer.</summary>
    Bundle,

    /// <summary>A certificate of somebody else.</summary>
    Another,
}
