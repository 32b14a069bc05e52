using Npgsql;
using VanBanDienTu.Relay.Storage;

namespace VanBanDienTu.Relay.Payloads;

/// <summary>Reads one payload from its chunks, one chunk in memory at a time.</summary>
internal sealed class ChunkStream(PostgresStorage storage, string upload, long size) : PayloadStream(size)
{
    private byte[] chunk = [];
    private long held = -1;

    protected override int ReadAt(long place, Span<byte> buffer)
    {
        if (place / ChunkPayloads.ChunkBytes != held)
        {
            using var command = Select(place);
            Take((byte[]?)PostgresStorage.Translated(command.ExecuteScalar), place);
        }

        return Give(place, buffer);
    }

    protected override async ValueTask<int> ReadAtAsync(long place, Memory<byte> buffer, CancellationToken ct)
    {
        if (place / ChunkPayloads.ChunkBytes != held)
        {
            await using var command = Select(place);
            Take((byte[]?)await PostgresStorage.TranslatedAsync(() => command.ExecuteScalarAsync(ct)), place);
        }

        return Give(place, buffer.Span);
    }

    private NpgsqlCommand Select(long place)
    {
        var command = storage.Source.CreateCommand("SELECT bytes FROM payload_chunk WHERE upload = $1 AND place = $2");
        command.Parameters.Add(new() { Value = upload });
        command.Parameters.Add(new() { Value = place / ChunkPayloads.ChunkBytes });
        return command;
    }

    private void Take(byte[]? bytes, long place) => (chunk, held) = (bytes ?? [], place / ChunkPayloads.ChunkBytes); // missing: it ends here

    private int Give(long place, Span<byte> buffer)
    {
        var from = chunk.AsSpan(Math.Min((int)(place % ChunkPayloads.ChunkBytes), chunk.Length));
        var count = Math.Min(from.Length, buffer.Length);
        from[..count].CopyTo(buffer);
        return count;
    }
}
