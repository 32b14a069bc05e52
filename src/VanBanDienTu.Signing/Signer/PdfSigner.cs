using System.Buffers;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using VanBanDienTu.Pdf;
using VanBanDienTu.Signing.Appearances;
using VanBanDienTu.Signing.Cms;
using VanBanDienTu.Signing.Keys;
using VanBanDienTu.Signing.Levels;
using VanBanDienTu.Signing.Paths;
using VanBanDienTu.Signing.Revocation;
using VanBanDienTu.Signing.Timestamps;
using VanBanDienTu.Signing.Trust;

namespace VanBanDienTu.Signing;

/// <summary>
/// Signs PDFs as PAdES B-B, B-T, B-LT or B-LTA by incremental updates, so earlier signatures stay what they were. The output
/// is opened again and verified before it gets its name; this cannot be switched off. Safe for many threads.
/// </summary>
/// <remarks>Source: ETSI EN 319 142-1, clause 6.</remarks>
/// <param name="time">The clock for the certificate's validity and the claimed time.</param>
/// <param name="revocation">When given, a certificate that is known to be revoked is refused. Needed from B-LT on.</param>
/// <param name="trust">Anchors that may hold the issuer of the signer's certificate, for asking about revocation. Needed from B-LT on.</param>
/// <param name="timestamps">The timestamp authorities; needed from B-T on. The caller disposes of it.</param>
public sealed class PdfSigner(TimeProvider time, RevocationChecker? revocation = null, TrustSnapshot? trust = null, TimestampClient? timestamps = null)
{
    // What a key's signatures have in common is encoded once per key, digest and padding.
    private readonly ConditionalWeakTable<ISigningKey, Dictionary<(HashAlgorithmName, SignaturePadding), CadesBuilder>> _builders = [];
    private readonly ConditionalWeakTable<ISigningKey, ISigningKey> _completed = [];
    private readonly TokenRoom _room = new();
    private readonly LevelCheck _levels = new(trust ?? TrustSnapshot.Empty, time);

    /// <summary>Bytes that are laid out for a timestamp token now.</summary>
    internal int TokenRoom => _room.Bytes;

    // The unsigned attribute around a token, and lengths around it that grow by a byte or two.
    private const int AroundToken = 64;

    /// <summary>Signs <paramref name="input"/> into <paramref name="output"/>; an existing output is replaced only by a verified one.</summary>
    /// <exception cref="SigningException">Final: <see cref="SigningFault.PdfUnreadable"/>, <see cref="SigningFault.PdfEncrypted"/>,
    /// <see cref="SigningFault.PdfForbidsSigning"/>, <see cref="SigningFault.LintRefused"/>, <see cref="SigningFault.CertificateExpired"/>, <see cref="SigningFault.CertificateNotYetValid"/>,
    /// <see cref="SigningFault.CertificateUnusable"/>, <see cref="SigningFault.CertificateRevoked"/>, <see cref="SigningFault.OutputDoesNotVerify"/>,
    /// <see cref="SigningFault.FontUnavailable"/>, <see cref="SigningFault.ImageUnusable"/>, <see cref="SigningFault.NoPlace"/>, <see cref="SigningFault.BadRequest"/>. Worth a retry: <see cref="SigningFault.OutputNotWritten"/>, <see cref="SigningFault.KeyFailed"/>,
    /// <see cref="SigningFault.TimestampUnavailable"/>, <see cref="SigningFault.ValidationDataUnavailable"/>.
    /// In every case the input is untouched and no output is left.</exception>
    public async Task<SignedPdf> SignAsync(string input, string output, ISigningKey key, SignatureRequest request, CancellationToken cancellation = default)
    {
        OutputFile.CheckApart(input, output);
        key = await WithIssuersAsync(key, cancellation);
        await CheckAsync(key, request, cancellation);
        using var file = SignerFaults.Opening(input, () => PdfFile.Open(input, password: request.Password));
        var signing = Begin(input, file, key, request);
        var prepared = Prepare(signing);
        return await OutputFile.WriteAsync(output, async temporary => await DraftAsync(signing, prepared, new FileDraft(temporary), cancellation) with { Path = output });
    }

    /// <summary>Signs a document that is in memory; <paramref name="output"/> receives the signed file, verified, or nothing.</summary>
    /// <returns>What was made; its path is empty.</returns>
    /// <exception cref="SigningException">As for files, without what disks do.</exception>
    public async Task<SignedPdf> SignAsync(ReadOnlyMemory<byte> pdf, IBufferWriter<byte> output, ISigningKey key, SignatureRequest request, CancellationToken cancellation = default)
    {
        key = await WithIssuersAsync(key, cancellation);
        await CheckAsync(key, request, cancellation);
        using var file = SignerFaults.Opening("PDF", () => PdfFile.Open(PdfBytes.Of(pdf), password: request.Password));
        var signing = Begin("PDF", file, key, request);
        using var draft = new MemoryDraft();
        var signed = await DraftAsync(signing, Prepare(signing), draft, cancellation);
        output.Write(draft.Written.Span);
        return signed;
    }

    /// <summary>The key with the issuers that its holder did not bring along, when they may be fetched; once per key.</summary>
    internal async Task<ISigningKey> WithIssuersAsync(ISigningKey key, CancellationToken cancellation)
    {
        if (revocation is not { FetchesIssuers: true } || trust is null or { IsEmpty: true })
            return key;
        if (_completed.TryGetValue(key, out var known))
            return known;
        var path = await new PathValidator().ValidateAsync(key.Certificate, key.Chain, trust, time.GetUtcNow(), PathPurpose.Signing, revocation, null, cancellation);
        var below = path.Chain.Skip(1).SkipLast(path.Anchor is null ? 0 : 1).ToList();
        if (!path.IsValid)
            return key;
        return _completed.GetValue(key, _ => below.All(key.Chain.Contains) ? key : new CompletedKey(key, below));
    }

    private sealed record Signing(string Input, PdfFile File, ISigningKey Key, SignatureRequest Request, CadesBuilder Builder, DateTimeOffset Claimed, AppearancePlan Plan);

    private Signing Begin(string input, PdfFile file, ISigningKey key, SignatureRequest request)
    {
        var claimed = (request.Time ?? time.GetUtcNow()).ToOffset(TimeSpan.FromHours(7));
        var plan = SignerFaults.Pdf(input, () => AppearancePlanner.Plan(file, request, key.Certificate, claimed));
        return new Signing(input, file, key, request, BuilderOf(key, request), claimed, plan);
    }

    private PreparedSignature Prepare(Signing signing) =>
        SignerFaults.Pdf(signing.Input, () => Placeholder(signing.Key, signing.Request, signing.Plan, signing.Builder, signing.Claimed).Prepare(signing.File));

    private async Task<SignedPdf> DraftAsync(Signing signing, PreparedSignature prepared, SignedDraft draft, CancellationToken cancellation)
    {
        var (request, key) = (signing.Request, signing.Key);
        var lint = request.Lint is null ? [] : SignerFaults.Pdf(signing.Input, () => request.Lint.Check(signing.File, Path.GetFileName(signing.Input)));
        while (!await WriteAsync(draft, prepared, signing.Builder, key, request.Level, cancellation))
            prepared = Prepare(signing); // the timestamp did not fit; there is more room now
        if (request.Level >= BaselineLevel.LongTerm)
            await SignerFaults.PdfAsync(signing.Input, () => RaiseAsync(draft, prepared.FieldName, request, cancellation));
        var (check, size) = await SelfCheck.RunAsync(draft, prepared.FieldName, request, signing.File, _levels, cancellation);
        return new SignedPdf("", prepared.FieldName, size, check.Sha256, key.Certificate, signing.Claimed, check.Signatures.Count) { Level = request.Level, Lint = lint, Warnings = signing.Plan.Warnings };
    }

    private async Task CheckAsync(ISigningKey key, SignatureRequest request, CancellationToken cancellation)
    {
        CheckLevel(request.Level);
        await SigningCertificateCheck.RunAsync(key, time.GetUtcNow(), revocation, trust, cancellation);
    }

    private void CheckLevel(BaselineLevel level)
    {
        if (level >= BaselineLevel.Timestamped && timestamps is null)
            throw LevelFaults.NoAuthority(level);
        if (level >= BaselineLevel.LongTerm && (revocation is null || trust is null or { IsEmpty: true }))
            throw LevelFaults.NoTrust(level);
    }

    /// <summary>False when the timestamp did not fit into the space reserved.</summary>
    private async Task<bool> WriteAsync(SignedDraft draft, PreparedSignature prepared, CadesBuilder builder, ISigningKey key, BaselineLevel level, CancellationToken cancellation)
    {
        await using var stream = draft.Create(prepared.Length);
        using var hash = IncrementalHash.CreateHash(builder.Digest);
        prepared.WriteTo(stream, hash.AppendData);
        var attributes = builder.SignedAttributes(hash.GetHashAndReset());
        var value = await key.SignHashAsync(CryptographicOperations.HashData(builder.Digest, attributes), builder.Digest, builder.Padding, cancellation);
        ReadOnlyMemory<byte> token = default;
        if (level >= BaselineLevel.Timestamped)
            token = (await timestamps!.StampAsync(builder.Digest, CryptographicOperations.HashData(builder.Digest, value), cancellation)).Token.Der;
        var cms = builder.Assemble(attributes, value, token.Span);
        if (cms.Length > prepared.ReservedBytes && !token.IsEmpty)
        {
            _room.GrowFor(token.Length);
            return false;
        }
        prepared.Fill(stream, cms);
        draft.Finish(stream);
        return true;
    }

    private async Task RaiseAsync(SignedDraft draft, string field, SignatureRequest request, CancellationToken cancellation)
    {
        var raiser = new LevelRaiser(time, trust!, revocation!, timestamps, _room, request.Password);
        await raiser.AppendStoreAsync(draft, new HashSet<string>(StringComparer.Ordinal) { field }, cancellation);
        if (request.Level == BaselineLevel.Archived)
            await raiser.AppendTimestampAsync(draft, request.Level, cancellation);
    }

    private SignaturePlaceholder Placeholder(ISigningKey key, SignatureRequest request, AppearancePlan plan, CadesBuilder builder, DateTimeOffset claimed) => new()
    {
        FieldName = request.FieldName,
        Page = plan.Page,
        Rect = plan.Rect,
        Look = plan.Look,
        ReservedBytes = builder.MaxLength + (request.Level >= BaselineLevel.Timestamped ? (request.TokenRoom ?? _room.Bytes) + AroundToken : 0),
        SubFilter = "ETSI.CAdES.detached",
        Time = claimed,
        Reason = request.Reason,
        Location = request.Location,
        ContactInfo = request.ContactInfo,
        Certify = request.Certify,
        Lock = request.Lock,
        Fills = request.Issue?.Fills(request.Appearance.FontFile) ?? [],
        Reserved = request.Reserved,
    };

    private CadesBuilder BuilderOf(ISigningKey key, SignatureRequest request)
    {
        var ofKey = _builders.GetOrCreateValue(key);
        lock (ofKey)
        {
            if (!ofKey.TryGetValue((request.Digest, request.Padding), out var builder))
                ofKey.Add((request.Digest, request.Padding), builder = new CadesBuilder(key, request.Digest, request.Padding));
            return builder;
        }
    }
}
