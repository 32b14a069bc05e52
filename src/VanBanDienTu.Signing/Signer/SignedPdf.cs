using VanBanDienTu.Pdf.Lint;
using VanBanDienTu.Signing.Certificates;

namespace VanBanDienTu.Signing;

/// <summary>What was made: it was opened again and verified before it got this name.</summary>
/// <param name="Path">The output file.</param>
/// <param name="FieldName">The signed field.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Sha256">Of the whole output, lower-case hex.</param>
/// <param name="Signer">Whose signature.</param>
/// <param name="Time">The claimed time in it.</param>
/// <param name="Signatures">How many signatures and document timestamps the output has.</param>
public sealed record SignedPdf(string Path, string FieldName, long Size, string Sha256, Certificate Signer, DateTimeOffset Time, int Signatures)
{
    /// <summary>What the verifier reports of the new signature.</summary>
    public BaselineLevel Level { get; init; }

    /// <summary>What a person should look at: text under the signature, no place or font for it.</summary>
    public IReadOnlyList<LocalText> Warnings { get; init; } = [];

    /// <summary>What the document was signed in spite of, by the policy of the request.</summary>
    public IReadOnlyList<LintFinding> Lint { get; init; } = [];
}
