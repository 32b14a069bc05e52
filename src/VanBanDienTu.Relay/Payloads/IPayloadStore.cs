namespace VanBanDienTu.Relay.Payloads;

/// <summary>Where payloads live that are too large for their row: files in the node's folder, or chunks in the database that nodes share.</summary>
internal interface IPayloadStore
{
    /// <summary>Begins one payload; nothing of it is seen before it is complete.</summary>
    IPayloadSink Begin();

    /// <summary>The bytes, from their beginning, seekable.</summary>
    /// <exception cref="FileNotFoundException">No such payload is kept here.</exception>
    Stream Open(PayloadRef payload);

    /// <summary>The file that holds the payload; null when it is in no file of its own.</summary>
    string? FileOf(PayloadRef payload);

    /// <summary>Deletes what no row of <c>payload</c> names and is older than <paramref name="age"/>.</summary>
    /// <returns>The number of payloads deleted.</returns>
    Task<int> CollectAsync(TimeSpan age, CancellationToken ct);
}

/// <summary>Takes the bytes of one payload. Disposed before it is complete it leaves nothing, or what <see cref="IPayloadStore.CollectAsync"/> finds.</summary>
internal interface IPayloadSink : IAsyncDisposable
{
    /// <exception cref="RelayException"><see cref="RelayFault.DiskFull"/>, <see cref="RelayFault.StorageUnavailable"/>.</exception>
    ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken ct);

    /// <summary>When this returns, the payload is durable under its digest. The same payload again replaces the one that is there.</summary>
    /// <exception cref="RelayException"><see cref="RelayFault.DiskFull"/>, <see cref="RelayFault.StorageUnavailable"/>.</exception>
    Task CompleteAsync(PayloadRef payload, CancellationToken ct);
}
