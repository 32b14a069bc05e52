using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using VanBanDienTu.Gateway.Access;
using VanBanDienTu.Gateway.Config;

namespace VanBanDienTu.Gateway.Hosting;

/// <summary>How the node listens: HTTP/2 only, TLS 1.2 or 1.3, any client certificate is taken and judged later, per call.</summary>
internal static class NodeListener
{
    public static void Listen(KestrelServerOptions kestrel, NodeConfig config, TlsIdentity identity)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = null; // documents stream; their sizes are limited by configuration
        kestrel.Limits.Http2.MaxStreamsPerConnection = 1_000;
        kestrel.Limits.Http2.InitialConnectionWindowSize = 4 << 20;
        kestrel.Limits.Http2.InitialStreamWindowSize = 1 << 20;
        kestrel.Limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(30);
        var uri = new Uri(config.Listen);
        if (!ListenAddress.TryParse(uri, out var address))
            throw new InvalidOperationException("The configuration was checked before."); // NodeConfigRules refuses it
        kestrel.Listen(address, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            if (uri.Scheme == "https")
                listen.UseHttps(new TlsHandshakeCallbackOptions
                {
                    HandshakeTimeout = TimeSpan.FromSeconds(10),
                    OnConnection = handshake => ValueTask.FromResult(Options(identity, handshake.Connection)),
                });
        });
    }

    private static SslServerAuthenticationOptions Options(TlsIdentity identity, BaseConnectionContext connection) => new()
    {
        ServerCertificateContext = identity.Context,
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        ClientCertificateRequired = true, // "required" here means requested: the callback below decides
        AllowTlsResume = false, // a resumed session would not show the client's intermediates again
        CertificateChainPolicy = new X509ChainPolicy
        {
            DisableCertificateDownloads = true,
            RevocationMode = X509RevocationMode.NoCheck,
            VerificationFlags = X509VerificationFlags.AllFlags,
        },
        RemoteCertificateValidationCallback = (_, certificate, chain, _) =>
        {
            if (certificate is not null)
                PresentedCertificate.From(certificate, chain).RememberOn(connection.Items);
            return true;
        },
    };
}
