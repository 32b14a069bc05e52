using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace VanBanDienTu.Cli.Nodes;

/// <summary>Ports on loopback that nobody listens on now, for nodes that start later or start again.</summary>
/// <remarks>From below the range that Linux gives to outgoing connections (32768 up): a port from there may be anybody's by the time
/// that its node starts.</remarks>
internal static class FreePorts
{
    private const int First = 20_000;
    private const int Last = 32_000;

    /// <summary>Kept until this process ends: whoever asks here, in another process too, gets other ports, also while nobody listens on these.</summary>
    private static readonly ConcurrentBag<FileStream> Reserved = [];

    /// <summary>Different free ports. Another program may still take one before it is used: the caller's start then says so.</summary>
    public static int[] Take(int count)
    {
        var listeners = new List<TcpListener>();
        try
        {
            while (listeners.Count < count) listeners.AddRange(TryListen(Random.Shared.Next(First, Last)));
            return [.. listeners.Select(l => ((IPEndPoint)l.LocalEndpoint).Port)];
        }
        finally
        {
            foreach (var listener in listeners) listener.Stop();
        }
    }

    private static TcpListener[] TryListen(int port)
    {
        var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            Reserved.Add(new FileStream(
                Path.Combine(Path.GetTempPath(), $"vbdt-port-{port}"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose));
            return [listener];
        }
        catch (Exception taken) when (taken is SocketException or IOException or UnauthorizedAccessException)
        {
            listener.Stop();
            return []; // another one will do
        }
    }
}
