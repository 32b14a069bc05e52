using System.Buffers;
using Grpc.Framing;
using Grpc.Net.Compression;

namespace Grpc.AspNetCore.Server;

internal sealed partial class ServerCall
{
    private const int Idle = 0;
    private const int Writing = 1;
    private const int Closed = 2;
    private const int ClosedByDeadline = 3;
    private const int LargestKeptBuffer = 64 * 1024;

    /// <summary>A frame is copied into Kestrel's pipe before anything is awaited, so one writer per thread is enough.</summary>
    [ThreadStatic]
    private static FrameWriter? threadsWriter;

    private ICompressionProvider? responseEncoding;
    private bool began;      // a message or the headers went into the pipe: the status must follow as trailers
    private int gate;        // one of the four above: a deadline may end the call only between writes

    /// <summary>Puts the only response of a unary or client streaming call into the pipe; the end of the call flushes it.</summary>
    public void WriteOnlyMessage<T>(T message, Marshaller<T> marshaller)
    {
        EnterWrite();
        try
        {
            Put(message, marshaller, WriteOptionsCore);
        }
        finally
        {
            LeaveWrite();
        }
    }

    /// <summary>Writes one message of a stream; waits while the client does not read and the buffers are full.</summary>
    public async Task WriteMessageAsync<T>(T message, Marshaller<T> marshaller, WriteOptions? options, CancellationToken cancellationToken)
    {
        EnterWrite();
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            Put(message, marshaller, options);
            if (Has(options, WriteFlags.BufferHint))
                return;
            var result = await http.Response.BodyWriter.FlushAsync(cancellationToken);
            if (result.IsCompleted || result.IsCanceled)
                throw new OperationCanceledException("The client no longer takes messages of this call.");
        }
        finally
        {
            LeaveWrite();
        }
    }

    private void Put<T>(T message, Marshaller<T> marshaller, WriteOptions? options)
    {
        ArgumentNullException.ThrowIfNull(message);
        var plain = Has(options, WriteFlags.NoCompress);
        var writer = threadsWriter ?? new FrameWriter();
        threadsWriter = null;
        writer.MaxSize = settings.MaxSend;
        var frame = writer.Write(message, marshaller, plain ? null : responseEncoding, settings.Level);
        began = true;
        http.Response.BodyWriter.Write(frame.Span);
        if (frame.Length > LargestKeptBuffer)
            writer.Release();
        threadsWriter = writer;
    }

    private void ChooseResponseEncoding(ICompressionProvider? provider)
    {
        responseEncoding = null;
        if (provider is null || !Encodings.Lists(http.Request.Headers.GrpcAcceptEncoding.ToString(), provider.EncodingName))
            return;
        responseEncoding = provider;
        http.Response.Headers.GrpcEncoding = provider.EncodingName;
    }

    private static bool Has(WriteOptions? options, WriteFlags flag) => ((options?.Flags ?? WriteFlags.None) & flag) == flag;

    private void EnterWrite()
    {
        switch (Interlocked.CompareExchange(ref gate, Writing, Idle))
        {
            case Writing: throw new InvalidOperationException("A write is still under way: await it before the next one.");
            case ClosedByDeadline: throw new RpcException(DeadlineStatus);
            case Closed: throw new InvalidOperationException("The call is already complete: nothing more can be written.");
        }
    }

    private void LeaveWrite()
    {
        Interlocked.CompareExchange(ref gate, Idle, Writing);
        if (Volatile.Read(ref deadlinePassed))
            TryCloseForDeadline();
        Volatile.Read(ref writeEnded)?.TrySetResult();
    }
}
