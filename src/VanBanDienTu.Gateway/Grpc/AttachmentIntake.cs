using Google.Protobuf.Collections;
using Grpc.Core;
using VanBanDienTu.Relay.Payloads;
using Proto = VanBanDienTu.Contracts.V1;

namespace VanBanDienTu.Gateway.Grpc;

/// <summary>
/// Takes the chunks of a stream straight into the payload store, one attachment after another, and holds the bytes to what the
/// header announced. Disposed before <see cref="CompleteAsync"/> it leaves nothing behind.
/// </summary>
internal sealed class AttachmentIntake(PayloadStore store, RepeatedField<Proto.Attachment> announced, long mostBytes) : IAsyncDisposable
{
    public const int MostChunkBytes = 256 << 10;

    private readonly List<PayloadRef> done = [];
    private PayloadWriter? writer;

    /// <exception cref="RequestException">CHUNK_TOO_LARGE, CHUNK_ORDER, SIZE_MISMATCH, ATTACHMENT_TOO_LARGE.</exception>
    public async Task TakeAsync(Proto.Chunk chunk, CancellationToken ct)
    {
        if (chunk.Data.Length > MostChunkBytes)
            throw ChunkTooLarge(chunk.Data.Length);
        if (chunk.Attachment < done.Count || chunk.Attachment >= announced.Count)
            throw Bad("CHUNK_ORDER", $"Khối dữ liệu thuộc tệp số {chunk.Attachment}, đang nhận tệp số {done.Count} trong {announced.Count} tệp đã khai: hãy gửi theo thứ tự.",
                $"A chunk belongs to attachment {chunk.Attachment}, but attachment {done.Count} of {announced.Count} is being taken; send them in order.");
        while (done.Count < chunk.Attachment)
            await FinishAsync(ct);
        writer ??= store.Begin();
        CheckSize(writer.Size + chunk.Data.Length);
        await writer.WriteAsync(chunk.Data.Memory, ct);
    }

    /// <summary>Call after the half-close.</summary>
    /// <exception cref="RequestException">SIZE_MISMATCH: less than announced.</exception>
    /// <exception cref="Relay.RelayException">DIGEST_MISMATCH.</exception>
    public async Task<IReadOnlyList<PayloadRef>> CompleteAsync(CancellationToken ct)
    {
        while (done.Count < announced.Count)
            await FinishAsync(ct);
        return done;
    }

    public ValueTask DisposeAsync() => writer?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async Task FinishAsync(CancellationToken ct)
    {
        await using var finished = writer ?? store.Begin();
        writer = null;
        var file = announced[done.Count];
        if (file.Size > 0 && finished.Size != file.Size)
            throw Bad("SIZE_MISMATCH", $"Tệp «{file.Name}» đã khai {file.Size} byte nhưng chỉ nhận được {finished.Size}: hãy gửi lại.",
                $"Attachment \"{file.Name}\" was announced with {file.Size} bytes, but {finished.Size} came; send it again.");
        done.Add(await finished.CompleteAsync(file.Sha256.NullWhenEmpty(), ct));
    }

    // Beyond the announced size, or the limit, nothing more is worth storing.
    private void CheckSize(long size)
    {
        var file = announced[done.Count];
        if (file.Size > 0 && size > file.Size)
            throw Bad("SIZE_MISMATCH", $"Tệp «{file.Name}» đã khai {file.Size} byte nhưng nhận được nhiều hơn.",
                $"Attachment \"{file.Name}\" was announced with {file.Size} bytes, but more came.");
        if (size > mostBytes)
            throw Bad("ATTACHMENT_TOO_LARGE", $"Tệp «{file.Name}» lớn hơn {mostBytes} byte, giới hạn của nút này.",
                $"Attachment \"{file.Name}\" is larger than {mostBytes} bytes, this node's limit.");
    }

    public static RequestException ChunkTooLarge(int length) => Bad("CHUNK_TOO_LARGE",
        $"Một khối dữ liệu có {length} byte; tối đa là {MostChunkBytes}.", $"A chunk has {length} bytes; at most {MostChunkBytes} are taken.");

    private static RequestException Bad(string reason, string vi, string en) => new(StatusCode.InvalidArgument, reason, vi, en);
}
