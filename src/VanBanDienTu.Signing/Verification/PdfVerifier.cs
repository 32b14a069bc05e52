using System.Globalization;
using VanBanDienTu.Pdf;
using VanBanDienTu.Signing.Certificates;
using VanBanDienTu.Signing.Paths;
using VanBanDienTu.Signing.Revocation;
using VanBanDienTu.Signing.Trust;
using VanBanDienTu.Signing.Verification;

namespace VanBanDienTu.Signing;

/// <summary>
/// Verifies every signature of a PDF: are the bytes intact, what is covered, what changed after, who signed, is that
/// trusted. What is not known is INDETERMINATE with its reason, never passed. Safe for many threads.
/// </summary>
/// <param name="trust">The anchors; with none, nothing passes.</param>
/// <param name="revocation">How revocation is learnt; null: only from what the document brings along.</param>
/// <param name="time">The clock of «now».</param>
/// <param name="options">The rules; null for the default ones.</param>
/// <remarks>Source: ETSI EN 319 102-1.</remarks>
public sealed class PdfVerifier(TrustSnapshot trust, RevocationChecker? revocation, TimeProvider time, VerifierOptions? options = null)
{
    private static readonly HttpClient NeverAsked = new();

    private readonly VerifierOptions _options = options ?? new VerifierOptions();
    private readonly TrustJudge _judge = new(trust, revocation ?? new RevocationChecker(NeverAsked, time, new RevocationOptions { Offline = true }), (options ?? new VerifierOptions()).Algorithms);

    /// <summary>The anchors judged by.</summary>
    public TrustSnapshot Trust => trust;

    public VerifierOptions Options => _options;

    /// <summary>Verifies a file on disk. Bad input is a verdict (UNREADABLE; INDETERMINATE where a limit was passed), never an exception.</summary>
    /// <param name="path">The file.</param>
    /// <param name="name">Its name in the report; null for the file's own.</param>
    /// <param name="at">The instant to judge at; null for now.</param>
    /// <param name="cancellation">Ends the work with <see cref="OperationCanceledException"/>.</param>
    public async Task<FileVerdict> VerifyAsync(string path, string? name = null, DateTimeOffset? at = null, CancellationToken cancellation = default) =>
        (await ExamineAsync(path, new VerificationOrder { Name = name, At = at }, cancellation)).Verdict;

    /// <summary>Verifies bytes; the caller keeps them open and disposes of them.</summary>
    public async Task<FileVerdict> VerifyAsync(PdfBytes bytes, string name, DateTimeOffset? at = null, CancellationToken cancellation = default) =>
        (await ExamineAsync(bytes, new VerificationOrder { Name = name, At = at }, cancellation)).Verdict;

    /// <summary>Verifies a file on disk, and says what the verdict rests on so that it can be judged again.</summary>
    public async Task<Examination> ExamineAsync(string path, VerificationOrder order, CancellationToken cancellation = default)
    {
        order = order with { Name = order.Name ?? Path.GetFileName(path) };
        PdfBytes bytes;
        try
        {
            bytes = PdfBytes.Open(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return Unexamined(order, 0, null, new Finding("cannot-open", Severity.Critical, null,
                new LocalText($"Không mở được tệp: {e.Message}", $"The file cannot be opened: {e.Message}")));
        }
        using (bytes)
            return await ExamineAsync(bytes, order, cancellation);
    }

    /// <summary>
    /// Judges a timestamp over bytes that stand in no document, such as one over a list of verdicts: at its own time, with what
    /// was kept about its authority.
    /// </summary>
    /// <param name="token">The TimeStampToken of RFC 3161.</param>
    /// <param name="stamped">What it must be about.</param>
    /// <param name="at">The instant of judgement.</param>
    /// <param name="proven">By when the token itself is proven to have existed; null when nothing proves it.</param>
    /// <param name="kept">What was kept about its authority.</param>
    /// <param name="cancellation">Ends the work.</param>
    public async Task<StampVerdict> JudgeTimestampAsync(
        ReadOnlyMemory<byte> token, ReadOnlyMemory<byte> stamped, DateTimeOffset at, DateTimeOffset? proven, EarlierEvidence? kept, CancellationToken cancellation = default)
    {
        var evidence = new EvidenceCollector(RevocationExchanges.Recording(time.GetUtcNow()));
        var provenData = (kept?.Revocation ?? []).ToLookup(r => Fingerprint.Of(r.Data.Span), r => r.ProvenAt);
        var asked = new TrustQuestion(
            null!, kept?.Certificates ?? [], EmbeddedRevocation.None, PathPurpose.Timestamping, at, proven,
            data => provenData[Fingerprint.Of(data.Span)] is var times && times.Any() ? times.Min() : null)
        {
            Kept = kept?.Answers ?? EmbeddedRevocation.None,
            Evidence = evidence,
        };
        var verdict = await new TimestampJudge(_judge, _options.Algorithms.WithoutForecasts, asked).OneAsync(token, stamped, cancellation);
        return new StampVerdict(verdict, evidence.Sealed(at, kept));
    }

    /// <summary>Puts verdicts into the report that programs and people read.</summary>
    public VerificationReport Report(IReadOnlyList<FileVerdict> files, DateTimeOffset? at = null) => new(
        "VanBanDienTu " + typeof(PdfVerifier).Assembly.GetName().Version?.ToString(3),
        _options.Policy, at ?? time.GetUtcNow(), new TrustReference(trust.Id, trust.Anchors.Count, trust.Sample), files);

    /// <summary>The same for bytes, which the caller keeps open and disposes of; the order names them.</summary>
    public async Task<Examination> ExamineAsync(PdfBytes bytes, VerificationOrder order, CancellationToken cancellation = default)
    {
        Exception? askers = null; // what the caller's own memory failed with says nothing about the file: the caller hears it
        var asking = order.Earlier is not { } ask ? order : order with
        {
            Earlier = async (sha256, ct) =>
            {
                try
                {
                    return await ask(sha256, ct);
                }
                catch (Exception e)
                {
                    askers = e;
                    throw;
                }
            },
        };
        try
        {
            return await JudgeAsync(bytes, asking, cancellation);
        }
        catch (PdfException e)
        {
            // Who gives up at a limit has not found the file to be bad.
            var outcome = e.Fault == PdfFault.LimitExceeded ? FileOutcome.Indeterminate : FileOutcome.Unreadable;
            return Unexamined(order, bytes.Length, Sha256Of(bytes, cancellation), VerdictFindings.Of(e), outcome);
        }
#pragma warning disable CA1031 // The one place where whatever a hostile file provokes becomes an answer.
        catch (Exception e) when (e is not OperationCanceledException && !ReferenceEquals(e, askers))
#pragma warning restore CA1031
        {
            return Unexamined(order, bytes.Length, Sha256Of(bytes, cancellation), VerdictFindings.Internal(e));
        }
    }

    private async Task<Examination> JudgeAsync(PdfBytes bytes, VerificationOrder order, CancellationToken cancellation)
    {
        var file = PdfFile.Open(bytes, password: _options.Password); // disposing it would close the caller's bytes
        return await JudgeAsync(file, FileCheck.Run(file, cancellation), order, cancellation);
    }

    /// <summary>The verdict on a file whose cryptography was checked already.</summary>
    internal async Task<Examination> JudgeAsync(PdfFile file, FileCheck check, VerificationOrder order, CancellationToken cancellation)
    {
        var collected = new EvidenceCollector(order.Replay ?? RevocationExchanges.Recording(time.GetUtcNow()));
        var at = order.At ?? collected.Exchanges.Now;
        var store = check.Signatures.Count == 0 ? DocumentSecurityStore.None : DocumentSecurityStore.Read(file);
        var earlier = check.Signatures.Count == 0 || order.Earlier is null ? null : await order.Earlier(check.Sha256, cancellation);
        var context = new JudgementContext(file, _judge, _options, store, new ProofStore(file, check.Signatures, at, earlier), at, collected);
        var verdicts = new Dictionary<CheckedSignature, SignatureVerdict>(ReferenceEqualityComparer.Instance);
        // Document timestamps first and newest first: each that passes proves the time of what it covers.
        IEnumerable<CheckedSignature> ordered = check.Signatures.Count < 2 ? check.Signatures
            : check.Signatures.OrderByDescending(s => s.Material.IsTimestamp).ThenByDescending(s => s.Material.Gate.SignedRevision);
        foreach (var signature in ordered)
            verdicts.Add(signature, await new SignatureJudge(context, signature).RunAsync(cancellation));
        var signatures = new List<SignatureVerdict>(check.Signatures.Count);
        foreach (var signature in check.Signatures)
            signatures.Add(verdicts[signature]);
        var removed = VerdictFindings.Removed(file).ToList();
        List<Finding> findings = [.. file.Findings.Select(VerdictFindings.Of)];
        foreach (var signature in check.Signatures)
            findings.AddRange(VerdictFindings.Of(signature));
        findings.AddRange(removed);
        var evidence = collected.Sealed(at, earlier);
        return new Examination(new FileVerdict
        {
            File = order.Name!,
            Size = file.Bytes.Length,
            Sha256 = check.Sha256,
            ReportId = ReportId(check.Sha256, at, evidence.Id),
            EvidenceSet = evidence.Id,
            Verdict = Worst(signatures, removed.Count > 0),
            Findings = findings,
            Signatures = signatures,
        }, evidence);
    }

    private static FileOutcome Worst(List<SignatureVerdict> signatures, bool removed)
    {
        if (removed)
            return FileOutcome.TotalFailed;
        return signatures.Count == 0 ? FileOutcome.NoSignature : signatures.Max(s => s.Indication) switch
        {
            Indication.TotalPassed => FileOutcome.TotalPassed,
            Indication.Indeterminate => FileOutcome.Indeterminate,
            _ => FileOutcome.TotalFailed,
        };
    }

    private Examination Unexamined(VerificationOrder order, long size, string? sha256, Finding why, FileOutcome outcome = FileOutcome.Unreadable)
    {
        var exchanges = order.Replay ?? RevocationExchanges.Recording(time.GetUtcNow());
        var at = order.At ?? exchanges.Now;
        return new Examination(new FileVerdict
        {
            File = order.Name!,
            Size = size,
            Sha256 = sha256,
            ReportId = ReportId(sha256 ?? order.Name!, at, null),
            EvidenceSet = null,
            Verdict = outcome,
            Findings = [why],
            Signatures = [],
        }, new EvidenceCollector(exchanges).Sealed(at, null));
    }

    // The same file, anchors, rules, time and evidence give the same id: a repeated audit can be compared by it.
    private string ReportId(string file, DateTimeOffset at, string? evidence) => VerdictEvidence.Short(
        $"{file}\n{trust.Id}\n{_options.Policy.Id}\n{_options.Policy.Version}\n{at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)}\n{evidence}");

    private static string? Sha256Of(PdfBytes bytes, CancellationToken cancellation)
    {
        try
        {
            using var digests = new RangeDigests();
            digests.Run(bytes, scan: null, cancellation);
            return Convert.ToHexStringLower(digests.File);
        }
        catch (Exception e) when (e is IOException or PdfException)
        {
            return null;
        }
    }
}
