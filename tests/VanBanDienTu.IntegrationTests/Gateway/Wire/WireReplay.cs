using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace VanBanDienTu.IntegrationTests.Gateway.Wire;

/// <summary>A client that knows no protocol: it sends recorded bytes over HTTP/2 and takes what comes.</summary>
internal sealed class WireReplay(WireNode node) : IDisposable
{
    private static readonly TimeSpan Patience = TestKit.Patience.Longest;
    private readonly Dictionary<string, HttpClient> lines = new(StringComparer.Ordinal);

    /// <summary>Repeats a call, as every caller may, until nothing is wrong with its answer: some answers take the node a moment.</summary>
    /// <returns>What is still wrong; empty when nothing is.</returns>
    public async Task<IReadOnlyList<string>> RunAsync(WireCall call)
    {
        for (var began = TimeProvider.System.GetTimestamp(); ; await Task.Delay(50))
        {
            var (status, body) = await SendAsync(call);
            List<string> wrong = status == call.Status ? WireShape.Problems(call, body) : [$"{call.Method}: grpc-status is {status}, was {call.Status}"];
            if (wrong.Count == 0 || TimeProvider.System.GetElapsedTime(began) > Patience)
                return wrong;
        }
    }

    public static int StatusOf(HttpResponseMessage response) => int.Parse(
        (response.TrailingHeaders.TryGetValues("grpc-status", out var trailing) ? trailing : response.Headers.GetValues("grpc-status")).Single(), CultureInfo.InvariantCulture);

    public void Dispose()
    {
        foreach (var line in lines.Values)
            line.Dispose();
    }

    private async Task<(int Status, byte[] Body)> SendAsync(WireCall call)
    {
        if (!lines.TryGetValue(call.Caller, out var line))
            lines[call.Caller] = line = new HttpClient(node.LineOf(call.Caller)) { BaseAddress = new Uri(node.Address) };
        using var request = new HttpRequestMessage(HttpMethod.Post, call.Method)
        {
            Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = new ByteArrayContent(call.Request),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        request.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
        using var response = await line.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var body = await response.Content.ReadAsByteArrayAsync();
        return (StatusOf(response), body);
    }
}
