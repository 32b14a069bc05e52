using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace VanBanDienTu.Cli.Bench;

/// <summary>What this machine gives to anyone: syncs of a small append, SHA-256 on one core, TLS over loopback on one connection.</summary>
/// <param name="Syncs">Per second.</param>
/// <param name="Sha256">MiB/s.</param>
/// <param name="Tls">MiB/s.</param>
internal sealed record MachineLimits(double Syncs, double Sha256, double Tls)
{
    private const int Block = 256 << 10;
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(500);

    public static MachineLimits operator +(MachineLimits a, MachineLimits b) => new(a.Syncs + b.Syncs, a.Sha256 + b.Sha256, a.Tls + b.Tls);

    public static MachineLimits operator /(MachineLimits a, double by) => new(a.Syncs / by, a.Sha256 / by, a.Tls / by);

    /// <param name="scratch">A file on the disk that is measured.</param>
    /// <param name="pkcs12">A TLS server's key.</param>
    /// <param name="password">Of that key.</param>
    public static async Task<MachineLimits> MeasureAsync(string scratch, string pkcs12, string password) =>
        new(SyncsPerSecond(scratch), HashMebibytes(), await TlsMebibytesAsync(pkcs12, password));

    private static double SyncsPerSecond(string scratch)
    {
        using var file = File.OpenHandle(scratch, FileMode.Create, FileAccess.Write);
        var page = new byte[4096];
        var watch = Stopwatch.StartNew();
        var count = 0;
        for (; watch.Elapsed < Slice; count++)
        {
            RandomAccess.Write(file, page, count * (long)page.Length);
            RandomAccess.FlushToDisk(file);
        }
        return count / watch.Elapsed.TotalSeconds;
    }

    private static double HashMebibytes()
    {
        var bytes = new byte[Block];
        var watch = Stopwatch.StartNew();
        var count = 0;
        for (; watch.Elapsed < Slice; count++)
            SHA256.HashData(bytes);
        return count * (Block / (1024.0 * 1024.0)) / watch.Elapsed.TotalSeconds;
    }

    private static async Task<double> TlsMebibytesAsync(string pkcs12, string password)
    {
        using var certificate = X509CertificateLoader.LoadPkcs12FromFile(pkcs12, password);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var client = new TcpClient();
        var accepting = listener.AcceptTcpClientAsync();
        await client.ConnectAsync((IPEndPoint)listener.LocalEndpoint);
        using var server = await accepting;
        await using var sending = new SslStream(client.GetStream(), false, (_, _, _, _) => true); // our own other end, nobody else's
        await using var taking = new SslStream(server.GetStream());
        await Task.WhenAll(sending.AuthenticateAsClientAsync("localhost"), taking.AuthenticateAsServerAsync(certificate));
        var watch = Stopwatch.StartNew();
        var sender = Task.Run(async () =>
        {
            var block = new byte[Block];
            while (watch.Elapsed < Slice) await sending.WriteAsync(block);
            await sending.ShutdownAsync();
        });
        var (buffer, total) = (new byte[Block], 0L);
        while (await taking.ReadAsync(buffer) is > 0 and var got) total += got;
        var seconds = watch.Elapsed.TotalSeconds;
        await sender;
        return total / (1024.0 * 1024.0) / seconds;
    }
}
