using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Grpc.Net.Client;
using VanBanDienTu.Gateway.Config;
using VanBanDienTu.Gateway.Hosting;

namespace VanBanDienTu.Gateway.Links;

/// <summary>Opens the HTTP/2 channel of a link: our certificate shown, the peer's judged by <see cref="PeerJudge"/>.</summary>
internal static class NodeChannel
{
    /// <param name="judgedEvery">A connection is opened anew after this long.</param>
    public static GrpcChannel Open(LinkConfig link, TlsIdentity identity, PeerJudge judge, TimeSpan judgedEvery) =>
        GrpcChannel.ForAddress(link.Address!, new GrpcChannelOptions
        {
            DisposeHttpClient = true,
            HttpHandler = new SocketsHttpHandler
            {
                ConnectTimeout = TimeSpan.FromSeconds(10),
                EnableMultipleHttp2Connections = true,
                KeepAlivePingDelay = TimeSpan.FromSeconds(30),
                KeepAlivePingTimeout = TimeSpan.FromSeconds(15),
                PooledConnectionIdleTimeout = TimeSpan.FromMinutes(5),
                PooledConnectionLifetime = judgedEvery, // the next handshake sees what was learnt about the peer's certificate
                UseProxy = false,
                SslOptions = new SslClientAuthenticationOptions
                {
                    ClientCertificateContext = identity.Context,
                    EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                    AllowTlsResume = false, // the peer's intermediates come with a full handshake only
                    CertificateChainPolicy = new X509ChainPolicy
                    {
                        DisableCertificateDownloads = true,
                        RevocationMode = X509RevocationMode.NoCheck,
                        VerificationFlags = X509VerificationFlags.AllFlags,
                    },
                    RemoteCertificateValidationCallback = (_, certificate, chain, errors) => judge.Judge(certificate, chain, errors),
                },
            },
        });
}
