using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Grpc.Net.Client;
using VanBanDienTu.Cli.Terminals;
using VanBanDienTu.Contracts.V1;
using VanBanDienTu.Signing.Certificates;
using VanBanDienTu.Signing.Paths;
using VanBanDienTu.Signing.Trust;

namespace VanBanDienTu.Cli.Client;

/// <summary>A connection to a node over mutual TLS; the node's certificate is judged by our own path validation, not the machine's store.</summary>
internal sealed class NodeConnection : IDisposable
{
    private readonly GrpcChannel channel;
    private readonly SocketsHttpHandler transport;

    private NodeConnection(GrpcChannel channel, SocketsHttpHandler transport)
    {
        this.channel = channel;
        this.transport = transport;
        Outgoing = new(channel);
        Incoming = new(channel);
        Audit = new(channel);
        Operations = new(channel);
        Link = new(channel);
    }

    public OutgoingService.OutgoingServiceClient Outgoing { get; }

    public IncomingService.IncomingServiceClient Incoming { get; }

    public AuditService.AuditServiceClient Audit { get; }

    public OperationsService.OperationsServiceClient Operations { get; }

    public AxisLinkService.AxisLinkServiceClient Link { get; }

    /// <summary>Prepares a connection; nothing is sent before the first call.</summary>
    /// <exception cref="CommandException">The caller's key cannot be opened.</exception>
    public static NodeConnection Open(NodeAddress where, TimeProvider time)
    {
        var trust = TrustSnapshot.Load(where.TrustFolder, where.AllowSample);
        var handler = new SocketsHttpHandler
        {
            EnableMultipleHttp2Connections = true,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            KeepAlivePingDelay = TimeSpan.FromSeconds(30), // a line that died silently is noticed
            KeepAlivePingTimeout = TimeSpan.FromSeconds(15),
            UseProxy = false,
            SslOptions = new SslClientAuthenticationOptions
            {
                ClientCertificateContext = ClientCertificate(where),
                AllowTlsResume = false, // the node's intermediates come with a full handshake only
                // The platform builds a chain before it asks us; it must not go to the network for that.
                CertificateChainPolicy = new X509ChainPolicy
                {
                    DisableCertificateDownloads = true,
                    RevocationMode = X509RevocationMode.NoCheck,
                    VerificationFlags = X509VerificationFlags.AllFlags,
                },
                RemoteCertificateValidationCallback = (_, certificate, chain, _) =>
                    certificate is X509Certificate2 server && Trusted(server, chain, trust, where.Node.Host, time),
            },
        };
        return new NodeConnection(GrpcChannel.ForAddress(where.Node, new GrpcChannelOptions { HttpHandler = handler, MaxReceiveMessageSize = 64 << 20 }), handler);
    }

    public void Dispose()
    {
        channel.Dispose();
        transport.Dispose();
    }

    private static bool Trusted(X509Certificate2 server, X509Chain? chain, TrustSnapshot trust, string host, TimeProvider time)
    {
        var pool = chain?.ChainPolicy.ExtraStore.Select(c => Certificate.Parse(c.RawData)).ToList() ?? [];
        var path = new PathValidator().Validate(Certificate.Parse(server.RawData), pool, trust, time.GetUtcNow(), PathPurpose.TlsServer);
        return path.IsValid && server.MatchesHostname(host);
    }

    private static SslStreamCertificateContext ClientCertificate(NodeAddress where)
    {
        if (!File.Exists(where.CertificateFile)) throw CommandException.NoInput(where.CertificateFile);
        try
        {
            var all = X509CertificateLoader.LoadPkcs12CollectionFromFile(where.CertificateFile, where.Password);
            var own = all.First(c => c.HasPrivateKey);
            all.Remove(own);
            return SslStreamCertificateContext.Create(own, all, offline: true);
        }
        catch (Exception e) when (e is CryptographicException or InvalidOperationException)
        {
            throw new CommandException(
                ExitCode.BadInput,
                $"Không mở được khóa «{where.CertificateFile}»: sai mật khẩu hoặc tệp không phải PKCS#12 có khóa; hãy kiểm tra --cert và --password-file.",
                $"The key «{where.CertificateFile}» cannot be opened: wrong password, or not a PKCS#12 file with a key; check --cert and --password-file.");
        }
    }
}
