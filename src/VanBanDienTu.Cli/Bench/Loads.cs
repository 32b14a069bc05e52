using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using Grpc.Core;

namespace VanBanDienTu.Cli.Bench;

/// <summary>Calls by our client, as many side by side as one connection carries.</summary>
internal sealed class ClientLoad(CallInvoker invoker)
{
    public Task<double> RunAsync(TimeSpan time, CancellationToken cancellationToken) => ParallelLoad.RunAsync(time, async () =>
    {
        var options = new CallOptions(deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(10), cancellationToken: cancellationToken);
        using var call = invoker.AsyncUnaryCall(EchoService.CannedMethod, null, options, BenchServer.Message);
        var response = await call;
        if (response.Value.Length != BenchServer.Message.Value.Length)
            throw new InvalidOperationException("The server's answer is not the one expected.");
    });
}

/// <summary>The same requests by a bare SocketsHttpHandler.</summary>
internal sealed class RawLoad : IDisposable
{
    private static readonly MediaTypeHeaderValue GrpcType = new("application/grpc");

    private readonly HttpMessageInvoker invoker = new(new SocketsHttpHandler { EnableMultipleHttp2Connections = true, UseProxy = false, ActivityHeadersPropagator = null });
    private readonly Uri address;

    public RawLoad(Uri address) => this.address = address;

    public Task<double> RunAsync(string path, TimeSpan time, CancellationToken cancellationToken)
    {
        var target = new Uri(address, path);
        return ParallelLoad.RunAsync(time, async () =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, target)
            {
                Version = HttpVersion.Version20,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
                Content = new ByteArrayContent(BenchServer.Frame),
            };
            request.Content.Headers.ContentType = GrpcType;
            request.Headers.TryAddWithoutValidation("te", "trailers");
            request.Headers.TryAddWithoutValidation("grpc-timeout", "10S");
            using var response = await invoker.SendAsync(request, cancellationToken);
            var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            if (body.Length != BenchServer.Frame.Length)
                throw new InvalidOperationException("The server's answer is not the one expected.");
        });
    }

    public void Dispose() => invoker.Dispose();
}

/// <summary>Repeats something, many times side by side, for a while.</summary>
internal static class ParallelLoad
{
    private const int SideBySide = 64;

    /// <returns>How often it was done per second.</returns>
    public static async Task<double> RunAsync(TimeSpan time, Func<Task> once)
    {
        var watch = Stopwatch.StartNew();
        var counts = await Task.WhenAll(Enumerable.Range(0, SideBySide).Select(_ => Task.Run(async () =>
        {
            long count = 0;
            for (; watch.Elapsed < time; count++)
                await once();
            return count;
        })));
        return counts.Sum() / watch.Elapsed.TotalSeconds;
    }
}
