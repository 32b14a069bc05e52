using VanBanDienTu.Cli.Terminals;
using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Keys;

namespace VanBanDienTu.Cli.Signing;

/// <summary>One run of <c>vbdt sign</c>: several files at a time; one that fails does not stop the others.</summary>
/// <param name="journal">Knows what is done already; null: everything is signed.</param>
internal sealed class SigningRun(PdfSigner signer, ISigningKey key, SignatureRequest request, SigningJournal? journal)
{
    /// <summary>What an earlier run did is done again.</summary>
    public bool Again { get; init; }

    // Who waits for a timestamp authority needs no processor.
    private const int WaitingPerProcessor = 4;

    /// <returns>In the order of the jobs.</returns>
    public Task<SigningResult[]> RunAsync(IReadOnlyList<SigningJob> jobs, Terminal terminal, CancellationToken ct) =>
        FileProgress.ShowAsync(terminal, jobs.Count, async done =>
        {
            var results = new SigningResult[jobs.Count];
            var parallel = new ParallelOptions
            {
                MaxDegreeOfParallelism = Environment.ProcessorCount * (request.Level > BaselineLevel.Basic ? WaitingPerProcessor : 1),
                CancellationToken = ct,
            };
            await Parallel.ForAsync(0, jobs.Count, parallel, async (i, stop) =>
            {
                results[i] = await OneAsync(jobs[i], stop);
                done?.Invoke();
            });
            return results;
        });

    /// <summary>Signs one file; standard input and output pass through temporary files.</summary>
    public async Task<SignedPdf> SignAsync(SigningJob job, CancellationToken ct)
    {
        var source = job.From == StandardStreams.Word ? StandardStreams.SaveInput() : job.From;
        var target = job.To == StandardStreams.Word ? StandardStreams.TemporaryPdf() : job.To;
        try
        {
            var signed = await signer.SignAsync(source, target, key, request, ct);
            if (target != job.To) StandardStreams.CopyToOutput(target);
            return signed;
        }
        finally
        {
            if (source != job.From) File.Delete(source);
            if (target != job.To) File.Delete(target);
        }
    }

    private async Task<SigningResult> OneAsync(SigningJob job, CancellationToken ct)
    {
        try
        {
            if (journal is null) return new SigningResult(job, SigningOutcome.Signed, await SignAsync(job, ct));
            var input = FileDigest.Of(job.From);
            if (!Again && journal.IsDone(job, input)) return new SigningResult(job, SigningOutcome.Skipped);
            DurableNames.Create(Path.GetDirectoryName(Path.GetFullPath(job.To))!);
            var signed = await SignAsync(job, ct);
            journal.Note(job, input, signed.Sha256);
            return new SigningResult(job, SigningOutcome.Signed, signed);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return new SigningResult(job, SigningOutcome.Failed, Failure: Failure.Of(e));
        }
    }
}
