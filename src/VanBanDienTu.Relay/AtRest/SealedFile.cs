using VanBanDienTu.Relay.Payloads;

namespace VanBanDienTu.Relay.AtRest;

/// <summary>Files of a node that are no payloads yet, sealed under its keys: written from their beginning to their end, then read from anywhere.</summary>
internal static class SealedFile
{
    /// <summary>Writes into an open file; without a key the bytes as they come.</summary>
    /// <param name="name">Binds the bytes to their place: <see cref="Open"/> must be given the same.</param>
    public static async Task WriteAsync(KeyRing keys, Stream file, string name, Func<Stream, Task> write, CancellationToken ct)
    {
        if (keys.Writing is not { } key)
        {
            await write(file);
            return;
        }

        await using var sink = new SealingSink(key, new FileSink(file));
        await using var into = new SinkStream(sink);
        await write(into);
        await sink.CompleteAsync(new PayloadRef(name, into.Length), ct);
    }

    /// <summary>The bytes as they were written, whether they were sealed or not.</summary>
    /// <param name="isSealed">As it was when they were written.</param>
    /// <exception cref="RelayException"><see cref="RelayFault.PayloadDamaged"/>, <see cref="RelayFault.StorageKeyMissing"/>.</exception>
    public static Stream Open(KeyRing keys, Stream file, string name, bool isSealed) =>
        isSealed ? new SealedStream(keys, file, name, SealLayout.ContentOf(file.Length)) : file;

    /// <summary>The key that a file is sealed with; null when it is no sealed file.</summary>
    public static string? KeyIdOf(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 0);
        var head = new byte[SealLayout.HeadBytes];
        return SealLayout.KeyIdOf(head.AsSpan(0, file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)));
    }

    private sealed class FileSink(Stream file) : IPayloadSink
    {
        public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken ct) => file.WriteAsync(bytes, ct);

        public Task<PayloadRef> CompleteAsync(PayloadRef payload, CancellationToken ct) => Task.FromResult(payload);

        public Task ForgetAsync() => Task.CompletedTask;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask; // the file is the caller's
    }

    private sealed class SinkStream(IPayloadSink sink) : Stream
    {
        private long written;

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => written;

        public override long Position
        {
            get => written;
            set => throw new NotSupportedException();
        }

        public override void Write(byte[] buffer, int offset, int count) => WriteAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await sink.WriteAsync(buffer, cancellationToken);
            written += buffer.Length;
        }

        public override void Flush()
        {
            // The file is flushed when all of it is there.
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
