using Npgsql;
using VanBanDienTu.Relay.Storage;

namespace VanBanDienTu.Relay.Payloads;

/// <summary>Reads one payload from its chunks, one chunk in memory at a time.</summary>
internal sealed class ChunkStream(PostgresStorage storage, string upload, long size) : Stream
{
    private byte[] chunk = [];
    private long place = -1;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => size;

    public override long Position { get; set; }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        if (Position >= size || buffer.Length == 0)
            return 0;
        if (Wanted != place)
        {
            using var command = Select();
            Take((byte[]?)PostgresStorage.Translated(command.ExecuteScalar));
        }

        return Give(buffer);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (Position >= size || buffer.Length == 0)
            return 0;
        if (Wanted != place)
        {
            await using var command = Select();
            Take((byte[]?)await PostgresStorage.TranslatedAsync(() => command.ExecuteScalarAsync(cancellationToken)));
        }

        return Give(buffer.Span);
    }

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => Position + offset,
        _ => size + offset,
    };

    public override void Flush()
    {
        // Nothing is written here.
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private long Wanted => Position / ChunkPayloads.ChunkBytes;

    private NpgsqlCommand Select()
    {
        var command = storage.Source.CreateCommand("SELECT bytes FROM payload_chunk WHERE upload = $1 AND place = $2");
        command.Parameters.Add(new() { Value = upload });
        command.Parameters.Add(new() { Value = Wanted });
        return command;
    }

    private void Take(byte[]? bytes) =>
        (chunk, place) = (bytes ?? throw new FileNotFoundException($"A chunk of the upload {upload} is missing."), Wanted);

    private int Give(Span<byte> buffer)
    {
        var from = chunk.AsSpan((int)(Position % ChunkPayloads.ChunkBytes));
        var count = Math.Min(from.Length, buffer.Length);
        from[..count].CopyTo(buffer);
        Position += count;
        return count;
    }
}
