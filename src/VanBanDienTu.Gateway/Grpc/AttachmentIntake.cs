using Google.Protobuf.Collections;
using Grpc.Core;
using VanBanDienTu.Relay.Payloads;
using Proto = VanBanDienTu.Contracts.V1;

namespace VanBanDienTu.Gateway.Grpc;

/// <summary>
/// Takes the chunks of a stream straight into the payload store, one attachment after another, and holds the bytes to what the
/// header announced. Disposed before <see cref="CompleteAsync"/> it leaves only what the next stream may go on with.
/// </summary>
internal sealed class AttachmentIntake(PayloadStore store, UploadOwner owner, RepeatedField<Proto.Attachment> announced, long mostBytes) : IAsyncDisposable
{
    public const int MostChunkBytes = 256 << 10;

    /// <summary>Attachments that ended; large ones are named only with the last one, so that a stream cut off between them goes on there.</summary>
    private readonly List<(PayloadRef Payload, PayloadWriter? Unnamed)> done = [];
    private PayloadWriter? writer;

    /// <exception cref="RequestException">CHUNK_TOO_LARGE, CHUNK_ORDER, SIZE_MISMATCH, ATTACHMENT_TOO_LARGE.</exception>
    public async Task TakeAsync(Proto.Chunk chunk, CancellationToken ct)
    {
        if (chunk.Data.Length > MostChunkBytes)
            throw ChunkTooLarge(chunk.Data.Length);
        if (chunk.HasCrc32C && chunk.Crc32C != Crc32C.Of(chunk.Data.Span))
            throw Bad("CHUNK_DAMAGED", $"Một khối dữ liệu của tệp số {chunk.Attachment} bị hỏng trên đường đi: hãy gửi lại.",
                $"A chunk of attachment {chunk.Attachment} was damaged on its way: send it again.");
        if (chunk.Attachment < done.Count || chunk.Attachment >= announced.Count)
            throw Bad("CHUNK_ORDER", $"Khối dữ liệu thuộc tệp số {chunk.Attachment}, đang nhận tệp số {done.Count} trong {announced.Count} tệp đã khai: hãy gửi theo thứ tự.",
                $"A chunk belongs to attachment {chunk.Attachment}, but attachment {done.Count} of {announced.Count} is being taken; send them in order.");
        while (done.Count < chunk.Attachment)
            await FinishAsync(ct);
        writer ??= await BeginAsync(chunk.Offset, ct);
        if (chunk.Offset > 0 && chunk.Offset != writer.Size)
            throw Bad("CHUNK_ORDER", $"Khối dữ liệu bắt đầu ở byte {chunk.Offset}, đang chờ byte {writer.Size}: hãy gửi theo thứ tự.",
                $"A chunk begins at byte {chunk.Offset}, but byte {writer.Size} comes next; send them in order.");
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
        var named = new List<PayloadRef>();
        foreach (var (payload, unnamed) in done)
            named.Add(unnamed is null ? payload : await unnamed.CompleteAsync(payload.Sha256, ct));
        return named;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var open in done.Select(d => d.Unnamed).Append(writer).OfType<PayloadWriter>())
            await open.DisposeAsync();
    }

    private async Task<PayloadWriter> BeginAsync(long from, CancellationToken ct)
    {
        if (owner.KeyOf(announced, done.Count) is { } upload)
            return await store.ResumeAsync(upload, from, ct);
        return from == 0 ? store.Begin() : throw Bad("CHUNK_ORDER", $"Tệp số {done.Count} không gửi tiếp giữa chừng được: hãy gửi từ đầu, hoặc khai sha256 và size.",
            $"Attachment {done.Count} cannot be resumed: send it from its beginning, or announce its sha256 and size.");
    }

    private async Task FinishAsync(CancellationToken ct)
    {
        var file = announced[done.Count];
        if (writer is not null && owner.KeyOf(announced, done.Count) is not null)
        {
            CheckWhole(file, writer);
            done.Add((await writer.CheckAsync(file.Sha256), writer));
            writer = null;
            return;
        }

        await using var finished = writer ?? store.Begin();
        writer = null;
        CheckWhole(file, finished);
        done.Add((await finished.CompleteAsync(file.Sha256.NullWhenEmpty(), ct), null));
    }

    private static void CheckWhole(Proto.Attachment file, PayloadWriter finished)
    {
        if (file.Size > 0 && finished.Size != file.Size)
            throw Bad("SIZE_MISMATCH", $"Tệp «{file.Name}» đã khai {file.Size} byte nhưng chỉ nhận được {finished.Size}: hãy gửi lại.",
                $"Attachment \"{file.Name}\" was announced with {file.Size} bytes, but {finished.Size} came; send it again.");
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
