using VanBanDienTu.Cli.Nodes;

namespace VanBanDienTu.TestKit;

/// <summary>A port on loopback for a server that must know its address before it listens, or that comes back at the same one.</summary>
/// <remarks>Not one that the system picked and got back: the next outgoing connection of any test may be given the same.</remarks>
public static class FreePort
{
    /// <summary>A port that nobody else who asks here, in this process or another, is given until this process ends.</summary>
    public static int Take() => FreePorts.Take(1)[0];

    /// <summary>Goes on keeping a port that a process took which has ended: what it wrote down is started again.</summary>
    public static void Keep(int port)
    {
        if (!FreePorts.TryReserve(port)) throw new InvalidOperationException($"Port {port} was taken before it could be kept.");
    }
}
