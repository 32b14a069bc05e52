using VanBanDienTu.Signing.Certificates;

namespace VanBanDienTu.Signing.Evidence;

/// <summary>Whether a detached signature over evidence holds, by whom, and if not, why.</summary>
/// <param name="Valid">Bytes, value, and path to an anchor: all hold.</param>
/// <param name="Signer">The signer's certificate; known for some failures too, null when it could not be read.</param>
/// <param name="Code">Null when valid; else a code to branch on, such as <c>hash-failure</c> or NO_CERTIFICATE_CHAIN_FOUND.</param>
/// <param name="Text">Null when valid; else one sentence.</param>
public sealed record EvidenceVerdict(bool Valid, Certificate? Signer, string? Code, LocalText? Text)
{
    /// <summary>The bytes and the value hold; when it is not valid all the same, no path leads from the signer to an anchor.</summary>
    public bool Intact { get; init; }
}
