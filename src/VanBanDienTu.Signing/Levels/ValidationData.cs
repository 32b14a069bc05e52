using VanBanDienTu.Pdf;
using VanBanDienTu.Signing.Certificates;
using VanBanDienTu.Signing.Paths;
using VanBanDienTu.Signing.Revocation;
using VanBanDienTu.Signing.Trust;

namespace VanBanDienTu.Signing.Levels;

/// <summary>Collects what a later verifier needs without a network: paths, and a good revocation answer for each certificate of them.</summary>
internal sealed class ValidationData(TrustSnapshot trust, RevocationChecker revocation, EmbeddedRevocation embedded)
{
    // A list is put into every file that needs it: one that is larger than any document would be a mistake.
    private const int MaxCrlBytes = 16 * 1024 * 1024;

    private readonly PathValidator _paths = new();
    private readonly List<Certificate> _certificates = [];
    private readonly List<ReadOnlyMemory<byte>> _ocsp = [];
    private readonly List<ReadOnlyMemory<byte>> _crls = [];
    private readonly HashSet<(Certificate, DateTimeOffset)> _done = [];

    /// <summary>All of it, for the document's security store; duplicates are left out when it is written.</summary>
    public SecurityStoreUpdate Store => new()
    {
        Certificates = [.. _certificates.Distinct().Select(c => c.Der)],
        OcspResponses = _ocsp,
        Crls = _crls,
    };

    /// <summary>Adds the path of a certificate and the revocation answers for it.</summary>
    /// <param name="certificate">A signer's, or a timestamp authority's.</param>
    /// <param name="pool">Certificates that came along.</param>
    /// <param name="at">The instant at which it must be shown to have been good.</param>
    /// <param name="proven">That instant is proven, so that a revocation after it does no harm.</param>
    /// <param name="purpose">What the certificate was used for.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="SigningException"><see cref="SigningFault.ValidationDataUnavailable"/>, <see cref="SigningFault.CertificateRevoked"/>.</exception>
    public async Task AddAsync(Certificate certificate, IReadOnlyList<Certificate> pool, DateTimeOffset at, bool proven, PathPurpose purpose, CancellationToken cancellation)
    {
        if (!_done.Add((certificate, at)))
            return;
        var path = await _paths.ValidateAsync(certificate, pool, trust, at, purpose, revocation, null, cancellation);
        if (path.Failure is { } failure)
            throw LevelFaults.NoPath(failure.Certificate, failure.Vi, failure.En);
        _certificates.AddRange(path.Chain);
        foreach (var answer in await revocation.CheckPathAsync(path, embedded, at, cancellation))
            await TakeAsync(answer, path, at, proven, cancellation);
    }

    private async Task TakeAsync(RevocationAnswer answer, PathResult path, DateTimeOffset at, bool proven, CancellationToken cancellation)
    {
        if (answer.Status == RevocationStatus.Unknown)
            throw LevelFaults.Unknown(answer);
        if (answer.Status == RevocationStatus.Revoked && !(proven && answer.RevokedAt > at))
            throw LevelFaults.Revoked(answer);
        if (answer is { Source: RevocationSource.Crl, Raw.Length: > MaxCrlBytes })
            throw LevelFaults.CrlTooLarge(answer, MaxCrlBytes);
        (answer.Source == RevocationSource.Ocsp ? _ocsp : _crls).Add(answer.Raw);
        _crls.AddRange(answer.Further);
        if (answer.ResponderCertificate is not { } responder)
            return;
        _certificates.Add(responder);
        // A delegated responder without nocheck is itself to be shown as good.
        if (!responder.OcspNoCheck && responder.CrlUrls.Count > 0 && path.Chain.FirstOrDefault(c => c.Subject.Equals(responder.Issuer)) is { } issuer)
        {
            var itself = await revocation.CheckAsync(responder, issuer, embedded, at, cancellation);
            if (itself.Status != RevocationStatus.Good)
                throw itself.Status == RevocationStatus.Revoked ? LevelFaults.Revoked(itself) : LevelFaults.Unknown(itself);
            (itself.Source == RevocationSource.Ocsp ? _ocsp : _crls).Add(itself.Raw);
        }
    }
}
