using System.Buffers;
using Grpc.Core;
using VanBanDienTu.Relay;
using VanBanDienTu.Relay.Messages;
using VanBanDienTu.Relay.Payloads;
using Google.Protobuf;
using Proto = VanBanDienTu.Contracts.V1;

namespace VanBanDienTu.Gateway.Grpc;

/// <summary>What requests have in common: a header before the bytes, ids, pages, and bytes going out in chunks.</summary>
internal static class Streams
{
    /// <summary>The first message of an upload.</summary>
    /// <exception cref="RequestException">HEADER_MISSING.</exception>
    public static async Task<THeader> HeaderAsync<TPart, THeader>(
        this IAsyncStreamReader<TPart> stream, Func<TPart, THeader?> header, CancellationToken ct)
        where THeader : class =>
        await stream.MoveNext(ct) && header(stream.Current) is { } found ? found : throw HeaderMissing();

    /// <summary>Takes all chunks up to the half-close.</summary>
    public static async Task<IReadOnlyList<PayloadRef>> TakeAllAsync<TPart>(
        this AttachmentIntake intake, IAsyncStreamReader<TPart> stream, Func<TPart, Proto.Chunk?> chunk, CancellationToken ct)
    {
        while (await stream.MoveNext(ct))
            await intake.TakeAsync(chunk(stream.Current) ?? throw HeaderMissing(), ct);
        return await intake.CompleteAsync(ct);
    }

    /// <summary>Writes the bytes of every attachment in order; waits whenever the reader is slower.</summary>
    /// <param name="offsets">Where to begin, by attachment; fewer than attachments = 0.</param>
    public static async Task SendAllAsync(
        this PayloadStore payloads, IReadOnlyList<Attachment> attachments, IReadOnlyList<long> offsets, Func<Proto.Chunk, Task> write, CancellationToken ct)
    {
        using var buffer = MemoryPool<byte>.Shared.Rent(AttachmentIntake.MostChunkBytes);
        var chunk = buffer.Memory[..AttachmentIntake.MostChunkBytes];
        for (var i = 0; i < attachments.Count; i++)
        {
            await using var bytes = payloads.Open(attachments[i].Payload);
            var (offset, resumable) = (offsets.ElementAtOrDefault(i), attachments[i].Payload.Size > PayloadStore.ResumableBytes);
            await bytes.PassAsync(offset, ct);
            while (await bytes.ReadAtLeastAsync(chunk, chunk.Length, throwOnEndOfStream: false, ct) is > 0 and var count)
            {
                await write(ChunkOf(i, offset, chunk[..count], resumable)); // serialised before it returns
                offset += count;
            }
        }
    }

    /// <summary>Goes on at a place, by reading: what comes behind it is given out only with a whole that has its digest.</summary>
    public static async Task PassAsync(this Stream bytes, long offset, CancellationToken ct)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(AttachmentIntake.MostChunkBytes);
        try
        {
            while (bytes.Position < offset)
                await bytes.ReadExactlyAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, offset - bytes.Position)), ct);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <param name="data">May be used again when the chunk was written.</param>
    /// <param name="resumable">Says where it belongs and how it must look; small attachments are sent again as a whole.</param>
    public static Proto.Chunk ChunkOf(int attachment, long offset, ReadOnlyMemory<byte> data, bool resumable)
    {
        var chunk = new Proto.Chunk { Attachment = attachment, Data = UnsafeByteOperations.UnsafeWrap(data) };
        if (resumable)
            (chunk.Offset, chunk.Crc32C) = (offset, Crc32C.Of(data.Span));
        return chunk;
    }

    /// <exception cref="RelayException"><see cref="RelayFault.InvalidField"/>: an offset outside its attachment.</exception>
    public static void DemandOffsets(IReadOnlyList<Attachment> attachments, IReadOnlyList<long> offsets)
    {
        var problems = offsets.Select((offset, i) => (offset, i)).Where(o => o.i >= attachments.Count || o.offset < 0 || o.offset > attachments[o.i].Payload.Size)
            .Select(o => new FieldProblem($"offsets[{o.i}]", "nằm ngoài tệp", "lies outside the attachment")).ToList();
        if (problems.Count > 0)
            throw RelayException.For(problems);
    }

    /// <summary>An id that is none never was here: DOCUMENT_UNKNOWN, like any other.</summary>
    public static Guid ToId(this string text) => Guid.TryParseExact(text, "D", out var id) ? id : throw RelayException.Unknown(text);

    /// <exception cref="RelayException"><see cref="RelayFault.InvalidField"/>.</exception>
    public static int PageSize(int asked) => asked switch
    {
        0 => 100,
        >= 1 and <= 500 => asked,
        _ => throw RelayException.For([new("page_size", "phải từ 1 đến 500", "must be from 1 to 500")]),
    };

    public static RequestException HeaderMissing() => new(StatusCode.InvalidArgument, "HEADER_MISSING",
        "Luồng phải bắt đầu bằng đúng một phần đầu (header), sau đó là các khối dữ liệu.",
        "The stream must begin with exactly one header; chunks follow.");
}
