using System.Buffers;
using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;

namespace VanBanDienTu.Gateway.Hosting;

/// <summary>
/// Memory of connections in blocks of one TLS record. Kestrel's own blocks of 4 KiB take a document of 200 KiB apart into fifty reads of
/// the socket, of the TLS stream and of the pipe behind it.
/// </summary>
internal sealed class RecordPool : MemoryPool<byte>
{
    private const int BlockBytes = 16 << 10;

    /// <summary>More are given to the collector when a crowd of connections is over.</summary>
    private const int MostKept = 1024;

    private readonly ConcurrentQueue<Block> free = new();
    private int kept;

    public override int MaxBufferSize => BlockBytes;

    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, BlockBytes);
        if (!free.TryDequeue(out var block))
            return new Block(this);
        Interlocked.Decrement(ref kept);
        return block;
    }

    protected override void Dispose(bool disposing) => free.Clear();

    private void Return(Block block)
    {
        if (Interlocked.Increment(ref kept) <= MostKept)
            free.Enqueue(block);
        else
            Interlocked.Decrement(ref kept);
    }

    /// <summary>For the listener and the transport of a node.</summary>
    internal sealed class Factory : IMemoryPoolFactory<byte>
    {
        public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => new RecordPool();
    }

    private sealed class Block(RecordPool pool) : IMemoryOwner<byte>
    {
        // Sockets and TLS read and write here: it must not move.
        public Memory<byte> Memory { get; } = MemoryMarshal.CreateFromPinnedArray(GC.AllocateUninitializedArray<byte>(BlockBytes, pinned: true), 0, BlockBytes);

        public void Dispose() => pool.Return(this);
    }
}
