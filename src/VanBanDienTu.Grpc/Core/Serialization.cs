using System.Buffers;

namespace Grpc.Core;

/// <summary>Where a serializer puts one message.</summary>
public abstract class SerializationContext
{
    /// <summary>Completes with a ready array, which is sent as it is.</summary>
    public virtual void Complete(byte[] payload) => throw new NotSupportedException();

    /// <summary>The buffer to write the message into; end with <see cref="Complete()"/>.</summary>
    public virtual IBufferWriter<byte> GetBufferWriter() => throw new NotSupportedException();

    /// <summary>Says beforehand how many bytes the message has, which saves a copy.</summary>
    public virtual void SetPayloadLength(int payloadLength) { }

    /// <summary>Completes what was written into the buffer writer.</summary>
    public virtual void Complete() => throw new NotSupportedException();
}

/// <summary>Where a deserializer finds one message; valid only during the deserializer's call.</summary>
public abstract class DeserializationContext
{
    public abstract int PayloadLength { get; }

    public virtual byte[] PayloadAsNewBuffer() => throw new NotSupportedException();

    public virtual ReadOnlySequence<byte> PayloadAsReadOnlySequence() => throw new NotSupportedException();
}
