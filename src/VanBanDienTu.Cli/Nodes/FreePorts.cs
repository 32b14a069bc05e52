using System.Net;
using System.Net.Sockets;

namespace VanBanDienTu.Cli.Nodes;

/// <summary>Ports that nobody listens on now, on loopback.</summary>
internal static class FreePorts
{
    /// <summary>Different free ports. Another program may take one before it is used: the caller's start then says so.</summary>
    public static int[] Take(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        try
        {
            foreach (var listener in listeners) listener.Start();
            return [.. listeners.Select(l => ((IPEndPoint)l.LocalEndpoint).Port)];
        }
        finally
        {
            foreach (var listener in listeners) listener.Stop();
        }
    }
}
