using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Polly;
using Polly.CircuitBreaker;
using VanBanDienTu.Signing.Certificates;

namespace VanBanDienTu.Signing.Timestamps;

/// <summary>The line to one authority: a cap on calls at the same time, a breaker that leaves it alone after failures, one patience per call.</summary>
internal sealed class AuthorityLine : IDisposable
{
    private readonly Uri _address;
    private readonly HttpClient _http;
    private readonly TimeProvider _time;
    private readonly TimestampOptions _options;
    private readonly TimestampCheck _check;
    private readonly SemaphoreSlim _turns;
    private readonly ResiliencePipeline<(ObtainedTimestamp? Token, LocalText? Why)> _breaker;

    public AuthorityLine(Uri address, HttpClient http, TimeProvider time, TimestampOptions options, TimestampCheck check)
    {
        (_address, _http, _time, _options, _check) = (address, http, time, options, check);
        _turns = new SemaphoreSlim(options.MaxConcurrentCalls);
        _breaker = new ResiliencePipelineBuilder<(ObtainedTimestamp? Token, LocalText? Why)> { TimeProvider = new SteadyTime(time) }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<(ObtainedTimestamp? Token, LocalText? Why)>
            {
                FailureRatio = 0.5,
                MinimumThroughput = Math.Max(2, options.FailuresUntilBreak),
                SamplingDuration = options.FailureWindow,
                BreakDuration = options.BreakDuration,
                ShouldHandle = static outcome => ValueTask.FromResult(outcome.Outcome is { Exception: null, Result.Token: null }),
            })
            .Build();
    }

    /// <summary>A checked token, or why this authority gave none.</summary>
    public async Task<(ObtainedTimestamp? Token, LocalText? Why)> StampAsync(HashAlgorithmName digest, ReadOnlyMemory<byte> hash, CancellationToken cancellation)
    {
        await _turns.WaitAsync(cancellation);
        try
        {
            return await _breaker.ExecuteAsync(async ct => await AskAsync(digest, hash, ct), cancellation);
        }
        catch (BrokenCircuitException)
        {
            var pause = (int)_options.BreakDuration.TotalSeconds;
            return (null, new LocalText($"đã lỗi nhiều lần, tạm ngừng hỏi {pause} giây", $"it failed several times and is left alone for {pause} s"));
        }
        finally
        {
            _turns.Release();
        }
    }

    public void Dispose() => _turns.Dispose();

    private async Task<(ObtainedTimestamp?, LocalText?)> AskAsync(HashAlgorithmName digest, ReadOnlyMemory<byte> hash, CancellationToken cancellation)
    {
        var asked = TimestampRequest.For(MessageHash.OidOf(digest)!, hash) with { PolicyOid = _options.PolicyOid };
        var sent = _time.GetUtcNow();
        using var limit = new CancellationTokenSource(_options.Timeout, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        try
        {
            var (body, why) = await ExchangeAsync(asked.Encode(), both.Token);
            return body is null ? (null, why) : _check.Judge(_address, asked, body, sent, _time.GetUtcNow());
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return (null, new LocalText($"không trả lời trong {_options.Timeout.TotalSeconds:0.#} giây", $"no answer within {_options.Timeout.TotalSeconds:0.#} s"));
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return (null, new LocalText($"không kết nối được: {e.Message}", $"it could not be reached: {e.Message}"));
        }
    }

    private async Task<(byte[]? Body, LocalText? Why)> ExchangeAsync(byte[] request, CancellationToken cancellation)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, _address) { Content = new ByteArrayContent(request) };
        message.Content.Headers.ContentType = new MediaTypeHeaderValue("application/timestamp-query");
        using var response = await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellation);
        if (response.StatusCode != HttpStatusCode.OK)
            return (null, new LocalText($"trả lời HTTP {(int)response.StatusCode}", $"it answered HTTP {(int)response.StatusCode}"));
        await using var stream = await response.Content.ReadAsStreamAsync(cancellation);
        using var body = new MemoryStream();
        var buffer = new byte[8 * 1024];
        while (await stream.ReadAsync(buffer, cancellation) is > 0 and var read)
        {
            if (body.Length + read > _options.MaxAnswerBytes)
                return (null, new LocalText($"trả lời dài hơn {_options.MaxAnswerBytes} byte", $"its answer is longer than {_options.MaxAnswerBytes} bytes"));
            body.Write(buffer, 0, read);
        }
        return (body.ToArray(), null);
    }
}
