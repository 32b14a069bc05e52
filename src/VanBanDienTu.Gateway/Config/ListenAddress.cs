using System.Net;

namespace VanBanDienTu.Gateway.Config;

/// <summary>The IP address and port in "https://127.0.0.1:7443"; "localhost" is the IPv4 loopback.</summary>
internal static class ListenAddress
{
    public static bool TryParse(Uri uri, out IPEndPoint address)
    {
        address = new IPEndPoint(IPAddress.Loopback, uri.Port);
        if (uri.Host == "localhost")
            return true;
        if (!IPAddress.TryParse(uri.Host.Trim('[', ']'), out var ip))
            return false;
        address = new IPEndPoint(ip, uri.Port);
        return uri.PathAndQuery == "/";
    }
}
