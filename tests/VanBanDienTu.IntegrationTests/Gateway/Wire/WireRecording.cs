using System.Globalization;

namespace VanBanDienTu.IntegrationTests.Gateway.Wire;

/// <summary>One call as it crossed the line: the bodies of gRPC, frames and all.</summary>
/// <param name="Caller">Whose certificate was shown.</param>
/// <param name="Method">/package.Service/Method.</param>
/// <param name="Status">The number in grpc-status.</param>
internal sealed record WireCall(string Caller, string Method, int Status, byte[] Request, byte[] Response);

/// <summary>A conversation in a folder: <c>calls.tsv</c> (number, caller, method, grpc-status), <c>NN.request</c>, <c>NN.response</c>, <c>time</c>, <c>pki/</c>.</summary>
internal static class WireRecording
{
    public static DateTimeOffset TimeOf(string folder) =>
        DateTimeOffset.Parse(File.ReadAllText(Path.Combine(folder, "time")), CultureInfo.InvariantCulture);

    public static void Write(string folder, DateTimeOffset time, IReadOnlyList<WireCall> calls)
    {
        File.WriteAllText(Path.Combine(folder, "time"), time.ToString("O", CultureInfo.InvariantCulture));
        File.WriteAllLines(Path.Combine(folder, "calls.tsv"), calls.Select((c, i) => string.Create(CultureInfo.InvariantCulture, $"{i + 1:00}\t{c.Caller}\t{c.Method}\t{c.Status}")));
        for (var i = 0; i < calls.Count; i++)
        {
            File.WriteAllBytes(Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{i + 1:00}.request")), calls[i].Request);
            File.WriteAllBytes(Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{i + 1:00}.response")), calls[i].Response);
        }
    }

    public static IReadOnlyList<WireCall> Read(string folder) =>
    [
        .. File.ReadAllLines(Path.Combine(folder, "calls.tsv")).Select(line => line.Split('\t')).Select(parts => new WireCall(
            parts[1], parts[2], int.Parse(parts[3], CultureInfo.InvariantCulture),
            File.ReadAllBytes(Path.Combine(folder, $"{parts[0]}.request")), File.ReadAllBytes(Path.Combine(folder, $"{parts[0]}.response")))),
    ];
}

/// <summary>Stands between a client and its line and writes down what crosses.</summary>
internal sealed class WireRecorder(string caller, List<WireCall> calls, HttpMessageHandler line) : DelegatingHandler(line)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var sent = await request.Content!.ReadAsByteArrayAsync(cancellationToken);
        request.Content = Same(sent, request.Content);
        var response = await base.SendAsync(request, cancellationToken);
        var received = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        response.Content = Same(received, response.Content);
        var call = new WireCall(caller, request.RequestUri!.AbsolutePath, WireReplay.StatusOf(response), sent, received);
        if (calls.Count > 0 && calls[^1].Method == call.Method && calls[^1].Request.AsSpan().SequenceEqual(sent))
            calls.RemoveAt(calls.Count - 1); // asked again until the answer was there: that one counts
        calls.Add(call);
        return response;
    }

    private static ByteArrayContent Same(byte[] bytes, HttpContent of)
    {
        var content = new ByteArrayContent(bytes);
        foreach (var (name, values) in of.Headers)
            content.Headers.TryAddWithoutValidation(name, values);
        return content;
    }
}
