using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using VanBanDienTu.Signing.Authority;

namespace VanBanDienTu.Cli.Pki;

/// <summary>A sample authority over HTTP: OCSP by POST and GET, CRLs, the authorities' certificates, timestamps.</summary>
public static class AuthorityEndpoints
{
    private const int MaxRequestBytes = 64 * 1024;

    public static void Map(IEndpointRouteBuilder routes, SampleAuthority authority)
    {
        routes.MapPost("/ocsp", async context =>
        {
            if (await ReadAsync(context) is { } request)
                await WriteAsync(context, authority.AnswerOcsp(request), "application/ocsp-response");
        });
        routes.MapGet("/ocsp/{**request}", async context =>
        {
            var answer = authority.AnswerOcsp(FromPath(context));
            await WriteAsync(context, answer, "application/ocsp-response");
        });
        routes.MapGet("/crl/{name}.crl", context => WriteAsync(context, authority.CurrentCrl(Name(context)), "application/pkix-crl"));
        routes.MapGet("/ca/{name}.cer", context =>
            WriteAsync(context, authority.AuthorityCertificate(Name(context))?.Der.ToArray(), "application/pkix-cert"));
        routes.MapPost("/tsa", async context =>
        {
            if (await ReadAsync(context) is { } request)
                await WriteAsync(context, authority.AnswerTimestamp(request), "application/timestamp-reply");
        });
    }

    private static string Name(HttpContext context) => (string)context.Request.RouteValues["name"]!;

    // The base64 of the request may hold «/», escaped or not, and «+» that some clients leave bare.
    private static byte[] FromPath(HttpContext context)
    {
        var text = Uri.UnescapeDataString((string?)context.Request.RouteValues["request"] ?? "").Replace(' ', '+');
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var written) ? bytes[..written] : [];
    }

    private static async Task<byte[]?> ReadAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        var buffer = new byte[8192];
        while (await context.Request.Body.ReadAsync(buffer, context.RequestAborted) is > 0 and var read)
        {
            if (body.Length + read > MaxRequestBytes)
            {
                context.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
                return null;
            }
            body.Write(buffer, 0, read);
        }
        return body.ToArray();
    }

    private static async Task WriteAsync(HttpContext context, byte[]? body, string contentType)
    {
        if (body is null)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        context.Response.ContentType = contentType;
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }
}
