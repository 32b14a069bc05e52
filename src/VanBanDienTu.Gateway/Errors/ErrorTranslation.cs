using Grpc.Core;
using VanBanDienTu.Axis;
using VanBanDienTu.Gateway.Grpc;
using VanBanDienTu.Relay;
using VanBanDienTu.Signing;

namespace VanBanDienTu.Gateway.Errors;

/// <summary>From the exceptions of the libraries to what callers get. The one list of it.</summary>
internal static class ErrorTranslation
{
    private static readonly TimeSpan RetrySoon = TimeSpan.FromSeconds(30);

    /// <summary>Null when the exception is nobody's fault that we know: a defect of this program.</summary>
    public static RichError? Translate(Exception exception) => exception switch
    {
        RequestException e => new RichError(e.Code, e.Reason, e.Vi, e.En) { Fields = e.Fields, RetryAfter = e.RetryAfter },
        RelayException e => new RichError(CodeOf(e.Fault), e.Fault.Code(), e.Vi, e.Message)
        {
            Fields = e.Fault == RelayFault.QuotaExceeded ? [] : e.Fields,
            Quotas = e.Fault == RelayFault.QuotaExceeded ? e.Fields : [],
            RetryAfter = e.RetryAfter ?? (e.Fault is RelayFault.DiskFull or RelayFault.Busy or RelayFault.Reconciling ? RetrySoon : null),
            Proof = e.Proof?.ToProto(),
        },
        SigningException e => new RichError(CodeOf(e.Fault), ReasonOf(e.Fault), e.Vietnamese, e.Message),
        AxisException e => new RichError(StatusCode.InvalidArgument, "ENVELOPE_INVALID", e.Vi, e.Message),
        IOException e when RelayException.OfDisk(e) is { } refusal => Translate(refusal),
        _ => null,
    };

    private static StatusCode CodeOf(RelayFault fault) => fault switch
    {
        RelayFault.InvalidField or RelayFault.DigestMismatch or RelayFault.SecretDocument or RelayFault.OrganUnknown
            or RelayFault.StatusNotAllowed or RelayFault.ReasonRequired => StatusCode.InvalidArgument,
        RelayFault.OrganLocked or RelayFault.NotYourOrgan => StatusCode.PermissionDenied,
        RelayFault.RequestIdReused or RelayFault.MessageIdReused => StatusCode.AlreadyExists,
        RelayFault.DiskFull or RelayFault.Busy or RelayFault.QuotaExceeded => StatusCode.ResourceExhausted,
        RelayFault.OffsetUnknown => StatusCode.OutOfRange,
        RelayFault.DocumentUnknown => StatusCode.NotFound,
        RelayFault.RequestAlreadyOpen or RelayFault.NotFailed or RelayFault.NoOpenRequest or RelayFault.NotFetched
            => StatusCode.FailedPrecondition,
        RelayFault.StorageUnavailable or RelayFault.StorageKeyMissing or RelayFault.StorageKeyUnusable or RelayFault.DatabaseOlder or RelayFault.Reconciling => StatusCode.Unavailable,
        RelayFault.PayloadDamaged => StatusCode.DataLoss,
        _ => StatusCode.Internal,
    };

    private static StatusCode CodeOf(SigningFault fault) => fault switch
    {
        SigningFault.PdfUnreadable or SigningFault.PdfEncrypted or SigningFault.PdfForbidsSigning or SigningFault.LintRefused or SigningFault.BadRequest
            or SigningFault.CmsMalformed or SigningFault.CertificateMalformed or SigningFault.ValueDoesNotVerify or SigningFault.PreparedStateUnusable => StatusCode.InvalidArgument,
        SigningFault.KeyFailed or SigningFault.TokenAbsent or SigningFault.TimestampUnavailable or SigningFault.ValidationDataUnavailable => StatusCode.Unavailable,
        SigningFault.OutputDoesNotVerify or SigningFault.SignatureTooLarge => StatusCode.Internal,
        SigningFault.OutputNotWritten => StatusCode.ResourceExhausted,
        _ => StatusCode.FailedPrecondition,
    };

    private static string ReasonOf(SigningFault fault) => fault switch
    {
        SigningFault.PdfUnreadable => "NOT_A_PDF",
        SigningFault.PdfForbidsSigning => "SIGNING_FORBIDDEN",
        _ => Upper(fault.ToString()),
    };

    private static string Upper(string name) => string.Concat(
        name.Select((c, i) => char.IsAsciiLetterUpper(c) && i > 0 ? $"_{c}" : char.ToUpperInvariant(c).ToString()));
}
