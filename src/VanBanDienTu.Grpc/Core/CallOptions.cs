using System.Runtime.InteropServices;

namespace Grpc.Core;

/// <summary>What a client asks of one call.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly struct CallOptions(
    Metadata? headers = null,
    DateTime? deadline = null,
    CancellationToken cancellationToken = default,
    WriteOptions? writeOptions = null,
    CallCredentials? credentials = null)
{
    public Metadata? Headers { get; init; } = headers;

    /// <summary>UTC; null: wait for ever.</summary>
    public DateTime? Deadline { get; init; } = deadline;

    public CancellationToken CancellationToken { get; init; } = cancellationToken;

    public WriteOptions? WriteOptions { get; init; } = writeOptions;

    public CallCredentials? Credentials { get; init; } = credentials;

    public CallOptions WithHeaders(Metadata headers) => this with { Headers = headers };

    public CallOptions WithDeadline(DateTime deadline) => this with { Deadline = deadline };

    public CallOptions WithCancellationToken(CancellationToken cancellationToken) => this with { CancellationToken = cancellationToken };

    public CallOptions WithWriteOptions(WriteOptions writeOptions) => this with { WriteOptions = writeOptions };

    public CallOptions WithCredentials(CallCredentials credentials) => this with { Credentials = credentials };
}
