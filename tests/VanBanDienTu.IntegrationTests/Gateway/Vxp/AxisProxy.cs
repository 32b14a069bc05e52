using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace VanBanDienTu.IntegrationTests.Gateway.Vxp;

/// <summary>Stands between a node and its axis: loses answers after they took effect, spoils packets, counts what passes.</summary>
internal sealed class AxisProxy : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly HttpClient http = new(new SocketsHttpHandler
    {
        SslOptions = new() { RemoteCertificateValidationCallback = (_, _, _, _) => true },
    });

    private readonly string axis;
    private readonly ConcurrentDictionary<string, int> lose = new(StringComparer.Ordinal);
    private string? spoiled;
    private int spoilNext;

    private AxisProxy(WebApplication app, string axis) => (this.app, this.axis) = (app, axis);

    public string Address => app.Urls.First();

    /// <summary>Operations in the order in which they reached the axis.</summary>
    public ConcurrentQueue<(string Operation, string DocId, string Detail)> Seen { get; } = [];

    public static async Task<AxisProxy> StartAsync(string axis)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(k => k.Limits.MaxRequestBodySize = null);
        builder.Logging.ClearProviders();
        var built = builder.Build();
        var proxy = new AxisProxy(built, axis);
        built.Run(proxy.PassAsync);
        await built.StartAsync();
        return proxy;
    }

    /// <summary>The next answers of this operation take effect and are lost.</summary>
    public void LoseAnswers(string operation, int times) => lose[operation] = times;

    /// <summary>The next packet that is fetched is not edXML, however often it is fetched.</summary>
    public void SpoilNext() => spoilNext = 1;

    public int Count(string operation) => Seen.Count(s => s.Operation == operation);

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        http.Dispose();
    }

    private async Task PassAsync(HttpContext context)
    {
        var operation = context.Request.Path.Value!.Split('/')[^1];
        using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), axis + context.Request.Path)
        {
            Content = new StreamContent(context.Request.Body),
        };
        foreach (var (name, value) in context.Request.Headers)
        {
            if (name.StartsWith("XroadVnpt-", StringComparison.OrdinalIgnoreCase))
                request.Headers.TryAddWithoutValidation(name, (string?)value);
        }

        request.Content.Headers.TryAddWithoutValidation("Content-Type", context.Request.ContentType);
        using var response = await http.SendAsync(request);
        var body = await response.Content.ReadAsByteArrayAsync();
        var docId = context.Request.Headers["XroadVnpt-docId"].ToString();
        Seen.Enqueue((operation, docId, context.Request.Headers["XroadVnpt-status"].ToString()));
        if (lose.TryGetValue(operation, out var left) && left > 0)
        {
            lose[operation] = left - 1;
            context.Abort();
            return;
        }

        if (operation == "getEdoc" && Interlocked.Exchange(ref spoilNext, 0) == 1)
            spoiled = docId;
        if (operation == "getEdoc" && docId == spoiled)
            body = Encoding.UTF8.GetBytes($$"""{"status":"OK","ErrorCode":"0","ErrorDesc":"","data":"{{Convert.ToBase64String("<not-edxml/>"u8)}}"}""");
        context.Response.ContentType = response.Content.Headers.ContentType!.ToString();
        context.Response.Headers.Date = response.Headers.Date?.ToString("R");
        await context.Response.Body.WriteAsync(body);
    }
}
