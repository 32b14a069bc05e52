namespace VanBanDienTu.Signing;

/// <summary>A file whose signatures were raised: it was opened again and verified before it got this name.</summary>
/// <param name="Path">The output file.</param>
/// <param name="Level">What the verifier reports of every signature in it.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Sha256">Of the whole output, lower-case hex.</param>
/// <param name="Signatures">How many signatures were raised.</param>
/// <param name="Timestamps">How many document timestamps it has now.</param>
public sealed record ExtendedPdf(string Path, BaselineLevel Level, long Size, string Sha256, int Signatures, int Timestamps);
