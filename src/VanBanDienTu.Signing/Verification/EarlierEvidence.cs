using VanBanDienTu.Signing.Certificates;
using VanBanDienTu.Signing.Revocation;

namespace VanBanDienTu.Signing;

/// <summary>
/// What is kept elsewhere about a file that was seen before: by when it existed, and what was learnt about its certificates then.
/// Whoever gives it vouches for the times, usually by a timestamp over an earlier verdict.
/// </summary>
/// <param name="Time">The file existed by then.</param>
public sealed record EarlierEvidence(DateTimeOffset Time, IReadOnlyList<Certificate> Certificates, IReadOnlyList<KeptRevocation> Revocation)
{
    internal EmbeddedRevocation Answers => new(
        [.. Revocation.Where(r => r.Source == RevocationSource.Ocsp).Select(r => r.Data)], [.. Revocation.Where(r => r.Source == RevocationSource.Crl).Select(r => r.Data)]);
}

/// <summary>An OCSP response or a CRL that was kept.</summary>
/// <param name="ProvenAt">It existed by then.</param>
public sealed record KeptRevocation(RevocationSource Source, ReadOnlyMemory<byte> Data, DateTimeOffset ProvenAt);
