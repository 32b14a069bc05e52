using System.Net.Security;
using System.Security.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using VanBanDienTu.Gateway.Config;
using VanBanDienTu.Gateway.Hosting;

namespace VanBanDienTu.Gateway.Vxp;

/// <summary>A port of its own: HTTP/1.1, TLS without client certificates (systems prove themselves by their secret), and nothing but the face behind it.</summary>
internal static class VxpListener
{
    private static readonly object Mark = new();

    public static void Listen(KestrelServerOptions kestrel, VxpConfig vxp, TlsIdentity identity)
    {
        var uri = new Uri(vxp.Listen);
        if (!ListenAddress.TryParse(uri, out var address))
            throw new InvalidOperationException("The configuration was checked before."); // NodeConfigRules refuses it
        kestrel.Listen(address, listen =>
        {
            listen.Protocols = HttpProtocols.Http1AndHttp2;
            listen.Use(next => connection =>
            {
                connection.Items[Mark] = true;
                return next(connection);
            });
            if (uri.Scheme == "https")
                listen.UseHttps(new TlsHandshakeCallbackOptions
                {
                    HandshakeTimeout = TimeSpan.FromSeconds(10),
                    OnConnection = _ => ValueTask.FromResult(new SslServerAuthenticationOptions
                    {
                        ServerCertificateContext = identity.Context, EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                    }),
                });
        });
    }

    public static void AddVxp(this IServiceCollection services)
    {
        services.AddSingleton<VxpAccess>();
        services.AddSingleton<PacketLists>();
        services.AddSingleton<PacketIntake>();
        services.AddSingleton<PacketDownload>();
        services.AddSingleton<Replays>();
        services.AddSingleton<AgencyLists>();
        services.AddSingleton<VxpFace>();
    }

    /// <summary>Requests that came through the port go to the face and nowhere else.</summary>
    public static void UseVxp(this WebApplication app) => app.Use((http, next) =>
        http.Features.Get<IConnectionItemsFeature>()?.Items.ContainsKey(Mark) == true
            ? app.Services.GetRequiredService<VxpFace>().HandleAsync(http)
            : next(http));
}
