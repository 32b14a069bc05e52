namespace VanBanDienTu.Axis.Vxp;

/// <summary>The protocol's error codes; others may come and are kept as numbers.</summary>
public enum VxpCode
{
    Ok = 0,
    FileInvalid = 10,
    WrongCredentials = 15,
    ReceiverUnknown = 18,
    SenderNotRegistered = 19,
    InternalError = 20,
    FileProcessing = 21,
    BadEdxml = 22,
    ReceiverLocked = 23,
}

/// <summary>Why an operation was refused.</summary>
/// <param name="Description">For people, as the far side wrote it.</param>
public sealed record VxpError(VxpCode Code, string Description)
{
    /// <summary>The far side's own trouble: worth a retry. All the others need a person, also those that we do not know.</summary>
    public bool IsTemporary => Code is VxpCode.InternalError or VxpCode.FileProcessing;

    /// <summary>Our own entry with the far side is wrong, not the document: it waits until a person has put that right.</summary>
    public bool IsOurAccess => Code is VxpCode.WrongCredentials;
}

/// <summary>What an operation answered: the error or the value.</summary>
/// <param name="PeerTime">The far side's clock, when its answer said it.</param>
public sealed record VxpReply<T>(VxpError? Error, T? Value, DateTimeOffset? PeerTime = null)
    where T : class
{
    /// <exception cref="AxisException"><see cref="AxisFault.PeerRefused"/>.</exception>
    public T Require() => Error is null && Value is not null
        ? Value
        : throw new AxisException(
            AxisFault.PeerRefused, $"Trục trả lời lỗi {(int?)Error?.Code}: {Error?.Description}", $"The axis answers error {(int?)Error?.Code}: {Error?.Description}");
}
