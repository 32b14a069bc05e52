using VanBanDienTu.Pdf;
using VanBanDienTu.Signing.Cms;

namespace VanBanDienTu.Signing.Verification;

/// <summary>Gate, cryptography and later changes of one signature: all that needs no trust, no time and no network.</summary>
internal sealed record CheckedSignature(SignatureMaterial Material, CmsCheck Check, Integrity Integrity, LaterChange LaterChanges, IReadOnlyList<ChangeVerdict> Changes)
{
    private static readonly Dictionary<string, byte[]> None = new(StringComparer.Ordinal);

    // The range is one that can be digested and may hold, but it is not the cover of a revision: something is unsigned.
    private static readonly string[] UncoveredCodes = ["byte-range-end", "not-in-own-revision", "revision-mismatch"];

    /// <summary>Digests of what is signed, by hash OID, for timestamps over the content.</summary>
    public IReadOnlyDictionary<string, byte[]> ContentDigests { get; private init; } = None;

    public string FieldName => Material.Field.Name;

    public Coverage Coverage => Material.Gate.Coverage switch
    {
        PdfCoverage.WholeFile => Coverage.WholeFile,
        PdfCoverage.EarlierRevision => Coverage.EarlierRevision,
        _ => Coverage.Partial,
    };

    /// <summary>Places where another reader reads the signed revision itself differently.</summary>
    public IReadOnlyList<ReadingDifference> Differences { get; private init; } = [];

    public static CheckedSignature Of(PdfFile file, SignatureMaterial material, RangeDigests digests, IReadOnlyList<ReadingDifference> differences)
    {
        var check = material.Check(digests);
        var (changes, list) = Later(file, material);
        var integrity = check.Integrity == Integrity.Intact && !material.Gate.Ok && !UncoveredCodes.Contains(material.Gate.Code, StringComparer.Ordinal)
            ? Integrity.Malformed
            : check.Integrity;
        return new CheckedSignature(material, check, integrity, changes, list)
        {
            ContentDigests = material.ContentTimestamps.Count == 0 ? None : material.Digests(digests),
            Differences = differences.Count == 0 ? differences : [.. differences.Where(d => d.Signed == material.Gate.SignedRevision)],
        };
    }

    private static (LaterChange, IReadOnlyList<ChangeVerdict>) Later(PdfFile file, SignatureMaterial material)
    {
        var gate = material.Gate;
        var uncovered = gate.Ok ? [] : new List<ChangeVerdict> { new(gate.SignedRevision ?? file.Newest.Index, "undefined", "ByteRange", new LocalText(gate.Vi, gate.En)) };
        if (gate.SignedRevision is not { } signed)
            return (LaterChange.Suspicious, uncovered);
        try
        {
            var changes = RevisionChanges.Compare(file, file.Revisions[signed - 1], material.Dictionary);
            var verdict = !gate.Ok || changes.Verdict == Pdf.LaterChanges.Suspicious ? LaterChange.Suspicious
                : changes.Verdict == Pdf.LaterChanges.Permitted ? LaterChange.Permitted : LaterChange.None;
            return (verdict, [.. uncovered, .. changes.Changes.Select(Change)]);
        }
        catch (PdfException e)
        {
            // That the program gave up accuses nobody; what the signature leaves out does.
            var given = gate.Ok && e.Fault == PdfFault.LimitExceeded ? LaterChange.Unknown : LaterChange.Suspicious;
            uncovered.Add(new ChangeVerdict(file.Newest.Index, "undefined", "file", new LocalText(e.Vi, e.En)));
            return (given, uncovered);
        }
    }

    private static ChangeVerdict Change(RevisionChange change) => new(change.Revision, change.Class switch
    {
        ChangeClass.Ltv => "ltv",
        ChangeClass.FormFill => "form-fill",
        ChangeClass.Signature => "signature",
        ChangeClass.Annotation => "annotation",
        ChangeClass.Metadata => "metadata",
        _ => "undefined",
    }, change.Object, new LocalText(change.Vi, change.En));
}
