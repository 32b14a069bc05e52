namespace VanBanDienTu.Pdf;

/// <summary>How much a finding matters.</summary>
public enum PdfSeverity
{
    /// <summary>Worth knowing.</summary>
    Info,

    /// <summary>Outside the standard; readers may differ.</summary>
    Warning,

    /// <summary>Two readers may show two different documents.</summary>
    Critical,
}

/// <summary>Something odd about a file that did not stop us from reading it.</summary>
/// <param name="Code">A stable code, e.g. <c>repaired</c>, <c>trailing-bytes</c>.</param>
/// <param name="Severity">How much it matters.</param>
/// <param name="Offset">Where, in bytes from the start of the file.</param>
/// <param name="Object">Which indirect object.</param>
/// <param name="Revision">Which revision, from 1.</param>
/// <param name="Vi">The sentence in Vietnamese.</param>
/// <param name="En">The sentence in English.</param>
public sealed record PdfFinding(string Code, PdfSeverity Severity, long? Offset, PdfRef? Object, int? Revision, string Vi, string En);
