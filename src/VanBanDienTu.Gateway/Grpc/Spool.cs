using Google.Protobuf;
using Grpc.Core;

namespace VanBanDienTu.Gateway.Grpc;

/// <summary>A caller's PDF in a scratch file while it is signed or verified; gone afterwards. Never in memory as a whole.</summary>
internal sealed class Spool : IDisposable
{
    private readonly long mostBytes;

    /// <param name="folder">The node's scratch folder; made when missing.</param>
    public Spool(string folder, long mostBytes)
    {
        this.mostBytes = mostBytes;
        Directory.CreateDirectory(folder);
        Path = System.IO.Path.Combine(folder, Guid.NewGuid().ToString("N") + ".pdf");
    }

    public string Path { get; }

    /// <summary>Takes the bytes of a stream up to its half-close.</summary>
    /// <param name="first">The message that was read already, when it carries bytes.</param>
    /// <exception cref="RequestException">CHUNK_TOO_LARGE, ATTACHMENT_TOO_LARGE, HEADER_MISSING.</exception>
    public async Task TakeAsync<TPart>(ByteString? first, IAsyncStreamReader<TPart> stream, Func<TPart, ByteString?> data, CancellationToken ct)
    {
        await using var file = Create();
        if (first is not null)
            await WriteAsync(file, first, ct);
        while (await stream.MoveNext(ct))
            await WriteAsync(file, data(stream.Current) ?? throw Streams.HeaderMissing(), ct);
    }

    /// <summary>Takes the bytes up to the next message without any; true when there is one, which the stream then stands at.</summary>
    /// <exception cref="RequestException">CHUNK_TOO_LARGE, ATTACHMENT_TOO_LARGE.</exception>
    public async Task<bool> TakePartAsync<TPart>(IAsyncStreamReader<TPart> stream, Func<TPart, ByteString?> data, CancellationToken ct)
    {
        await using var file = Create();
        while (await stream.MoveNext(ct))
        {
            if (data(stream.Current) is not { } bytes)
                return true;
            await WriteAsync(file, bytes, ct);
        }
        return false;
    }

    /// <summary>Gives the file's bytes out in chunks.</summary>
    public async Task SendAsync(Func<ReadOnlyMemory<byte>, Task> write, CancellationToken ct)
    {
        await using var file = new FileStream(Path, new FileStreamOptions { Access = FileAccess.Read, BufferSize = 0, Options = FileOptions.Asynchronous });
        var buffer = new byte[AttachmentIntake.MostChunkBytes];
        while (await file.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, ct) is > 0 and var count)
            await write(buffer.AsMemory(0, count));
    }

    public void Dispose() => File.Delete(Path);

    private FileStream Create() => new(Path, new FileStreamOptions
    {
        Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0, Options = FileOptions.Asynchronous,
    });

    private async Task WriteAsync(FileStream file, ByteString bytes, CancellationToken ct)
    {
        if (bytes.Length > AttachmentIntake.MostChunkBytes)
            throw AttachmentIntake.ChunkTooLarge(bytes.Length);
        if (file.Length + bytes.Length > mostBytes)
            throw new RequestException(StatusCode.InvalidArgument, "ATTACHMENT_TOO_LARGE",
                $"Tệp lớn hơn {mostBytes} byte, giới hạn của nút này.", $"The file is larger than {mostBytes} bytes, this node's limit.");
        await file.WriteAsync(bytes.Memory, ct);
    }
}
