namespace VanBanDienTu.Relay;

/// <summary>Why the relay ended a request. <see cref="RelayFaults.Code"/> gives the reason code that callers see.</summary>
public enum RelayFault
{
    /// <summary>One or more fields are wrong; <see cref="RelayException.Fields"/> names every one.</summary>
    InvalidField,

    /// <summary>The bytes are not those that the caller announced.</summary>
    DigestMismatch,

    /// <summary>Marked secret (Mật, Tối mật, Tuyệt mật): such documents never travel here.</summary>
    SecretDocument,

    /// <summary>Neither a member nor a route is known for the organ.</summary>
    OrganUnknown,

    /// <summary>The organ is locked, or its membership is over.</summary>
    OrganLocked,

    /// <summary>The organ is not one of this node's own.</summary>
    NotYourOrgan,

    /// <summary>The request id was used before for other content; <see cref="RelayException.Proof"/> holds the signed conflict.</summary>
    RequestIdReused,

    /// <summary>The message id was used before for another message.</summary>
    MessageIdReused,

    /// <summary>No room for new documents; receipts and answers still work. Worth a retry later.</summary>
    DiskFull,

    /// <summary>An upload goes on at a place that is not held (any more): ask where to go on.</summary>
    OffsetUnknown,

    /// <summary>The organ's quota is used up; <see cref="RelayException.Fields"/> names each one. Worth a retry later.</summary>
    QuotaExceeded,

    /// <summary>Too much at once; worth a retry.</summary>
    Busy,

    /// <summary>No such document, delivery or message for this organ.</summary>
    DocumentUnknown,

    /// <summary>A recall, update or replacement is still waiting for its answer.</summary>
    RequestAlreadyOpen,

    /// <summary>Only failed deliveries can be queued again.</summary>
    NotFailed,

    /// <summary>The status code cannot be answered, or not after the ones sent before.</summary>
    StatusNotAllowed,

    /// <summary>02, 13 and 16 need a reason.</summary>
    ReasonRequired,

    /// <summary>15 and 16 answer an open request; there is none.</summary>
    NoOpenRequest,

    /// <summary>03 to 06 come after the unit has fetched the document.</summary>
    NotFetched,

    /// <summary>The data folder is in use by another process, or cannot be opened.</summary>
    StorageUnavailable,

    /// <summary>A file of a key that payloads are sealed with cannot be read, or holds no key.</summary>
    StorageKeyUnusable,

    /// <summary>Payloads are sealed with a key that is not configured.</summary>
    StorageKeyMissing,

    /// <summary>Bytes were changed, cut or exchanged where they are kept; they are never given out as a whole.</summary>
    PayloadDamaged,

    /// <summary>A backup is not whole, is not this node's, or has no place to go to.</summary>
    BackupUnusable,

    /// <summary>The database was put back to an older state than the node has issued evidence for, and the node was not told.</summary>
    DatabaseOlder,

    /// <summary>An older backup was restored, and a peer has not been asked yet what this node acknowledged since; worth a retry.</summary>
    Reconciling,
}

/// <summary>The reason codes of <c>protos/README.md</c>.</summary>
public static class RelayFaults
{
    /// <summary>Upper case with underscores: <c>REQUEST_ID_REUSED</c>.</summary>
    public static string Code(this RelayFault fault) => string.Concat(
        fault.ToString().Select((c, i) => char.IsAsciiLetterUpper(c) && i > 0 ? $"_{c}" : char.ToUpperInvariant(c).ToString()));
}

/// <summary>One bad field of a request.</summary>
/// <param name="Field">As the caller wrote it: <c>document.subject</c>, <c>recipients[2].organ_id</c>.</param>
public sealed record FieldProblem(string Field, string Vi, string En);

/// <summary>Ends a request to the relay: which fault, and one clear sentence in both languages.</summary>
public sealed class RelayException : Exception
{
    public RelayException(RelayFault fault, string vi, string en, Exception? cause = null)
        : base(en, cause) => (Fault, Vi) = (fault, vi);

    public RelayFault Fault { get; }

    /// <summary>The sentence for people; <see cref="Exception.Message"/> is the English one.</summary>
    public string Vi { get; }

    /// <summary>For <see cref="RelayFault.InvalidField"/>: every bad field at once.</summary>
    public IReadOnlyList<FieldProblem> Fields { get; init; } = [];

    /// <summary>For <see cref="RelayFault.RequestIdReused"/>: the signed evidence of the conflict.</summary>
    public Evidence.SignedEvidence? Proof { get; init; }

    /// <summary>How long the caller should wait before trying again, when that helps.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>One exception for all bad fields of a request.</summary>
    public static RelayException For(IReadOnlyList<FieldProblem> fields, RelayFault fault = RelayFault.InvalidField) => new(
        fault,
        string.Join(" ", fields.Select(f => $"{f.Field}: {f.Vi}")),
        string.Join(" ", fields.Select(f => $"{f.Field}: {f.En}")))
    { Fields = fields };

    /// <summary>What an error of the node's own disk means: <see cref="RelayFault.DiskFull"/>, <see cref="RelayFault.StorageUnavailable"/>; null when the disk is not to blame.</summary>
    public static RelayException? OfDisk(IOException error) => Storage.DiskReserve.Refusal(error);

    /// <summary>What is asked for is not there, or not this organ's.</summary>
    public static RelayException Unknown(string id) => new(
        RelayFault.DocumentUnknown,
        $"Không có văn bản «{id}» của cơ quan này.",
        $"There is no document «{id}» of this organ.");
}
