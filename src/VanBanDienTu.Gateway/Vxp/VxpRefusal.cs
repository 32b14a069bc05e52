using VanBanDienTu.Axis;
using VanBanDienTu.Axis.Vxp;
using VanBanDienTu.Relay;

namespace VanBanDienTu.Gateway.Vxp;

/// <summary>Ends an operation with one of the protocol's codes and a sentence for people.</summary>
internal sealed class VxpRefusal(VxpCode code, string vi, string en, Exception? cause = null) : Exception(en, cause)
{
    public VxpError Error { get; } = new(code, vi);

    /// <summary>The code of a failure that has one; null for a defect of ours, which is logged and answered as 20.</summary>
    public static VxpError? Of(Exception failure) => failure switch
    {
        VxpRefusal refusal => refusal.Error,
        AxisException axis => new VxpError(axis.Fault == AxisFault.LimitExceeded ? VxpCode.FileInvalid : VxpCode.BadEdxml, axis.Vi),
        RelayException relay => new VxpError(Code(relay.Fault), relay.Vi),
        _ => null,
    };

    private static VxpCode Code(RelayFault fault) => fault switch
    {
        RelayFault.OrganUnknown => VxpCode.ReceiverUnknown,
        RelayFault.OrganLocked => VxpCode.ReceiverLocked,
        RelayFault.NotYourOrgan => VxpCode.SenderNotRegistered,
        RelayFault.DocumentUnknown or RelayFault.DigestMismatch => VxpCode.FileInvalid,
        RelayFault.DiskFull or RelayFault.Busy or RelayFault.QuotaExceeded or RelayFault.StorageUnavailable => VxpCode.InternalError,
        _ => VxpCode.BadEdxml,
    };
}
