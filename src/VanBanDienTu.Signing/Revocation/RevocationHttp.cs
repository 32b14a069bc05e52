using System.Net;
using System.Net.Sockets;

namespace VanBanDienTu.Signing.Revocation;

/// <summary>The HTTP client for revocation and timestamps: no redirects, no cookies, no surprises about where it connects.</summary>
public static class RevocationHttp
{
    /// <summary>
    /// A client whose connections go only where <see cref="RevocationOptions.AllowedHosts"/> says; without that list a public
    /// name that resolves to a private address is refused when connecting, so DNS cannot lead us into our own network.
    /// </summary>
    public static HttpClient CreateClient(RevocationOptions options) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectTimeout = options.Timeout,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        MaxConnectionsPerServer = 8,
        ConnectCallback = (context, ct) => ConnectAsync(context.DnsEndPoint, options, ct),
    });

    /// <summary>A name or address literal that points into a private network or at this machine.</summary>
    internal static bool IsPrivateName(string host) =>
        IPAddress.TryParse(host.Trim('[', ']'), out var address) ? IsPrivate(address)
        : host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);

    private static async ValueTask<Stream> ConnectAsync(DnsEndPoint endpoint, RevocationOptions options, CancellationToken ct)
    {
        var addresses = IPAddress.TryParse(endpoint.Host, out var literal) ? [literal] : await Dns.GetHostAddressesAsync(endpoint.Host, ct);
        // Literals and «localhost» were judged by their name already (a sample authority lives on loopback).
        var judged = options.AllowedHosts is not null || IsPrivateName(endpoint.Host);
        var usable = judged ? addresses : [.. addresses.Where(a => !IsPrivate(a))];
        if (usable.Length == 0)
            throw new HttpRequestException($"the name {endpoint.Host} leads to a private address");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(usable, endpoint.Port, ct);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static bool IsPrivate(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        if (IPAddress.IsLoopback(address) || address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any))
            return true;
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
            return address.IsIPv6LinkLocal || address.IsIPv6SiteLocal || address.IsIPv6UniqueLocal || address.IsIPv6Multicast;
        var b = address.GetAddressBytes();
        return b[0] is 10 or 0 or >= 224 || (b[0] == 172 && b[1] is >= 16 and < 32) || (b[0] == 192 && b[1] == 168)
            || (b[0] == 169 && b[1] == 254) || (b[0] == 100 && b[1] is >= 64 and < 128);
    }
}
