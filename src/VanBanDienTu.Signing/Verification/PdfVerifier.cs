using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using VanBanDienTu.Pdf;
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

    /// <summary>Verifies a file on disk. Bad input is a verdict (UNREADABLE), never an exception.</summary>
    /// <param name="path">The file.</param>
    /// <param name="name">Its name in the report; null for the file's own.</param>
    /// <param name="at">The instant to judge at; null for now.</param>
    /// <param name="cancellation">Ends the work with <see cref="OperationCanceledException"/>.</param>
    public async Task<FileVerdict> VerifyAsync(string path, string? name = null, DateTimeOffset? at = null, CancellationToken cancellation = default)
    {
        PdfBytes bytes;
        try
        {
            bytes = PdfBytes.Open(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return Unreadable(name ?? Path.GetFileName(path), 0, null, at ?? time.GetUtcNow(), new Finding("cannot-open", Severity.Critical, null,
                new LocalText($"Không mở được tệp: {e.Message}", $"The file cannot be opened: {e.Message}")));
        }
        using (bytes)
            return await VerifyAsync(bytes, name ?? Path.GetFileName(path), at, cancellation);
    }

    /// <summary>Verifies bytes; the caller keeps them open and disposes of them.</summary>
    public async Task<FileVerdict> VerifyAsync(PdfBytes bytes, string name, DateTimeOffset? at = null, CancellationToken cancellation = default)
    {
        var instant = at ?? time.GetUtcNow();
        try
        {
            return await JudgeAsync(bytes, name, instant, cancellation);
        }
        catch (PdfException e)
        {
            return Unreadable(name, bytes.Length, Sha256Of(bytes, cancellation), instant, VerdictFindings.Of(e));
        }
#pragma warning disable CA1031 // The one place where whatever a hostile file provokes becomes an answer.
        catch (Exception e) when (e is not OperationCanceledException)
#pragma warning restore CA1031
        {
            return Unreadable(name, bytes.Length, Sha256Of(bytes, cancellation), instant, VerdictFindings.Internal(e));
        }
    }

    /// <summary>Puts verdicts into the report that programs and people read.</summary>
    public VerificationReport Report(IReadOnlyList<FileVerdict> files, DateTimeOffset? at = null) => new(
        "VanBanDienTu " + typeof(PdfVerifier).Assembly.GetName().Version?.ToString(3),
        _options.Policy, at ?? time.GetUtcNow(), new TrustReference(trust.Id, trust.Anchors.Count, trust.Sample), files);

    private async Task<FileVerdict> JudgeAsync(PdfBytes bytes, string name, DateTimeOffset at, CancellationToken cancellation)
    {
        var file = PdfFile.Open(bytes, password: _options.Password); // disposing it would close the caller's bytes
        return await JudgeAsync(file, FileCheck.Run(file, cancellation), name, at, cancellation);
    }

    /// <summary>The verdict on a file whose cryptography was checked already.</summary>
    internal async Task<FileVerdict> JudgeAsync(PdfFile file, FileCheck check, string name, DateTimeOffset at, CancellationToken cancellation)
    {
        var store = check.Signatures.Count == 0 ? DocumentSecurityStore.None : DocumentSecurityStore.Read(file);
        var proofs = new ProofStore(file, check.Signatures, at, _options.EarlierProof?.Invoke(check.Sha256));
        var context = new JudgementContext(file, _judge, _options, store, proofs, at);
        var verdicts = new Dictionary<CheckedSignature, SignatureVerdict>(ReferenceEqualityComparer.Instance);
        // Document timestamps first and newest first: each that passes proves the time of what it covers.
        foreach (var signature in check.Signatures.OrderByDescending(s => s.Material.IsTimestamp).ThenByDescending(s => s.Material.Gate.SignedRevision))
            verdicts.Add(signature, await new SignatureJudge(context, signature).RunAsync(cancellation));
        var signatures = check.Signatures.Select(s => verdicts[s]).ToList();
        var removed = VerdictFindings.Removed(file).ToList();
        var findings = file.Findings.Select(VerdictFindings.Of).Concat(check.Signatures.SelectMany(VerdictFindings.Of)).Concat(removed).ToList();
        return new FileVerdict
        {
            File = name,
            Size = file.Bytes.Length,
            Sha256 = check.Sha256,
            ReportId = ReportId(check.Sha256, at),
            EvidenceSet = EvidenceSet(signatures),
            Verdict = Worst(signatures, removed.Count > 0),
            Findings = findings,
            Signatures = signatures,
        };
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

    private FileVerdict Unreadable(string name, long size, string? sha256, DateTimeOffset at, Finding why) => new()
    {
        File = name,
        Size = size,
        Sha256 = sha256,
        ReportId = ReportId(sha256 ?? name, at),
        EvidenceSet = null,
        Verdict = FileOutcome.Unreadable,
        Findings = [why],
        Signatures = [],
    };

    // The same file, anchors, rules and time give the same id: a repeated audit can be compared by it.
    private string ReportId(string file, DateTimeOffset at) =>
        Short($"{file}\n{trust.Id}\n{_options.Policy.Id}\n{_options.Policy.Version}\n{at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)}");

    private static string? EvidenceSet(List<SignatureVerdict> signatures)
    {
        var used = signatures.SelectMany(s => s.Chain.Select(c => c.Sha256).Concat(s.Revocation.Select(r => r.Sha256).OfType<string>())).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        return used.Count == 0 ? null : Short(string.Join('\n', used));
    }

    private static string Short(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..32];

    private static string? Sha256Of(PdfBytes bytes, CancellationToken cancellation)
    {
        try
        {
            using var digests = new RangeDigests();
            digests.Run(bytes, cancellation);
            return Convert.ToHexStringLower(digests.File);
        }
        catch (Exception e) when (e is IOException or PdfException)
        {
            return null;
        }
    }
}
