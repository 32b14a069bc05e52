using System.Globalization;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;

namespace VanBanDienTu.Cli.Bench;

/// <summary>
/// Unary calls of 100 bytes with an interceptor and a deadline, beside the limit of the same machine in the same run:
/// a bare Kestrel endpoint for our server, a bare SocketsHttpHandler for our client. The two sides take turns, slice by slice.
/// </summary>
public static class GrpcBench
{
    private const int SlicesPerSide = 4;
    private const int WarmUps = 3;

    /// <summary>Writes the rows <c>unary</c>, <c>bare-http2</c>, <c>share</c>, <c>client-unary</c>, <c>client-bare</c>, <c>client-share</c>.</summary>
    /// <param name="rows">Receives TSV: name, value, unit.</param>
    /// <param name="notes">Receives what the reader should know about the run, such as a missing program.</param>
    /// <param name="seconds">The length of the whole measurement, without warm-up; at least 8 are sensible.</param>
    public static async Task RunAsync(TextWriter rows, TextWriter notes, int seconds, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(notes);
        var slice = TimeSpan.FromSeconds(Math.Max(1, seconds / (SlicesPerSide * 4.0)));
        await using var server = await BenchServer.StartAsync();

        var h2load = H2Load.Find();
        if (h2load is null)
            await notes.WriteLineAsync("h2load was not found (Debian: apt-get install nghttp2-client); the server is measured by a load inside this process instead.");
        using var inProcess = new RawLoad(server.Address);
        Func<string, TimeSpan, Task<double>> load = h2load is null
            ? (path, time) => inProcess.RunAsync(path, time, cancellationToken)
            : (path, time) => h2load.RunAsync(new Uri(server.Address, path), time, cancellationToken);
        await CompareAsync(rows, ("unary", time => load(BenchServer.UnaryPath, time)), ("bare-http2", time => load(BenchServer.BarePath, time)), "share", slice);

        using var channel = GrpcChannel.ForAddress(server.Address);
        var client = new ClientLoad(channel.Intercept(new PassingOn()));
        await CompareAsync(
            rows,
            ("client-unary", time => client.RunAsync(time, cancellationToken)),
            ("client-bare", time => inProcess.RunAsync(BenchServer.CannedPath, time, cancellationToken)),
            "client-share",
            slice);
    }

    private static async Task CompareAsync(
        TextWriter rows, (string Name, Func<TimeSpan, Task<double>> Run) ours, (string Name, Func<TimeSpan, Task<double>> Run) bare, string share, TimeSpan slice)
    {
        for (var i = 0; i < WarmUps; i++) // until tiered compilation has settled
        {
            await ours.Run(slice);
            await bare.Run(slice);
        }

        double ourSum = 0, bareSum = 0;
        for (var i = 0; i < SlicesPerSide; i++)
        {
            ourSum += await ours.Run(slice);
            bareSum += await bare.Run(slice);
        }

        await RowAsync(rows, ours.Name, ourSum / SlicesPerSide, "calls/s");
        await RowAsync(rows, bare.Name, bareSum / SlicesPerSide, "calls/s");
        await RowAsync(rows, share, 100 * ourSum / bareSum, "%");
    }

    private static Task RowAsync(TextWriter rows, string name, double value, string unit) =>
        rows.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{name}\t{value:F1}\t{unit}"));

    /// <summary>The client's interceptor: it does nothing, but the call passes it.</summary>
    private sealed class PassingOn : Interceptor;
}
