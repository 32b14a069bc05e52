namespace VanBanDienTu.Pdf.Lint;

/// <summary>Collects what is found: one finding for each code, with its first object and a count.</summary>
internal sealed class LintReport
{
    private readonly Dictionary<string, (PdfRef? First, int Count, string Vi, string En)> found = new(StringComparer.Ordinal);

    public IReadOnlyList<LintFinding> Findings =>
        [.. LintCodes.All.Where(found.ContainsKey).Select(code => found[code] is var f ? new LintFinding(code, f.First?.ToString(), f.Count, f.Vi, f.En) : null!)];

    /// <summary>The first words given for a code are the ones kept.</summary>
    public void Add(string code, PdfRef? target, string vi, string en) =>
        found[code] = found.TryGetValue(code, out var known) ? known with { Count = known.Count + 1 } : (target, 1, vi, en);
}
