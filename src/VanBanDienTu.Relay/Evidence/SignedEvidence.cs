namespace VanBanDienTu.Relay.Evidence;

/// <summary>One signed event: canonical JSON and a detached CMS over exactly these bytes.</summary>
/// <param name="EvidenceId">UUID, unique.</param>
/// <param name="Event">Name of an <see cref="EvidenceEvent"/>.</param>
/// <param name="Json">RFC 8785.</param>
/// <param name="Signature">CAdES, DER; <c>openssl cms -verify -binary -inform DER</c> checks it without us.</param>
/// <param name="Time">When the issuer says it happened.</param>
/// <param name="Issuer">Node that issued it.</param>
public sealed record SignedEvidence(
    string EvidenceId, string Event, ReadOnlyMemory<byte> Json, ReadOnlyMemory<byte> Signature, DateTimeOffset Time, string Issuer);
