using System.Net.Security;
using System.Security.Cryptography;
using VanBanDienTu.Axis.Vxp;
using VanBanDienTu.Gateway.Config;
using VanBanDienTu.Gateway.Vxp;

namespace VanBanDienTu.Gateway.Links;

/// <summary>Opens the way to the axis: our secret signs the headers; over TLS the server's certificate is pinned, or trusted as the machine trusts.</summary>
public static class VxpChannel
{
    internal static VxpClient Open(LinkConfig link, SecretFiles secrets, TimeProvider time)
    {
        var vxp = link.Vxp!;
        return new VxpClient(
            new VxpClientOptions
            {
                Endpoint = new Uri(link.Address!),
                SystemId = vxp.SystemId,
                Secret = () => secrets.Of(vxp.SecretFile) is [var newest, ..] ? newest : throw new HttpRequestException($"The secret file of link {link.Name} cannot be read."),
                HashFile = vxp.HashFile,
            }, Handler(link), time);
    }

    /// <summary>The connection itself; also for who only wants to know whether it stands.</summary>
    public static HttpMessageHandler Handler(LinkConfig link)
    {
        var handler = new SocketsHttpHandler
        {
            ConnectTimeout = TimeSpan.FromSeconds(10),
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
            UseProxy = false,
        };
        if (link.PeerCertificates.Count > 0)
        {
            handler.SslOptions = new SslClientAuthenticationOptions
            {
                RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null
                    && link.PeerCertificates.Contains(certificate.GetCertHashString(HashAlgorithmName.SHA256), StringComparer.OrdinalIgnoreCase),
            };
        }

        return handler;
    }
}
