using System.Text.Json.Serialization;

namespace VanBanDienTu.Signing;

/// <summary>One sentence for people in both languages of the product.</summary>
public sealed record LocalText(string Vi, string En);

/// <summary>What the program says of a whole file: its worst signature's word, or why there is none.</summary>
public enum FileOutcome
{
    [JsonStringEnumMemberName("TOTAL-PASSED")] TotalPassed,
    [JsonStringEnumMemberName("INDETERMINATE")] Indeterminate,
    [JsonStringEnumMemberName("TOTAL-FAILED")] TotalFailed,
    [JsonStringEnumMemberName("NO-SIGNATURE")] NoSignature,
    [JsonStringEnumMemberName("UNREADABLE")] Unreadable,
}

/// <summary>The main indication of ETSI EN 319 102-1; the order is from best to worst.</summary>
public enum Indication
{
    [JsonStringEnumMemberName("TOTAL-PASSED")] TotalPassed,
    [JsonStringEnumMemberName("INDETERMINATE")] Indeterminate,
    [JsonStringEnumMemberName("TOTAL-FAILED")] TotalFailed,
}

/// <summary>Are the signed bytes what was signed?</summary>
public enum Integrity
{
    [JsonStringEnumMemberName("intact")] Intact,
    [JsonStringEnumMemberName("broken")] Broken,

    /// <summary>By an algorithm or format that we lack: neither yes nor no.</summary>
    [JsonStringEnumMemberName("unsupported")] Unsupported,
    [JsonStringEnumMemberName("malformed")] Malformed,
}

/// <summary>Does the signature value hold under the signer's public key?</summary>
public enum SignatureValue
{
    [JsonStringEnumMemberName("valid")] Valid,
    [JsonStringEnumMemberName("invalid")] Invalid,
    [JsonStringEnumMemberName("unsupported")] Unsupported,
}

/// <summary>How much of the file the signed byte ranges reach.</summary>
public enum Coverage
{
    [JsonStringEnumMemberName("whole-file")] WholeFile,
    [JsonStringEnumMemberName("earlier-revision")] EarlierRevision,
    [JsonStringEnumMemberName("partial")] Partial,
}

/// <summary>What later revisions did to the document that was signed.</summary>
public enum LaterChange
{
    [JsonStringEnumMemberName("none")] None,
    [JsonStringEnumMemberName("permitted")] Permitted,

    /// <summary>Not all of them could be looked at within the limits on what one file may cost: neither yes nor no.</summary>
    [JsonStringEnumMemberName("unknown")] Unknown,
    [JsonStringEnumMemberName("suspicious")] Suspicious,
}

/// <summary>A signature, or a document timestamp (ETSI.RFC3161).</summary>
public enum SignatureKind
{
    [JsonStringEnumMemberName("signature")] Signature,
    [JsonStringEnumMemberName("timestamp")] Timestamp,
}

/// <summary>How much a finding weighs.</summary>
public enum Severity
{
    [JsonStringEnumMemberName("info")] Info,
    [JsonStringEnumMemberName("warning")] Warning,
    [JsonStringEnumMemberName("critical")] Critical,
}
