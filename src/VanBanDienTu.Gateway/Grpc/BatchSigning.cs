using Google.Protobuf;
using Grpc.Core;
using VanBanDienTu.Contracts.V1;
using VanBanDienTu.Gateway.Config;
using VanBanDienTu.Gateway.Desk;
using VanBanDienTu.Gateway.Errors;

namespace VanBanDienTu.Gateway.Grpc;

/// <summary>One call of SignBatch: files are read one after another, signed several at a time, answered as they are done.</summary>
internal sealed class BatchSigning(
    SigningDesk desk, NodeConfig config, string organ, IAsyncStreamReader<SignBatchRequest> requests, IServerStreamWriter<SignBatchResponse> responses)
{
    private readonly SemaphoreSlim turns = new(Environment.ProcessorCount + (config.Timestamps?.MaxConcurrentCalls ?? 0));
    private readonly SemaphoreSlim writing = new(1);

    public async Task RunAsync(CancellationToken ct)
    {
        var running = new List<Task>();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        try
        {
            var more = await requests.MoveNext(ct);
            while (more)
            {
                var header = requests.Current.Header ?? throw Streams.HeaderMissing();
                await turns.WaitAsync(stop.Token);
                running.RemoveAll(task => task.IsCompletedSuccessfully);
                var input = new Spool(config.ScratchFolder, config.Limits.MaxPdfBytes);
                (more, var problem) = await TakeAsync(input, ct);
                running.Add(OneAsync(header, input, problem, stop));
            }
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            // One of the files ended the call; it says why below.
        }
        catch
        {
            await stop.CancelAsync();
            await Task.WhenAll(running).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            throw;
        }
        await Task.WhenAll(running);
    }

    // A file that is too large is read to its end, so that the next one is found.
    private async Task<(bool More, RequestException? Problem)> TakeAsync(Spool input, CancellationToken ct)
    {
        try
        {
            return (await input.TakePartAsync(requests, Data, ct), null);
        }
        catch (RequestException e)
        {
            bool more;
            do
                more = await requests.MoveNext(ct);
            while (more && Data(requests.Current) is not null);
            return (more, e);
        }
    }

    private async Task OneAsync(SignBatchHeader header, Spool input, RequestException? problem, CancellationTokenSource stop)
    {
        using var output = new Spool(config.ScratchFolder, config.Limits.MaxPdfBytes);
        using var _ = input;
        try
        {
            await AnswerAsync(await SignAsync(header, input, output, problem, stop.Token), output, stop.Token);
        }
        catch
        {
            await stop.CancelAsync(); // the caller is gone, or a defect: nobody waits for the others
            throw;
        }
        finally
        {
            turns.Release();
        }
    }

    private async Task<SignBatchResult> SignAsync(SignBatchHeader header, Spool input, Spool output, RequestException? problem, CancellationToken ct)
    {
        try
        {
            if (problem is not null)
                throw problem;
            var asked = header.Sign ?? new SignHeader();
            var verdict = await desk.SignAsync(organ, asked.Name.OrUnnamed(), input.Path, output.Path, asked.ToRequest(), ct);
            return new SignBatchResult { Id = header.Id, Signed = verdict.ToResult() };
        }
        catch (Exception e) when (e is not OperationCanceledException && ErrorTranslation.Translate(e) is { } error)
        {
            return new SignBatchResult { Id = header.Id, ReasonCode = error.Reason, Reason = new Text { Vi = error.Vi, En = error.En } };
        }
    }

    private async Task AnswerAsync(SignBatchResult result, Spool output, CancellationToken ct)
    {
        await writing.WaitAsync(ct);
        try
        {
            await responses.WriteAsync(new SignBatchResponse { Result = result }, ct);
            if (result.Signed is not null)
                await output.SendAsync(bytes => responses.WriteAsync(new SignBatchResponse { Data = UnsafeByteOperations.UnsafeWrap(bytes) }, ct), ct);
        }
        finally
        {
            writing.Release();
        }
    }

    private static ByteString? Data(SignBatchRequest part) => part.PartCase == SignBatchRequest.PartOneofCase.Data ? part.Data : null;
}
