namespace Grpc.Core;

/// <summary>Wishes for the way one message is written.</summary>
[Flags]
public enum WriteFlags
{
    None = 0,

    /// <summary>More follows soon: the message may wait in the buffer.</summary>
    BufferHint = 1,

    /// <summary>Send this message uncompressed, even when the call has an encoding.</summary>
    NoCompress = 2,
}

/// <summary>Carries <see cref="WriteFlags"/>.</summary>
public class WriteOptions(WriteFlags flags = WriteFlags.None)
{
    public static readonly WriteOptions Default = new();

    public WriteFlags Flags { get; } = flags;
}
