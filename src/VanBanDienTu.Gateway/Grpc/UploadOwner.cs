using Google.Protobuf.Collections;
using VanBanDienTu.Relay;
using VanBanDienTu.Relay.Payloads;
using Proto = VanBanDienTu.Contracts.V1;

namespace VanBanDienTu.Gateway.Grpc;

/// <summary>Whose upload a stream is, and for which request: an owner finds only its own, and only under the same announcement.</summary>
/// <param name="Name"><see cref="UploadKey.OfUnit"/> or <see cref="UploadKey.OfNode"/>.</param>
/// <param name="Request">request_id or message_id.</param>
internal sealed record UploadOwner(string Name, string Request)
{
    /// <summary>Null when the attachment cannot be resumed: too small, or not announced by digest and size.</summary>
    public UploadKey? KeyOf(RepeatedField<Proto.Attachment> announced, int index) =>
        announced[index] is { Size: > PayloadStore.ResumableBytes, Sha256.Length: 64 } file
            ? new UploadKey(Name, Request, index, new PayloadRef(file.Sha256.ToLowerInvariant(), file.Size)) : null;

    /// <summary>The answer to GetUpload.</summary>
    /// <exception cref="RelayException"><see cref="RelayFault.InvalidField"/>: more attachments than a message may have.</exception>
    public async Task<Proto.GetUploadResponse> HeldAsync(PayloadStore store, RepeatedField<Proto.Attachment> announced, int most, CancellationToken ct)
    {
        if (announced.Count > most)
            throw RelayException.For([new("attachments", $"tối đa {most} tệp", $"at most {most} files")]);
        var response = new Proto.GetUploadResponse();
        for (var i = 0; i < announced.Count; i++)
            response.Offsets.Add(KeyOf(announced, i) is { } upload ? await store.HeldAsync(upload, ct) : 0);
        return response;
    }
}
