using VanBanDienTu.Relay.Evidence;
using VanBanDienTu.Relay.Messages;

namespace VanBanDienTu.Relay.Payloads;

/// <summary>Names an upload that can be resumed: nobody finds it who does not know all of this, and an owner finds only its own.</summary>
/// <param name="Owner">Whose it is; see <see cref="OfUnit"/> and <see cref="OfNode"/>.</param>
/// <param name="Request">The request or message that the payload belongs to.</param>
/// <param name="Index">Its place among the attachments.</param>
/// <param name="Announced">What the whole must be.</param>
public sealed record UploadKey(string Owner, string Request, int Index, PayloadRef Announced)
{
    /// <summary>What is kept of an upload is kept in blocks of this many bytes.</summary>
    public const int BlockBytes = 256 << 10;

    /// <summary>Uploads of one owner that are kept at the same time; beyond it the oldest goes.</summary>
    internal const int MostOfOwner = 64;

    public static string OfUnit(string organ) => $"unit:{organ}";

    public static string OfNode(string organ) => $"node:{organ}";

    internal string OwnerName => Hash(Owner)[..16];

    internal string Name => $"{OwnerName}-{Hash(Owner, Request, Index, Announced.Sha256, Announced.Size)}";

    /// <summary>Whole blocks, and never the end: at least one byte is always still to come.</summary>
    internal long Resumable(long kept) => Math.Min(kept, Announced.Size - 1) / BlockBytes * BlockBytes;

    internal RelayException OffsetUnknown(long from) => new(
        RelayFault.OffsetUnknown, $"Nút không còn giữ {from} byte đầu của tệp này: hãy hỏi lại (GetUpload) rồi gửi tiếp.",
        $"The first {from} bytes of this upload are not held: ask again (GetUpload), then go on.");

    internal static RelayException Lost() => new(
        RelayFault.Busy, "Tệp này đang được gửi tiếp qua một kết nối khác.", "This upload goes on over another connection.") { RetryAfter = TimeSpan.FromSeconds(1) };

    private static string Hash(params object[] parts) => MessageDigest.Hex(CanonicalJson.Write(parts));
}
