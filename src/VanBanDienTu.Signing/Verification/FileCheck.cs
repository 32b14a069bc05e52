using VanBanDienTu.Pdf;

namespace VanBanDienTu.Signing.Verification;

/// <summary>The cryptographic part of verifying a whole file: one pass over its bytes, however many signatures it has.</summary>
internal sealed record FileCheck(string Sha256, IReadOnlyList<CheckedSignature> Signatures)
{
    /// <summary>More signatures than this in one file is hostile.</summary>
    public const int MaxSignatures = 1000;

    private const int MaxPasses = 16;
    private const long MinimumWork = 2L << 30;

    /// <summary>Reads, digests and checks every signature that the newest form reaches.</summary>
    /// <exception cref="PdfException">A limit was passed.</exception>
    public static FileCheck Run(PdfFile file, CancellationToken cancellation)
    {
        List<PdfSignatureField> signed = [];
        foreach (var field in file.SignatureFields)
        {
            if (field.Signature is not null)
                signed.Add(field);
        }
        if (signed.Count > MaxSignatures)
            throw new PdfException(PdfFault.LimitExceeded, $"Tệp có hơn {MaxSignatures} chữ ký.", $"The file has more than {MaxSignatures} signatures.");
        var materials = signed.ConvertAll(field => SignatureMaterial.Read(file, field));
        // Each signature digests its own range, so many signatures over a large file multiply the work.
        var work = materials.Where(m => m.Hashable).Sum(m => m.Dictionary.ByteRange[1] + m.Dictionary.ByteRange[3]);
        if (work > Math.Max(MaxPasses * file.Bytes.Length, MinimumWork))
            throw new PdfException(PdfFault.LimitExceeded, "Tệp có quá nhiều chữ ký so với dung lượng.", "The file has too many signatures for its size.");
        using var digests = new RangeDigests();
        foreach (var material in materials)
            material.Want(digests);
        var scan = materials.Count > 0 ? new RepairScan(file) : null;
        digests.Run(file.Bytes, scan, cancellation);
        var differences = scan?.Finish(materials.Select(m => m.Gate.SignedRevision).OfType<int>(), cancellation) ?? [];
        return new FileCheck(Convert.ToHexStringLower(digests.File), materials.ConvertAll(m => CheckedSignature.Of(file, m, digests, differences)));
    }
}
