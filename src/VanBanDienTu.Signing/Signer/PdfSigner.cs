using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using VanBanDienTu.Pdf;
using VanBanDienTu.Signing.Cms;
using VanBanDienTu.Signing.Keys;
using VanBanDienTu.Signing.Revocation;
using VanBanDienTu.Signing.Trust;

namespace VanBanDienTu.Signing;

/// <summary>
/// Signs PDFs as PAdES B-B in one incremental update, so earlier signatures stay what they were. The output is opened
/// again and verified before it gets its name; this cannot be switched off. Safe for many threads.
/// </summary>
/// <remarks>Source: ETSI EN 319 142-1, baseline level B-B.</remarks>
/// <param name="time">The clock for the certificate's validity and the claimed time.</param>
/// <param name="revocation">When given, a certificate that is known to be revoked is refused.</param>
/// <param name="trust">Anchors that may hold the issuer of the signer's certificate, for asking about revocation.</param>
public sealed class PdfSigner(TimeProvider time, RevocationChecker? revocation = null, TrustSnapshot? trust = null)
{
    // What a key's signatures have in common is encoded once per key, digest and padding.
    private readonly ConditionalWeakTable<ISigningKey, Dictionary<(HashAlgorithmName, SignaturePadding), CadesBuilder>> _builders = [];

    /// <summary>Signs <paramref name="input"/> into <paramref name="output"/>; an existing output is replaced only by a verified one.</summary>
    /// <exception cref="SigningException">Final: <see cref="SigningFault.PdfUnreadable"/>, <see cref="SigningFault.PdfEncrypted"/>,
    /// <see cref="SigningFault.PdfForbidsSigning"/>, <see cref="SigningFault.CertificateExpired"/>, <see cref="SigningFault.CertificateNotYetValid"/>,
    /// <see cref="SigningFault.CertificateUnusable"/>, <see cref="SigningFault.CertificateRevoked"/>, <see cref="SigningFault.OutputDoesNotVerify"/>,
    /// <see cref="SigningFault.BadRequest"/>. Worth a retry: <see cref="SigningFault.OutputNotWritten"/>, <see cref="SigningFault.KeyFailed"/>.
    /// In every case the input is untouched and no output is left.</exception>
    public async Task<SignedPdf> SignAsync(string input, string output, ISigningKey key, SignatureRequest request, CancellationToken cancellation = default)
    {
        var now = time.GetUtcNow();
        OutputFile.CheckApart(input, output);
        await SigningCertificateCheck.RunAsync(key, now, revocation, trust, cancellation);
        var builder = BuilderOf(key, request);
        using var file = SignerFaults.Opening(input, () => PdfFile.Open(input));
        var claimed = (request.Time ?? now).ToOffset(TimeSpan.FromHours(7));
        var prepared = SignerFaults.Pdf(input, () => Placeholder(key, request, builder, claimed).Prepare(file));
        return await OutputFile.WriteAsync(output, async temporary =>
        {
            await WriteAsync(temporary, prepared, builder, key, cancellation);
            var check = SelfCheck.Run(temporary, prepared.FieldName, file, cancellation);
            return new SignedPdf(output, prepared.FieldName, prepared.Length, check.Sha256, key.Certificate, claimed, check.Signatures.Count);
        });
    }

    private static async Task WriteAsync(string temporary, PreparedSignature prepared, CadesBuilder builder, ISigningKey key, CancellationToken cancellation)
    {
        await using var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        using var hash = IncrementalHash.CreateHash(builder.Digest);
        prepared.WriteTo(stream, hash.AppendData);
        var attributes = builder.SignedAttributes(hash.GetHashAndReset());
        var value = await key.SignHashAsync(CryptographicOperations.HashData(builder.Digest, attributes), builder.Digest, builder.Padding, cancellation);
        prepared.Fill(stream, builder.Assemble(attributes, value));
        stream.Flush(flushToDisk: true);
    }

    private static SignaturePlaceholder Placeholder(ISigningKey key, SignatureRequest request, CadesBuilder builder, DateTimeOffset claimed) => new()
    {
        FieldName = request.FieldName,
        Page = request.Page,
        Rect = request.Role == SignatureRole.Invisible ? null : request.Rect,
        Lines = AppearanceWords.For(request.Role, key.Certificate, claimed),
        ReservedBytes = builder.MaxLength(MaxSignatureBytes(key)),
        SubFilter = "ETSI.CAdES.detached",
        Time = claimed,
        Reason = request.Reason,
        Location = request.Location,
        ContactInfo = request.ContactInfo,
    };

    // RSA: as long as the modulus. ECDSA: two integers of the order's length, each with a sign byte and headers.
    private static int MaxSignatureBytes(ISigningKey key) =>
        string.Equals(key.KeyAlgorithm, "RSA", StringComparison.Ordinal) ? (key.Certificate.PublicKey.Size + 7) / 8 : 2 * ((key.Certificate.PublicKey.Size + 7) / 8) + 12;

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
