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
        var ports = new List<int>();
        while (ports.Count < count)
        {
            var port = Random.Shared.Next(First, Last);
            if (TryReserve(port)) ports.Add(port);
        }
        return [.. ports];
    }

    /// <summary>Reserves a certain port; false when somebody else has it.</summary>
    // Reserved before it is tried: to listen for a moment on what another process has reserved would keep its node from starting.
    public static bool TryReserve(int port)
    {
        FileStream? reserved = null;
        try
        {
            reserved = new FileStream(
                Path.Combine(Path.GetTempPath(), $"vbdt-port-{port}"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose);
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            Reserved.Add(reserved);
            return true;
        }
        catch (Exception taken) when (taken is SocketException or IOException or UnauthorizedAccessException)
        {
            reserved?.Dispose();
            return false; // another one will do
        }
    }
}
